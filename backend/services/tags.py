"""ETags: a hash of the bytes that the viewer gets, and what a writer says to have seen. [P4]"""

import hashlib
from typing import Any, Final

import msgspec
import orjson

from backend.domain.refusals import Refusal

ANY: Final = "*"


class Seen(msgspec.Struct, frozen=True):
    """What a write is conditional on: `match` one of these tags (`If-Match`), or `new`: that there is nothing yet
    (`If-None-Match: *`)."""

    match: tuple[str, ...] = ()
    new: bool = False


def encoded(view: Any) -> bytes:
    """A view as it leaves."""
    return view if isinstance(view, bytes) else orjson.dumps(view, default=msgspec.to_builtins)


def tag_of(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def tags_in(header: str) -> tuple[str, ...]:
    """The tags of an `If-Match` or `If-None-Match`, weak ones taken as strong."""
    return tuple(one.strip().removeprefix("W/") for one in header.split(",") if one.strip())


def require_seen(seen: Seen, view: Any | None) -> None:
    """Refuses a write by whoever has not seen what stands there, None being nothing.

    Raises:
        Refusal: `catalogue.conflict`.
    """
    if view is None:
        allowed = seen.new
    else:
        allowed = not seen.new and (ANY in seen.match or tag_of(encoded(view)) in seen.match)
    if not allowed:
        raise conflict()


def conflict() -> Refusal:
    return Refusal("catalogue.conflict", "This is not what stands there any more; read it again.")
