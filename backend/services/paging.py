"""Lists in bounded pages: `{items, next}`.

A cursor names the last item that the viewer has got; to clients it is an opaque text, and at the end it is null.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from backend.domain.refusals import Invalid

PAGE = 50
LONGEST_PAGE = 100

Item = dict[str, Any]
T = TypeVar("T")


def page(found: Sequence[tuple[str, Item]], limit: int) -> Item:
    """The first `limit` of what was found, each with the text that its cursor is made of; one more tells of a next."""
    shown = found[:limit]
    return {"items": [item for _, item in shown], "next": cursor_at(shown[-1][0]) if len(found) > limit else None}


def slice_after(items: Sequence[T], key: Callable[[T], str], after: str | None, limit: int) -> Sequence[T]:
    """Up to `limit` + 1 of the items, which are sorted by `key`, beyond `after`."""
    return [item for item in items if after is None or key(item) > after][: limit + 1]


def cursor_at(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def opened(given: str | None) -> str | None:
    """What a cursor was made of.

    Raises:
        Invalid: no list gave it.
    """
    if given is None:
        return None
    try:
        text = base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise _bad() from None
    if "\0" in text:
        raise _bad()
    return text


def opened_number(given: str | None) -> int | None:
    """As `opened`, for a list that is ordered by a number."""
    text = opened(given)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise _bad()
    return int(text)


def _bad() -> Invalid:
    return Invalid("That is not a cursor of this list.")
