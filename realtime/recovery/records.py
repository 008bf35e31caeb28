"""What nodes know of each other's sessions by the broker, and under which keys."""

import msgspec

from realtime.recovery.trails import Mark, Steps


class Record(msgspec.Struct, frozen=True, array_like=True):
    """A session: whose, on which node, whether it was recovered there, and by channel from when on it went along.

    `watches`: it sees who is in which of its list's rooms. `rights` and `login` are those that it came with.
    """

    user: str
    node: str
    resumed: bool
    watches: bool
    rooms: dict[str, Mark]
    rights: int = 0
    login: str | None = None


ALIVE = b"1"
GONE = b"0"
"""Of a node that stopped in order: nobody has to ask it."""

encode = msgspec.msgpack.Encoder().encode
record_in = msgspec.msgpack.Decoder(Record).decode
steps_in = msgspec.msgpack.Decoder(Steps).decode


def session_key(sid: str) -> str:
    return f"session:{sid}"


def node_key(node: str) -> str:
    return f"node:{node}"


def steps_key(node: str, channel: str) -> str:
    return f"passed:{node}:{channel}"
