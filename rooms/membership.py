"""Which local members a channel has, and which of them gets a frame that arrives.

A member who joins is *held*: frames are kept for them while their snapshot is read, and released after their ack, so
that none precedes it. A member whose snapshot is ahead of what has arrived here is passed over until the channel has
caught up, so that no frame comes twice [D1]. A reset holds everybody until their rights have been read again [P6].

Pure: no I/O and no clock. Members are any hashable; all methods cost the same however many there are.
"""

from collections import deque
from collections.abc import Collection, Hashable, Iterator
from typing import Generic, TypeVar

from rooms.positions import Cursor, Frame

M = TypeVar("M", bound=Hashable)


_FEW = 2


class _Hold:
    """The newest frames kept for one held member, and the newest one that was not kept."""

    __slots__ = ("dropped", "frames")

    def __init__(self) -> None:
        self.frames: deque[Frame] = deque()
        self.dropped: Cursor | None = None

    def keep(self, frame: Frame, limit: int) -> None:
        self.frames.append(frame)
        if len(self.frames) > limit:
            oldest = self.frames.popleft()
            self.dropped = Cursor(oldest.gen, oldest.seq)

    def restart(self, frame: Frame) -> None:
        self.frames.clear()
        self.dropped = Cursor(frame.gen, frame.seq)

    def after(self, position: Cursor) -> tuple[Frame, ...] | None:
        if self.dropped is not None and self.dropped > position:
            return None
        return tuple(frame for frame in self.frames if Cursor(frame.gen, frame.seq) > position)


class _Channel(Generic[M]):
    """Most channels have one member, and few have any that are held or ahead: a dict for each would be most of it."""

    __slots__ = ("ahead", "held", "live")

    def __init__(self) -> None:
        self.live: tuple[M, ...] | dict[M, None] = ()
        self.held: dict[M, _Hold] | None = None
        self.ahead: dict[M, Cursor] | None = None

    def __contains__(self, member: M) -> bool:
        return any(member in members for members in self._all())

    def __iter__(self) -> Iterator[M]:
        for members in self._all():
            yield from members

    def hold(self, member: M) -> None:
        if self.held is None:
            self.held = {}
        self.held[member] = _Hold()

    def add(self, member: M) -> None:
        if isinstance(self.live, dict):
            self.live[member] = None
        elif len(self.live) < _FEW:
            self.live = (*self.live, member)
        else:
            self.live = dict.fromkeys((*self.live, member))

    def discard(self, member: M) -> None:
        if isinstance(self.live, dict):
            self.live.pop(member, None)
        else:
            self.live = tuple(other for other in self.live if other != member)
        if self.held is not None:
            self.held.pop(member, None)
        if self.ahead is not None:
            self.ahead.pop(member, None)
        self.tidy()

    def tidy(self) -> None:
        self.held = self.held or None
        self.ahead = self.ahead or None

    def empty(self) -> bool:
        return not any(self._all())

    def _all(self) -> tuple[Collection[M], ...]:
        return self.live, self.held or (), self.ahead or ()


class Membership(Generic[M]):
    """The local members of all channels. `hold_limit`: frames kept at most for each held member."""

    def __init__(self, hold_limit: int = 256) -> None:
        self._hold_limit = hold_limit
        self._channels: dict[str, _Channel[M]] = {}

    def join(self, channel: str, member: M) -> bool:
        """Add a member, held. True if it is the channel's first: subscribe.

        Somebody who is a member already is held again and misses nothing from here on.
        """
        entry = self._channels.get(channel)
        first = entry is None
        if entry is None:
            entry = self._channels[channel] = _Channel()
        entry.discard(member)
        entry.hold(member)
        return first

    def release(
        self, channel: str, member: M, position: Cursor, passed: Cursor | None = None
    ) -> tuple[Frame, ...] | None:
        """Let a held member go live from `position`, the one their ack carried; returns what they missed since.

        `passed` is the last frame that the channel's members were sent, if that is known.

        None if more arrived than could be kept, or a reset [P6]: they stay held, with what arrives from here on kept
        anew. Authorise them and read their position again; if the ack is gone already, tell them as a reset. Nothing
        is released to somebody who is not held (any more).
        """
        entry = self._channels.get(channel)
        hold = entry.held.get(member) if entry and entry.held else None
        if entry is None or hold is None:
            return ()
        missed = hold.after(position)
        if missed is None:
            entry.hold(member)
            return None
        entry.discard(member)
        reached = Cursor(missed[-1].gen, missed[-1].seq) if missed else position
        if passed is not None and reached <= passed:
            entry.add(member)
            return missed
        if entry.ahead is None:
            entry.ahead = {}
        entry.ahead[member] = reached
        return missed

    def deliver(self, channel: str, frame: Frame) -> Collection[M]:
        """Who gets the frame now. Held members have it kept; those ahead of it are passed over.

        The frames of a channel must come in order, each once. Do not keep the answer: it is a view.
        """
        entry = self._channels.get(channel)
        if entry is None:
            return ()
        for hold in entry.held.values() if entry.held else ():
            hold.keep(frame, self._hold_limit)
        if entry.ahead:
            self._catch_up(entry, Cursor(frame.gen, frame.seq))
        return entry.live

    def reset(self, channel: str, frame: Frame) -> tuple[M, ...]:
        """The frame is of a newer generation: hold everybody. Returns those to authorise and read again now.

        The rest were held already and learn of it on their release, unless their position has the frame. Nothing
        from before the frame is released to anybody, nor the frame itself: with the reset of its generation, others
        may have been lost.
        """
        entry = self._channels.get(channel)
        if entry is None:
            return ()
        caught = (*entry.live, *(entry.ahead or ()))
        entry.live = ()
        entry.ahead = None
        for member in caught:
            entry.hold(member)
        for hold in entry.held.values() if entry.held else ():
            hold.restart(frame)
        return caught

    def leave(self, channel: str, member: M) -> bool:
        """Remove a member, if it is one. True if it was the channel's last: unsubscribe."""
        entry = self._channels.get(channel)
        if entry is None or member not in entry:
            return False
        entry.discard(member)
        if entry.empty():
            del self._channels[channel]
            return True
        return False

    def members(self, channel: str) -> tuple[M, ...]:
        """Everybody in the channel, held or not."""
        return tuple(self._channels.get(channel, ()))

    def released(self, channel: str) -> Collection[M]:
        """Everybody but the held: signals go to them. Do not keep the answer: it may be a view."""
        entry = self._channels.get(channel)
        if entry is None:
            return ()
        return (*entry.live, *entry.ahead) if entry.ahead else entry.live

    def has(self, channel: str, member: M) -> bool:
        """Whether somebody is a member, held or not."""
        return member in self._channels.get(channel, ())

    def held(self, channel: str, member: M) -> bool:
        """Whether somebody is a member and waits to be released."""
        entry = self._channels.get(channel)
        return entry is not None and entry.held is not None and member in entry.held

    def hold_of(self, channel: str, member: M) -> object:
        """What holds a member; another one each time that they are held, and None for whoever is not."""
        entry = self._channels.get(channel)
        return entry.held.get(member) if entry is not None and entry.held else None

    def ahead(self, channel: str, member: M) -> Cursor | None:
        """Up to where a member knows the channel without having been sent it; None if they go along with it."""
        entry = self._channels.get(channel)
        return entry.ahead.get(member) if entry is not None and entry.ahead else None

    def __iter__(self) -> Iterator[str]:
        """All channels with members."""
        return iter(self._channels)

    def __contains__(self, channel: str) -> bool:
        return channel in self._channels

    def __len__(self) -> int:
        return len(self._channels)

    @staticmethod
    def _catch_up(entry: _Channel[M], arrived: Cursor) -> None:
        ahead = entry.ahead or {}
        for member in [member for member, position in ahead.items() if position < arrived]:
            del ahead[member]
            entry.add(member)
        entry.tidy()
