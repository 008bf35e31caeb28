"""The marks of a node's sessions, for as long as they may be needed: of most sessions there is none."""

from collections import deque
from collections.abc import Iterable

from backend.services.records import ChannelPosition
from realtime.recovery.trails import NEVER, Mark, Trails
from realtime.sessions import Session
from rooms.positions import Cursor

UNTOLD = Cursor(-1, -1)


class Marks:
    """Puts marks on sessions that are told where they are, and takes them off again in the order of their time."""

    def __init__(self, trails: Trails) -> None:
        self._trails = trails
        self._put: deque[tuple[int, Session]] = deque()
        self._before: dict[tuple[Session, str], Cursor] = {}

    def hold(self, session: Session, channel: str, told: Cursor | None) -> None:
        """A member of a channel joins it again; `told` is how far it was, None if it did not know yet."""
        self._before[session, channel] = told or UNTOLD

    def expect(self, session: Session, channel: str, position: ChannelPosition, *, again: bool) -> None:
        """A held member is about to be told this position: should the node die first, others know of it."""
        before = self._before.get((session, channel))
        if again or before != Cursor(position.gen, position.seq):
            mark = Mark(position.epoch, position.seq, NEVER, again or before is not None)
            session.marks = {**(session.marks or {}), channel: mark}

    def release(
        self,
        session: Session,
        channel: str,
        position: ChannelPosition,
        since: int,
        *,
        kept: bool,
        again: bool,
        plain: Cursor | None,
    ) -> None:
        """A member was told a position, what follows its seq `since`, and what was `kept` for it; now it goes along.

        `again`: it had been told other things of the channel before. `plain`: where the channel is for all others, if
        the position is the first thing that the session was told.
        """
        place = Cursor(position.gen, position.seq)
        before = self._before.pop((session, channel), None)
        if kept or again or (plain if before is None else before) != place:
            mark = Mark(position.epoch, since, self._trails.stamp(), again or before is not None)
            session.marks = {**(session.marks or {}), channel: mark}
            self._put.append((mark.at, session))

    def leave(self, session: Session, channels: Iterable[str]) -> None:
        """A session is no member of these channels any more."""
        for channel in channels:
            self._before.pop((session, channel), None)
            if session.marks is not None:
                session.marks.pop(channel, None)

    def forget(self, before: int) -> None:
        """Takes off what is older than a stamp that every session which is still there has seen."""
        while self._put and self._put[0][0] < before:
            session = self._put.popleft()[1]
            left = {channel: mark for channel, mark in (session.marks or {}).items() if mark.at >= before}
            session.marks = left or None
