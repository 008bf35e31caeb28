"""The port between those who append frames and those who forward them.

A broker is a cache and a wake-up, never the truth: whatever it forgets can be had again from the table of
frames. It keeps, per channel, the generation, epoch and last seq, and a bounded tail of recent frames; it
publishes what it appends, once and in order, to everybody who subscribed. Signals pass through it and are
not kept. Presence entries are kept until they expire, and so is what nodes keep for each other under keys.
"""

import enum
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import NamedTuple, Protocol

import msgspec

from rooms.positions import Frame, Position

OnFrame = Callable[[str, Frame], None]
OnSignal = Callable[[str, str, bytes], None]
OnEvent = Callable[[], None]
OnLost = Callable[[Collection[str]], None]
OnTold = Callable[[bytes], None]


class BrokerUnavailable(Exception):
    """The broker could not be reached in time.

    What was asked may or may not have happened; all of it may be repeated.
    """


class Retention(msgspec.Struct, frozen=True):
    """How much a broker remembers of each channel."""

    frames: int = 500
    """At most so many frames of a channel."""
    frames_seconds: float = 600.0
    """A channel's frames are dropped when none was appended for so long."""
    known_seconds: float = 86_400.0
    """After so long without an append or seed the channel itself is forgotten: it is cold again."""


class Outcome(enum.Enum):
    """What became of an append."""

    APPENDED = "appended"
    """At least one frame was new; the broker now has all of them."""
    DUPLICATE = "duplicate"
    """It had them all."""
    STALE = "stale"
    """Written under a generation that is over (or a second epoch of the current one); nothing was taken."""
    GAP = "gap"
    """Frames are missing before one of them; those up to there were taken. Fill in and append again."""
    COLD = "cold"
    """The broker knows nothing of the channel and takes no frame as its base: seed it, then append again."""


class Appended(msgspec.Struct, frozen=True):
    """The answer to an append.

    `seq` is the last one that the broker has of the generation it was asked about: after a GAP, frames from
    `seq + 1` on are wanted. None when STALE or COLD.
    """

    outcome: Outcome
    seq: int | None


class Spending(NamedTuple):
    """Tokens to take out of a bucket that holds `burst` and gains `rate` a second; one that never was is full.

    `owed` have been spent already: they are taken whether they are there or not, and put back if below 0. After that
    `cost` are taken if they are there.
    """

    key: str
    rate: float
    burst: float
    cost: float = 1.0
    owed: float = 0.0


class Spent(NamedTuple):
    """`wait` is 0.0, or the seconds until there would be enough, and then `cost` was not taken. `left` are the tokens
    that the bucket holds now, below 0 those that it is short of."""

    wait: float
    left: float


class Broker(Protocol):
    """Frames, signals, presence and wake-ups between processes.

    Every method may raise BrokerUnavailable. Callbacks run on the event loop, one at a time, and must not
    block; what they raise goes to the loop's exception handler and stops nothing.
    """

    async def start(self) -> None:
        """Connect. Called once, before anything else but `listen` and `on_wake`."""

    async def close(self) -> None:
        """Stop calling back and let go of everything; harmless when repeated, or after a failed start."""

    async def append(self, channel: str, frames: Sequence[Frame]) -> Appended:
        """Append frames of one channel, in the channel's order; at least one. One atomic step.

        Frame by frame: a lower gen than the channel's is stale, and so is its gen under another epoch; a
        seq that the channel has is a duplicate; the next seq is appended and published; one further ahead
        is a gap. A higher gen starts anew with its reset (seq 0) or, should that be late or lost, with seq
        1 (the reset is then a duplicate: seq 1 of a new gen tells subscribers the same); any other seq is a
        gap after 0. Duplicates and stale frames are passed over; a gap ends the call. A channel of which
        nothing is known is COLD, whatever the frame.
        """

    async def append_many(self, batch: Mapping[str, Sequence[Frame]]) -> Mapping[str, Appended]:
        """`append` for several channels in one round trip; atomic for each channel. Answers for all."""

    def shard_of(self, channel: str) -> Hashable:
        """Who has the channel, as far as is known now: the appends of those who have others need not wait for it."""

    async def seed(self, channel: str, gen: int, epoch: str, seq: int) -> None:
        """Tell the base to append to, as the database has it.

        `seq` is the one before the oldest frame that still waits to be relayed; -1 if the generation's
        reset waits. Never lowers anything: what is not ahead of the channel changes nothing. Publishes
        nothing; raising a channel past frames it lacks drops the ones it has, so that a replay has no hole.
        """

    async def replay(self, channel: str, since: Position) -> tuple[Frame, ...] | None:
        """The frames after `since`, without a hole [D3]. None if it cannot tell: ask the table.

        That is: the channel is cold, of another epoch, not yet as far as `since`, or has dropped what comes
        after it.
        """

    async def subscribe(self, channels: Collection[str]) -> None:
        """Hear what is published to these channels. Returns when it is in force: nothing later is missed.

        On BrokerUnavailable the wish stands and comes into force with the connection; `unsubscribe`
        withdraws it.
        """

    async def unsubscribe(self, channels: Collection[str]) -> None:
        """Hear no more of these channels, from the moment of the call on."""

    def listen(self, on_frame: OnFrame, on_signal: OnSignal, on_lost: OnLost) -> None:
        """Whom to call with `(channel, frame)`, `(channel, name, body)` and after a loss. Before `start`.

        `on_lost(channels)`: what was published to these was not heard for a while, and now they are in
        force again: compare them with the table. It is called before anything new of them is passed on.
        """

    async def signal(self, channel: str, name: str, body: bytes) -> None:
        """Publish something that is worth something only now. Not kept, may be lost. `name` is a single word."""

    async def enter(self, room: str, member_id: str, meta: bytes, ttl: float) -> None:
        """A member is present, for `ttl` seconds unless touched. Entering again replaces meta and expiry."""

    async def leave(self, room: str, member_id: str) -> None:
        """A member is no longer present."""

    async def touch(self, members: Mapping[str, Collection[str]], ttl: float) -> Mapping[str, frozenset[str]]:
        """Keep the members (by room) present for `ttl` more seconds, in one round trip.

        Returns those that are not present any more, by room, so that the caller can enter them again; rooms
        with none are left out.
        """

    async def here(self, room: str) -> Mapping[str, bytes]:
        """Who is present in a room, with their meta."""

    async def everyone(self, rooms: Collection[str]) -> Mapping[str, Mapping[str, bytes]]:
        """`here` for each of the rooms, in one round trip."""

    async def census(self, rooms: Collection[str]) -> Mapping[str, bytes]:
        """A short digest of what `here` would say of each room, in one round trip: while it is the same, so is that."""

    async def keep(self, values: Mapping[str, bytes], ttl: float) -> None:
        """Keep values under their keys for `ttl` seconds, in place of what is there, in one round trip."""

    async def kept(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """What is kept under these keys; those with nothing are left out."""

    async def take(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """As `kept`, and removed: of several who take a key one gets its value."""

    async def spend(self, asked: Sequence[Spending]) -> Sequence[Spent]:
        """Take tokens out of buckets, in one round trip; each by itself, and those of one caller in order."""

    async def tell_all(self, body: bytes) -> None:
        """Tell something to every `on_told`, everywhere. Returns once nothing that is appended from now on can reach
        a subscriber ahead of it; whoever was cut off meanwhile hears `on_lost` instead, before anything else.
        """

    def on_told(self, callback: OnTold) -> None:
        """Whom to call with the body of each `tell_all`. Call before `start`."""

    async def wake(self) -> None:
        """There is something in the outbox: call every `on_wake`, everywhere. Only a hint; it may be lost."""

    def on_wake(self, callback: OnEvent) -> None:
        """Whom else to call on a `wake`. Call before `start`."""
