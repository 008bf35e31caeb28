"""What a client gives back when it returns: its session's private id and the offset of the last event it got. Pure.

An offset is opaque to clients. It says which node wrote the event and when, by a clock of that node's own that nobody
else's doings move [P2], and for a frame which place of which channel's epoch it is.
"""

import re
import secrets
from base64 import urlsafe_b64encode
from hashlib import blake2b
from typing import Final, NamedTuple

LONGEST: Final = 128
"""Characters of either, at most."""
_MOMENT: Final = r"([A-Za-z0-9_-]{1,16})\.([0-9a-f]{1,15})"
_OFFSET: Final = re.compile(_MOMENT + r"(?:\.([A-Za-z0-9_-]{1,16})\.([0-9]{1,15}))?", re.ASCII)
_PID: Final = re.compile(_MOMENT + r"\.[A-Za-z0-9_-]{20}", re.ASCII)


class Offset(NamedTuple):
    """When a node wrote an event; `seq` is a frame's, `ref` its channel and epoch. Stamps of two nodes say nothing."""

    node: str
    stamp: int
    ref: str = ""
    seq: int = 0

    def __str__(self) -> str:
        place = f".{self.ref}.{self.seq}" if self.ref else ""
        return f"{self.node}.{self.stamp:x}{place}"


def offset_of(given: object) -> Offset | None:
    """The offset that a client gives; None if it is none."""
    found = _OFFSET.fullmatch(given) if isinstance(given, str) and len(given) <= LONGEST else None
    if found is None:
        return None
    node, stamp, ref, seq = found.groups()
    return Offset(node, int(stamp, 16), ref or "", int(seq or 0))


def ref_of(channel: str, epoch: str) -> str:
    """A short name of an epoch of a channel's."""
    return _short(f"{channel} {epoch}", 6)


def new_pid(node: str, stamp: int) -> str:
    """A private id for a session that begins on a node now; nobody guesses it."""
    return f"{node}.{stamp:x}.{secrets.token_urlsafe(15)}"


def beginning_of(pid: object) -> Offset | None:
    """Where and when the session of a private id began; None if it is none."""
    found = _PID.fullmatch(pid) if isinstance(pid, str) and len(pid) <= LONGEST else None
    return Offset(found[1], int(found[2], 16)) if found else None


def sid_of(pid: str) -> str:
    """A session's id: it follows from the private one, which nobody can tell from it."""
    return _short(pid, 15)


def node_id() -> str:
    """A name for a process; one that is started again has another."""
    return secrets.token_urlsafe(6)


def _short(text: str, size: int) -> str:
    return urlsafe_b64encode(blake2b(text.encode(), digest_size=size).digest()).decode()
