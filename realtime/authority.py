"""Whose rights end, and with them their sessions on this node, before anything committed later leaves [P6].

Three things lead here. A node is *told* of a change before it is acked, on the connection that brings frames, so ahead
of any frame committed after it. What comes by another way (a join's snapshot, frames filled in from the table, all
that follows a loss of the broker) leaves only after the rights of those it is for were read once more: `confirm`.
And everybody's are read again within a minute, should whoever made a change have died before it told anybody.
"""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from backend.domain.principals import Principal
from backend.domain.refusals import Code, revoked
from backend.services.standing import Ended, Holder, holder_of
from realtime import metrics
from realtime.gathered import Gathered
from realtime.sessions import Session, Sessions

REVOKED: Final[Code] = "auth.revoked"
SWEEP_SECONDS: Final = 60.0
"""Within this everybody's rights are read again."""

_told = msgspec.json.Decoder(Ended)


class Authority:
    """Ends sessions. `standings` reads as whom people may act now; `end(sid, code)` ends a connected session."""

    def __init__(
        self, sessions: Sessions, standings: Gathered[Holder, Principal | None], end: Callable[[str, str], None]
    ) -> None:
        self._sessions = sessions
        self._standings = standings
        self._end = end
        self._unswept: list[Session] = []
        self._round = 0
        self._owed = 0.0

    def on_told(self, body: bytes) -> Ended:
        """Somebody's rights changed, or a login ended, somewhere: whose, and which."""
        ended = _told.decode(body)
        for session in self._sessions.of(ended.user_id):
            if ended.concerns(session.principal):
                self._revoke(session)
        return ended

    async def stands(self, holder: Holder, rights: int) -> bool:
        """Whether the login that somebody came by goes on, and their rights have not changed since."""
        principal = (await self._standings((holder,)))[holder]
        return principal is not None and principal.rights == rights

    async def confirm(self, sessions: Iterable[Session]) -> None:
        """Reads the rights of these sessions' people, and ends those that have other ones by now. What was read before
        may then leave to those that are still open.
        """
        asked = {session: holder_of(session.principal) for session in sessions if session.open}
        found = await self._standings(set(asked.values()))
        for session, holder in asked.items():
            # A session that took another token meanwhile had its rights read then.
            if session.open and holder == holder_of(session.principal) and found[holder] != session.principal:
                self._revoke(session)

    async def require(self, session: Session) -> None:
        """Raises:
        Refusal: `auth.revoked`; the session has ended, or never begins.
        """
        await self.confirm((session,))
        if not session.open or session.ended:
            raise revoked()

    async def require_principal(self, principal: Principal) -> None:
        """Raises:
        Refusal: `auth.revoked` for rights that their person has not got, or not got any more.
        """
        holder = holder_of(principal)
        if (await self._standings((holder,)))[holder] != principal:
            raise revoked()

    async def sweep(self, passed: float) -> None:
        """Confirms the next of everybody; `passed` are the seconds since the last time."""
        if not self._unswept:
            self._unswept = list(self._sessions)
            self._round = len(self._unswept)
        self._owed += self._round * passed / SWEEP_SECONDS
        count = int(self._owed)
        self._owed -= count
        taken = self._unswept[-count:] if count else []
        del self._unswept[len(self._unswept) - len(taken) :]
        await self.confirm(taken)

    def _revoke(self, session: Session) -> None:
        if session.ended is None:
            session.ended = REVOKED
            metrics.REVOKED.inc()
            self._end(session.sid, REVOKED)
