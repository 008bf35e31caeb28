"""Where somebody is in a channel, the frames that move them on, and what to do with one that arrives.

A channel counts its frames 1, 2, 3 … within an epoch. With each epoch goes a rising generation, `gen`, that
stays inside the server: it tells an older epoch from a newer one, which the random epoch cannot. A
generation opens with its reset, the frame with seq 0; in the channel's first generation there is nothing to
reset and 1 is the first.
"""

import enum

import msgspec


class Position(msgspec.Struct, frozen=True, gc=False):
    """The last frame that somebody has: its epoch and seq; seq 0 is the beginning of the epoch."""

    epoch: str
    seq: int


class Frame(msgspec.Struct, frozen=True, gc=False):
    """One fact as a channel's members get it. `body` is the complete JSON object for the wire.

    `epoch` and `name` are single words: no spaces, no line breaks. The frame with seq 0 is the reset that
    opens its generation; its body is not meant for members.
    """

    gen: int
    epoch: str
    seq: int
    name: str
    body: bytes

    @property
    def position(self) -> Position:
        return Position(self.epoch, self.seq)


class Verdict(enum.Enum):
    """What to do with a frame that arrived."""

    DELIVER = "deliver"
    """It is the next one: pass it on and advance."""
    IGNORE = "ignore"
    """Already passed on, or of a generation that is over."""
    GAP = "gap"
    """Some before it are missing: read them first, and do not advance."""
    RESET = "reset"
    """A newer generation: every member's rights and view have to be read again; advance to it."""


class Cursor(msgspec.Struct, frozen=True, order=True, gc=False):
    """The last frame of a channel that was passed on. Cursors of one channel are ordered in time."""

    gen: int
    seq: int

    def judge(self, gen: int, seq: int) -> Verdict:
        """What to do with the frame `(gen, seq)` [D1].

        Any frame of a newer generation is a reset, whether or not it is the reset frame itself: that one
        may have been lost on the way.
        """
        if gen != self.gen:
            return Verdict.RESET if gen > self.gen else Verdict.IGNORE
        if seq <= self.seq:
            return Verdict.IGNORE
        return Verdict.DELIVER if seq == self.seq + 1 else Verdict.GAP
