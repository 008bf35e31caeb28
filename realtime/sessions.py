"""Authenticated sessions of this node: who they are, until when, and which rooms they are in."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from msgspec import structs

from backend.domain.principals import Principal
from backend.domain.refusals import Code, Refusal
from privacy.wire import time_text
from realtime import metrics, wire
from realtime.engine.heartbeat import NOWHERE, Wheel
from realtime.engine.sessions import Session as Link
from realtime.recovery.trails import Mark

EXPIRED: Final = "auth.expired"
NO_ITEMS: Final[frozenset[str]] = frozenset()
"""One for all sessions: Python makes another of 200 bytes whenever it is asked for an empty one."""


@dataclass(eq=False, slots=True)
class Session:
    """One connection of a person. `channels` are of the rooms they are in: of each the one that they may have.

    `ended` is the code of what ended it, while that was before it was connected. `page` are the items of its last inbox
    page that were not acked, while more wait than those.
    `marks` and `resumed` are for when it breaks (`realtime.recovery`): from when on they went along with which channel,
    and whether they came back to what they had before.
    """

    sid: str
    principal: Principal
    link: Link
    expires_at: datetime
    channels: tuple[str, ...] = ()
    open: bool = True
    ended: Code | None = None
    page: frozenset[str] = NO_ITEMS
    warned: bool = False
    slot: int = NOWHERE
    resumed: bool = False
    marks: dict[str, Mark] | None = None

    @property
    def rooms(self) -> tuple[str, ...]:
        """The rooms they are in."""
        return tuple(channel.partition("/")[0] for channel in self.channels)

    def channel_of(self, room: str) -> str | None:
        """Their channel of a room; None if they are not in it."""
        return next((channel for channel in self.channels if channel.startswith(f"{room}/")), None)

    def enter(self, channel: str) -> None:
        """They are in the channel's room now, with this channel."""
        self.leave(channel.partition("/")[0])
        self.channels = (*self.channels, channel)

    def leave(self, room: str) -> str | None:
        """They are in the room no more; the channel of it that they had."""
        left = self.channel_of(room)
        self.channels = tuple(channel for channel in self.channels if channel != left)
        return left


class Sessions:
    """The registry, and the end of every session with its token.

    `end(sid, code)` is called when a session is over; before that it is told `session.expiring`, `warning` seconds
    ahead or at once if less is left.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        now: Callable[[], datetime],
        warning: float,
        end: Callable[[str, str], None],
    ) -> None:
        self._wheel: Wheel[Session] = Wheel(loop, warning, self._due)
        self._clock = loop.time
        self._now = now
        self._warning = warning
        self._end = end
        self._by_sid: dict[str, Session] = {}
        # Most people have one.
        self._by_user: dict[str, Session | tuple[Session, ...]] = {}

    def add(self, session: Session) -> None:
        """Registers a session and starts its clock."""
        self._by_sid[session.sid] = session
        user_id = session.principal.user_id
        others = self.of(user_id)
        self._by_user[user_id] = (*others, session) if others else session
        metrics.CONNECTIONS.set(len(self._by_sid))

    def remove(self, sid: str) -> Session | None:
        """Forgets a session; None if it is not there."""
        session = self._by_sid.pop(sid, None)
        if session is not None:
            session.open = False
            self._wheel.take(session)
            self._leave(session)
            metrics.CONNECTIONS.set(len(self._by_sid))
        return session

    def close(self) -> None:
        """Warns and ends nobody any more."""
        self._wheel.close()

    def get(self, sid: str) -> Session | None:
        return self._by_sid.get(sid)

    def of(self, user_id: str) -> tuple[Session, ...]:
        """A person's."""
        theirs = self._by_user.get(user_id, ())
        return (theirs,) if isinstance(theirs, Session) else theirs

    def __iter__(self) -> Iterator[Session]:
        return iter(tuple(self._by_sid.values()))

    def __len__(self) -> int:
        return len(self._by_sid)

    def watch(self, session: Session) -> None:
        """(Re)starts the clock of a session whose token is new."""
        session.warned = False
        self._wheel.put(session, self._clock() + max(0.0, self._left(session) - self._warning))

    def renew(self, session: Session, principal: Principal, expires_at: datetime) -> None:
        """Takes another token of the same person.

        Raises:
            Refusal: `auth.invalid` if it is another's, or one with other rights: those need a new session.
        """
        if structs.replace(principal, login=session.principal.login) != session.principal:
            raise Refusal("auth.invalid", "That token belongs to somebody else.")
        session.principal = principal
        session.expires_at = expires_at
        self.watch(session)

    def _leave(self, session: Session) -> None:
        left = tuple(other for other in self.of(session.principal.user_id) if other is not session)
        if left:
            self._by_user[session.principal.user_id] = left if len(left) > 1 else left[0]
        else:
            self._by_user.pop(session.principal.user_id, None)

    def _due(self, session: Session, _: float) -> None:
        if session.warned:
            self._end(session.sid, EXPIRED)
            return
        session.warned = True
        body = wire.encode({"expires_at": time_text(session.expires_at)})
        session.link.send(wire.event("session.expiring", body))
        self._wheel.put(session, self._clock() + self._left(session))

    def _left(self, session: Session) -> float:
        return (session.expires_at - self._now()).total_seconds()
