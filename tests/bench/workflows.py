"""Whole bookings by two workers on PostgreSQL, and what workflows add to a command: `python -m tests.bench.workflows`.

A booking asks for a deposit, which is paid, and a hotel, which confirms, takes a guide and a vehicle, and is confirmed
with its documents. All of them begin at once. A relay hands their events on; the people are this process. All share the
machine's cores: what each spends on a booking tells what sets the pace.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import typer
from sqlalchemy import func, select

from backend.adapters.db import open_database, tables
from backend.adapters.db.database import SqlDatabase
from backend.adapters.db.migrate import migrate
from backend.domain.refusals import Refusal
from backend.services.records import StoredEvent
from tests.bench.stacks import SYNCHRONISED
from tests.chaos.deaths.stories import Stories
from tests.fixtures.postgres import PostgresServer, postgres
from tests.fixtures.redis import RedisServer
from tests.support.platform import Running, environment_of, process

Figures = dict[str, float]
_WARM: Final = 10
_PACE: Final = 0.02
_LATE: Final = timedelta(seconds=2)
"""No commit takes longer: events that are older are all there."""
_PATIENCE: Final = 600.0
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass
class Bench:
    """A database with stories, and the processes that carry on what is begun there."""

    database: SqlDatabase
    stories: Stories
    postgres: PostgresServer
    environment: Mapping[str, str]
    folder: Path

    def start(self, kept: ExitStack) -> dict[str, list[Running]]:
        """A relay and two workers, until `kept` is closed."""

        def started(*arguments: str) -> Running:
            log = self.folder / f"{arguments[0]}.log"
            return kept.enter_context(process("workers", *arguments, environment=self.environment, log=log))

        return {"workers": [started("run"), started("run")], "relay": [started("relay")]}


def main(rounds: int = 3, bookings: int = 200, commands: int = 200) -> None:
    """Print a table of each."""
    asyncio.run(_main(rounds, bookings, commands))


async def _main(rounds: int, bookings: int, commands: int) -> None:
    async with _bench(rounds * (bookings + _WARM)) as bench:
        booked = [await _booked(bench, bookings) for _ in range(rounds)]
        with ExitStack() as kept:
            alone = await _published(bench, commands)
            bench.start(kept)
            followed = await _published(bench, commands)
        begun = await _begun(bench, commands)
    typer.echo(f"{bookings} bookings at once, {os.cpu_count()} cores, load average after: {os.getloadavg()[0]:.1f}.\n")
    _print(booked)
    typer.echo(f"\n| {commands} commands that a workflow follows | p50 ms |\n|---|---|")
    typer.echo(f"| nobody relays, nobody works | {statistics.median(alone):.1f} |")
    typer.echo(f"| a relay and two workers beside it | {statistics.median(followed):.1f} |")
    typer.echo(f"| the beginning itself, by the relay, after the command | {statistics.median(begun):.1f} |")


def _print(booked: Sequence[Figures]) -> None:
    typer.echo(f"| {' | '.join(booked[0])} |")
    typer.echo(f"|{'---|' * len(booked[0])}")
    medians = {name: statistics.median(figures[name] for figures in booked) for name in booked[0]}
    typer.echo(f"| {' | '.join(f'{value:,.0f}' if value >= 100 else f'{value:.1f}' for value in medians.values())} |")


@asynccontextmanager
async def _bench(most: int) -> AsyncIterator[Bench]:
    with ExitStack() as kept:
        folder = Path(kept.enter_context(tempfile.TemporaryDirectory()))
        server = kept.enter_context(postgres(**SYNCHRONISED))
        url = server.url(kept.enter_context(server.database()))
        redis = RedisServer()
        redis.start()
        kept.callback(redis.stop)
        await migrate(url)
        database = open_database(url)
        assert isinstance(database, SqlDatabase)
        await database.start()
        stories = await Stories(database, most).set_up()
        secret = "a-secret-of-tests-that-is-long-enough"
        settings = {"database_url": url, "broker_url": redis.url, "jwt_secret": secret}
        yield Bench(database, stories, server, environment_of(folder, settings), folder)
        await database.close()


async def _booked(bench: Bench, number: int) -> Figures:
    """How fast whole bookings are, and what one costs whom."""
    with ExitStack() as kept:
        processes = bench.start(kept)
        await _confirmed(bench, _WARM)
        pids = {name: [one.pid for one in running] for name, running in processes.items()}
        pids |= {"PostgreSQL": list(_family(bench.postgres.pid)), "people": [os.getpid()]}
        before, turns = {name: _spent(of) for name, of in pids.items()}, await _turns(bench)
        seconds = await _confirmed(bench, number)
        spent = {f"{name}, ms a booking": (_spent(of) - before[name]) * 1_000 / number for name, of in pids.items()}
        done = (await _turns(bench) - turns) / number
    return {"bookings a minute": number * 60 / seconds, "turns a booking": done, **spent}


async def _confirmed(bench: Bench, number: int) -> float:
    """Seconds until so many bookings that begin at once are confirmed."""
    sagas = [await bench.stories.begin("kept") for _ in range(number)]
    begun = time.perf_counter()
    await bench.stories.set_off(sagas)
    await _people(bench, {saga.booking_id for saga in sagas})
    return time.perf_counter() - begun


async def _people(bench: Bench, left: set[str]) -> None:
    """Pay and confirm whatever these bookings are asked for, until they are confirmed."""
    after, seen, ends = _now_id(bench), set[str](), time.monotonic() + _PATIENCE
    while left:
        assert time.monotonic() < ends, f"{len(left)} bookings are not confirmed"
        bench.stories.stage.now = datetime.now(UTC)
        new = [one for one in await bench.database.happened(after, 1_000) if one.event.id not in seen]
        await asyncio.gather(*(_answer(bench, one) for one in new if one.event.data.get("booking_id") in left))
        left -= {one.event.data["booking_id"] for one in new if one.event.name == "booking.confirmed"}
        seen |= {one.event.id for one in new}
        after = max((id_ for id_ in seen if _is_old(id_)), default=after)
        if not new:
            await asyncio.sleep(_PACE)


async def _answer(bench: Bench, stored: StoredEvent) -> None:
    """What the client or the hotel does when it hears that."""
    data, stage = stored.event.data, bench.stories.stage
    if stored.event.name == "hotel.reserved":
        on = {"booking_id": data["booking_id"], "line_id": data["line_id"]}
        await stage.do(f"{data['hotel_id']}-desk", "booking.confirm_line", **on)
    elif stored.event.name in ("payment.requested", "booking.step_changed") and "payment_id" in data:
        with suppress(Refusal):  # the gateway has not been asked yet
            await stage.bank.pay(data["payment_id"])


def _now_id(bench: Bench) -> str:
    return bench.stories.stage.new_id()[:13]


def _is_old(id_: str) -> bool:
    """Ids begin with their time, in milliseconds."""
    return int(id_[:13].replace("-", ""), 16) < (datetime.now(UTC) - _LATE).timestamp() * 1_000


async def _turns(bench: Bench) -> int:
    flows = tables.workflows.c
    rows = await bench.database.rows(select(func.sum(flows.turns).label("turns")).where(flows.name == "booking"))
    return int(rows[0].turns or 0)


async def _published(bench: Bench, number: int) -> list[float]:
    """Milliseconds of each command of some that a workflow follows, at a steady pace."""
    stage = bench.stories.stage
    drafts = [await stage.draft() for _ in range(number)]
    await bench.database.forget([row.id for row in await bench.database.outbox(10_000)])
    publish = partial(stage.do, "ana", "quotation.publish", hotel_ids=["plaza"])
    return [await _timed(partial(publish, quotation_id=id_)) for id_ in drafts]


async def _begun(bench: Bench, number: int) -> list[float]:
    """Milliseconds of each beginning of a workflow."""
    begin = partial(bench.stories.stage.deps.workflows.begin, "quotation", args={"quotation_id": "none"})
    return [await _timed(partial(begin, f"bench:{one}")) for one in range(number)]


async def _timed(work: Callable[[], Any]) -> float:
    """Milliseconds that it takes; then a pause, so that none waits for the one before."""
    begun = time.perf_counter()
    await work()
    took = time.perf_counter() - begun
    await asyncio.sleep(_PACE)
    return took * 1_000


def _family(pid: int) -> Iterator[int]:
    """A process and its children."""
    yield pid
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                yield int(stat.parent.name)


def _spent(pids: Sequence[int]) -> float:
    """Seconds of a core that processes have used so far; those that have ended count nothing."""
    ticks = 0
    for pid in pids:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICKS


if __name__ == "__main__":
    typer.run(main)
