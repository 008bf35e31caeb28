"""What a node writes down for others, should it die: its sessions as they change, and what it passed on.

A write that fails is not repeated: once the broker is back, everything is written anew.
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Mapping
from typing import Final

import structlog

from realtime.recovery.records import ALIVE, GONE, Record, encode, node_key, session_key, steps_key
from realtime.recovery.trails import FRAMES_KEPT, Trail, Trails, steps_of
from realtime.sessions import Session
from realtime.tasks import Tasks
from rooms.broker import Broker, BrokerUnavailable

log = structlog.get_logger(__name__)
BEAT: Final = 1.0
"""Seconds between two checkpoints."""
AT_ONCE: Final = 500
"""Sessions in one write."""
CHANNELS_AT_ONCE: Final = 1_000
STEPS: Final = 64
"""Stamps of one channel in a checkpoint; at an orderly end there are all of them."""
WAIT: Final = 0.25
"""Seconds that an ack waits for what is written down with it."""
LONGEST: Final = 86_400.0
"""Seconds after which a session that never changed is known to its node alone."""


class Keeper:
    """Writes sessions and trails. `describe` makes a session's record, `left` says how many seconds its token lasts."""

    def __init__(
        self,
        broker: Broker,
        trails: Trails,
        describe: Callable[[Session], Record],
        left: Callable[[Session], float],
        *,
        grace: float,
    ) -> None:
        self._broker = broker
        self._trails = trails
        self._describe = describe
        self._left = left
        self._grace = grace
        self._changed: dict[Session, asyncio.Future[None] | None] = {}
        self._gone: list[str] = []
        self._writing: asyncio.Task[None] | None = None
        self._tasks = Tasks()

    def changed(self, session: Session) -> None:
        """A session is new, or in other rooms: to be written soon."""
        self._changed.setdefault(session, None)
        self._soon()

    async def written(self, session: Session) -> None:
        """As `changed`; returns when it is written, or would take too long."""
        waiting = self._changed.get(session) or asyncio.get_running_loop().create_future()
        self._changed[session] = waiting
        self._soon()
        await asyncio.wait((waiting,), timeout=WAIT)

    def gone(self, sid: str) -> None:
        """A session is over: nobody may have it back."""
        self._gone.append(session_key(sid))
        self._soon()

    async def beat(self) -> None:
        """Says that this node lives, and how far the channels are that moved since the last time."""
        await self._broker.keep({node_key(self._trails.node): ALIVE}, self._grace + 2 * BEAT)
        await self._write_trails(self._trails.moved(), STEPS)

    async def end(self) -> None:
        """This node stops in order: writes all that others need to know exactly who got what."""
        with contextlib.suppress(BrokerUnavailable):
            if self._writing is not None:
                await asyncio.wait((self._writing,))
            await self._write_trails(self._trails.all(), FRAMES_KEPT)
            await self._broker.keep({node_key(self._trails.node): GONE}, self._grace + 2 * BEAT)

    async def close(self) -> None:
        """Writes nothing more."""
        await self._tasks.close()

    async def _write_trails(self, trails: Mapping[str, Trail], most: int) -> None:
        node, lasting = self._trails.node, LONGEST + self._grace
        channels = list(trails)
        for start in range(0, len(channels), CHANNELS_AT_ONCE):
            part = channels[start : start + CHANNELS_AT_ONCE]
            steps = {steps_key(node, channel): encode(steps_of(trails[channel], most)) for channel in part}
            await self._broker.keep(steps, lasting)

    def _soon(self) -> None:
        if self._writing is None:
            self._writing = self._tasks.spawn(self._write())

    async def _write(self) -> None:
        try:
            while self._changed or self._gone:
                await asyncio.sleep(0)
                await self._write_some()
        finally:
            self._writing = None

    async def _write_some(self) -> None:
        sessions = list(self._changed)[:AT_ONCE]
        waiting = [self._changed.pop(session) for session in sessions]
        gone, self._gone = self._gone, []
        try:
            await self._keep([session for session in sessions if session.open])
            await self._broker.take(gone)
        except BrokerUnavailable as away:
            log.warning("sessions are not written down", sessions=len(sessions), reason=str(away))
        finally:
            for one in waiting:
                if one is not None and not one.done():
                    one.set_result(None)

    async def _keep(self, sessions: Collection[Session]) -> None:
        if sessions:
            lasting = min(LONGEST, max(map(self._left, sessions))) + self._grace
            await self._broker.keep(
                {session_key(session.sid): encode(self._describe(session)) for session in sessions}, lasting
            )
