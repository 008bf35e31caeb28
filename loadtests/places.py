"""Where a client is in a room, and what a frame is to it. [D1]"""

from enum import Enum, auto

from loadtests.packets import Fact


class Place:
    """A position; no epoch before the first. While `waiting` for a join's ack, what comes is in that ack too.

    `left` is a room left on purpose.
    """

    __slots__ = ("epoch", "left", "seq", "waiting")

    def __init__(self, epoch: bytes = b"", seq: int = 0) -> None:
        self.epoch = epoch
        self.seq = seq
        self.waiting = False
        self.left = False


class Seen(Enum):
    """What a frame is to somebody at a place."""

    NEXT = auto()
    AGAIN = auto()
    GAP = auto()
    FOREIGN = auto()


def see(place: Place, came: Fact) -> Seen:
    """Compares, and moves on with the next."""
    if came.epoch != place.epoch:
        return Seen.FOREIGN
    if came.seq == place.seq + 1:
        place.seq = came.seq
        return Seen.NEXT
    return Seen.AGAIN if came.seq <= place.seq else Seen.GAP
