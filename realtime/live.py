"""What handlers are given: the parts of a running node."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from backend.services.deps import Deps
from backend.services.records import ChannelPosition
from realtime.authority import Authority
from realtime.fanout import Fanout
from realtime.gathered import Gathered
from realtime.presence import Presence
from realtime.recovery.keeping import Keeper
from realtime.recovery.marks import Marks
from realtime.recovery.trails import Trails
from realtime.sessions import Sessions
from realtime.tokens import Tokens
from rooms.broker import Broker


@dataclass(frozen=True, slots=True)
class Live:
    """`replay_limit` and `inbox_page` are the bounds of one join's replay and of one page, `session_rooms`
    that of the rooms of one session, `inbox_most` that of what waits for one person. `spawn` starts work that nobody
    waits for.

    `replaying` is how many may be told at once what they missed: of all who come together it would not fit in memory.

    `trails`, `marks` and `keeper` are what sessions come back by. `positions` and `waiting` read for many sessions at
    once: where channels stand, and for whom the inbox has items.
    """

    deps: Deps
    broker: Broker
    tokens: Tokens
    sessions: Sessions
    authority: Authority
    fanout: Fanout
    presence: Presence
    trails: Trails
    marks: Marks
    keeper: Keeper
    positions: Gathered[str, ChannelPosition]
    waiting: Gathered[str, bool]
    replaying: asyncio.Semaphore
    replay_limit: int
    inbox_page: int
    inbox_most: int
    session_rooms: int
    spawn: Callable[[Coroutine[Any, Any, None]], object]
