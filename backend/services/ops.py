"""What the processes of a deployment tell of themselves, for those who run it.

Each writes its figures to a board in the broker every few seconds. Who has not done so for a while is shown as gone
for a minute, then forgotten. Figures are counts, sizes and times: never a price or a name, and no ids but in the names
of channels that lag, which the broker knows anyway. [P3]
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal

import msgspec
import structlog

from backend.domain.principals import Principal
from backend.services.catalogue import allow
from backend.services.deps import Deps
from backend.services.paging import Item
from privacy.wire import time_text
from rooms.broker import Broker, BrokerUnavailable

Role = Literal["node", "relay", "worker"]

BOARD = "ops:board"
ALIVE = "ops:alive"
"""Who told something of late, by the broker's clock: those of the processes may differ."""
SHOWN_SECONDS = 60.0
MISSED = 4
"""After so many intervals without a word a process is gone."""
PATIENCE = 2.0
RUNNING = 20
"""Workflows that are shown of those with a turn under way."""
WORST = 20
"""Channels that a node names of those that lag."""

_log = structlog.get_logger(__name__)


class CommandFigures(msgspec.Struct, frozen=True):
    """`seconds` is what all of them took together, `refused` how many of `count` were."""

    count: int = 0
    refused: int = 0
    seconds: float = 0.0


class Lagging(msgspec.Struct, frozen=True):
    """A channel that was behind the table at the last comparison, and by how many frames it still is."""

    channel: str
    frames: int


class NodeFigures(msgspec.Struct, frozen=True):
    """Now: `connections`, `rooms`, `channels`, those of them that lag `behind` the table, `unsent_bytes`. Since the
    start: all others. `timed` frames took `timed_seconds` together from their fact's decision to the sockets.
    `lagging`: the worst channels of those behind, the worst first."""

    connections: int = 0
    rooms: int = 0
    channels: int = 0
    behind: int = 0
    unsent_bytes: int = 0
    deliveries: int = 0
    timed: int = 0
    timed_seconds: float = 0.0
    repairs: int = 0
    resets: int = 0
    slow_readers: int = 0
    signals_dropped: int = 0
    malformed: int = 0
    shed: int = 0
    requests: int = 0
    commands: dict[str, CommandFigures] = {}
    refusals: dict[str, int] = {}
    lagging: tuple[Lagging, ...] = ()


class RelayFigures(msgspec.Struct, frozen=True):
    """`lag` is how long the oldest row had waited when the relay last looked; the others count since the start."""

    lag: float = 0.0
    rows: int = 0
    frames: int = 0
    failures: int = 0
    outages: int = 0


class WorkerFigures(msgspec.Struct, frozen=True):
    """Since the start: `due` quotations looked at because their time had come; `turns` of workflows that ended well,
    `failed` ones, workflows given up as `dead`, and turns `taken_over` from workers that died."""

    due: int = 0
    turns: int = 0
    failed: int = 0
    dead: int = 0
    taken_over: int = 0


class Figures(msgspec.Struct, frozen=True):
    """What a process tells of itself: `tasks` of its event loop, `open_files` of any kind, connections too.

    Processes of other versions may know more or fewer figures.
    """

    at: datetime
    started_at: datetime
    host: str = ""
    pid: int = 0
    tasks: int = 0
    open_files: int = 0
    memory_bytes: int = 0
    cpu_seconds: float = 0.0
    node: NodeFigures | None = None
    relay: RelayFigures | None = None
    worker: WorkerFigures | None = None


class Board:
    """The board as one process sees it, which is called `own` there and knows its figures by `collect`."""

    def __init__(self, broker: Broker, own: str, collect: Callable[[], Figures], interval: float) -> None:
        self._broker = broker
        self._own = own
        self._collect = collect
        self._interval = interval

    async def keep_telling(self) -> None:
        """Writes the own figures until cancelled, then takes them away. An outage is logged once and waited out."""
        failing = False
        try:
            while True:
                try:
                    await self._tell()
                    failing = False
                except Exception as failure:  # figures are worth no process's life
                    if not failing:
                        _log.warning("figures could not be told", failure=type(failure).__name__)
                    failing = True
                await asyncio.sleep(self._interval)
        finally:
            await self._withdraw()

    async def read(self) -> tuple[Mapping[str, Figures], frozenset[str]] | None:
        """Everybody's figures, and who of them is alive; None while the broker does not answer."""
        try:
            async with asyncio.timeout(PATIENCE):
                alive = await self._broker.here(ALIVE)
                told = await self._broker.here(BOARD)
        except (BrokerUnavailable, TimeoutError):
            return None
        return {name: figures for name, text in told.items() if (figures := _decoded(text))}, frozenset(alive)

    def own(self) -> tuple[str, Figures]:
        """This process, as it is now."""
        return self._own, self._collect()

    async def _tell(self) -> None:
        await self._broker.enter(BOARD, self._own, msgspec.json.encode(self._collect()), SHOWN_SECONDS)
        await self._broker.enter(ALIVE, self._own, b"", MISSED * self._interval)

    async def _withdraw(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._broker.leave(ALIVE, self._own)
                await self._broker.leave(BOARD, self._own)
        except (BrokerUnavailable, TimeoutError):
            pass  # it expires


async def overview(deps: Deps, principal: Principal, board: Board) -> Item:
    """All processes, the oldest first, and what waits for the relay. While the broker is away: the asked process alone.

    Raises:
        Refusal: `command.forbidden`.
    """
    allow(principal, "admin")
    now = deps.now()
    answer = await board.read()
    told, alive = answer or ({}, frozenset())
    name, figures = board.own()
    processes = {**told, name: figures}
    return {
        "at": time_text(now),
        "broker": answer is not None,
        "workflows": await _workflows(deps),
        "outbox": {"waiting": await deps.db.outbox_depth(), "oldest": await deps.db.outbox_age(now)},
        "processes": [
            _shown(one, process, one in alive or one == name, now)
            for one, process in sorted(processes.items(), key=lambda item: (item[1].started_at, item[0]))
        ],
    }


async def _workflows(deps: Deps) -> Item:
    """How many of each queue wait, run and were given up; and those that have been running the longest."""
    queues: dict[str, dict[str, int]] = {}
    for (queue, state), count in sorted((await deps.db.counted()).items()):
        queues.setdefault(queue, {"waiting": 0, "running": 0, "dead": 0})[state] = count
    running = [
        {"id": one.id, "name": one.name, "turns": one.turns, "attempts": one.attempts, "progress": one.progress}
        | {"since": time_text(one.changed_at)}
        for one in await deps.db.running(RUNNING)
    ]
    return {"queues": queues, "running": running}


def _shown(name: str, figures: Figures, alive: bool, now: datetime) -> Item:
    age = max(0.0, (now - figures.at).total_seconds())
    return {"id": name, "alive": alive, "age": round(age, 1), **msgspec.to_builtins(figures)}


def _decoded(text: bytes) -> Figures | None:
    """Figures that this version can read."""
    try:
        return msgspec.json.decode(text, type=Figures)
    except msgspec.DecodeError:
        return None
