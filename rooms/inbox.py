"""A person's inbox: what waits for them until they acknowledge it [D8], in pages of bounded size.

Pure: where the items are stored, and how they look to their reader today, is the caller's affair.
"""

from collections.abc import Collection, Sequence

import msgspec


class Limits(msgspec.Struct, frozen=True):
    """What bounds an inbox."""

    page_items: int = 50
    page_bytes: int = 65_536
    """Of the items' bodies; the first item of a page goes out whatever its size, or nothing ever would."""
    cap: int = 1_000
    """Items that wait at most."""
    ack_ids: int = 500
    """Ids that one acknowledgement may name."""


class Item(msgspec.Struct, frozen=True):
    """Something addressed to a person; `body` is what they get of it, encoded."""

    id: str
    body: bytes


class Page(msgspec.Struct, frozen=True):
    """The oldest items that wait. `left` more wait behind them; `full`: the cap is reached, so others were refused."""

    items: tuple[Item, ...]
    left: int
    full: bool


class TooManyIds(ValueError):
    """An acknowledgement named more ids than the limits allow."""


def has_room(waiting: int, limits: Limits) -> bool:
    """Whether one more may be put into an inbox where `waiting` items wait."""
    return waiting < limits.cap


def page(oldest: Sequence[Item], waiting: int, limits: Limits) -> Page:
    """The next page. `oldest`: items that wait, oldest first, a page's worth or more; `waiting`: how many in all."""
    taken = 0
    size = 0
    for item in oldest[: limits.page_items]:
        size += len(item.body)
        if taken and size > limits.page_bytes:
            break
        taken += 1
    return Page(tuple(oldest[:taken]), waiting - taken, waiting >= limits.cap)


def acknowledged(ids: Collection[str], waiting: Collection[str], limits: Limits) -> frozenset[str]:
    """Which of the waiting items an acknowledgement takes away.

    Unknown and repeated ids are no error: an ack may be sent again after a broken connection. Raises TooManyIds.
    """
    if len(ids) > limits.ack_ids:
        raise TooManyIds(f"at most {limits.ack_ids} ids at once")
    return frozenset(ids) & frozenset(waiting)
