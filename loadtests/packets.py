"""Socket.IO packets as the driver reads and writes them: what is common by a regular expression, the rest as JSON."""

import re
from typing import Any, NamedTuple

import orjson

from loadtests.frames import masked

EVENT, ACK = b"2", b"3"
_FACT = re.compile(
    rb'2\["(?P<name>[a-z_.]+)",\{"v":\d+,"id":"(?P<id>[^"]+)","name":"[^"]+","room":"(?P<room>[^"]+)",'
    rb'"epoch":"(?P<epoch>[^"]+)","seq":(?P<seq>\d+)'
)
_TIMED = frozenset((b"announcement.published", b"quotation.edited", b"offer.submitted", b"offer.revised"))
"""Facts whose text is new with them; others may repeat an older one."""
_MARK = re.compile(rb"load-at=(\d+\.\d+)")


class Fact(NamedTuple):
    """A frame with a position. `sent` is when its command was due, if the author wrote that into it."""

    id: bytes
    room: bytes
    epoch: bytes
    seq: int
    sent: float | None


def fact(text: bytes) -> Fact | None:
    """The fact that a packet carries; None for any other packet."""
    found = _FACT.match(text)
    if found is None:
        return _slowly(text) if b'"seq":' in text and text.startswith(b'2["') else None
    sent = sent_at(text) if found["name"] in _TIMED else None
    return Fact(found["id"], found["room"], found["epoch"], int(found["seq"]), sent)


def fact_of(frame: Any) -> Fact:
    """The same of a frame out of an ack. Its author's time is left out: a replay is not timed."""
    return Fact(frame["id"].encode(), frame["room"].encode(), frame["epoch"].encode(), frame["seq"], None)


def name_of(text: bytes) -> bytes:
    """An event packet's name."""
    return text[3 : text.find(b'"', 3)]


def body_of(text: bytes) -> Any:
    """An event's first argument."""
    return orjson.loads(text[1:])[1]


def ack_of(text: bytes) -> tuple[int, Any]:
    """An ack packet's number and body."""
    start = text.index(b"[")
    return int(text[1:start]), orjson.loads(text[start:])[0]


def command(number: int, name: str, payload: Any) -> bytes:
    """A command that wants an ack, ready to be sent."""
    return masked(b"42%d%s" % (number, orjson.dumps([name, payload])))


def mark(scheduled: float) -> str:
    """A text for a command's free text, by which its frames tell when it was due (monotonic seconds)."""
    return f"load-at={scheduled:.6f}"


def sent_at(text: bytes) -> float | None:
    """The time that `mark` wrote into a text."""
    found = _MARK.search(text)
    return float(found[1]) if found else None


def _slowly(text: bytes) -> Fact | None:
    """Frames are allowed any order of their members, and any white space."""
    frame = body_of(text)
    if not isinstance(frame, dict) or not {"id", "room", "epoch", "seq"} <= frame.keys():
        return None
    return fact_of(frame)._replace(sent=sent_at(text) if name_of(text) in _TIMED else None)
