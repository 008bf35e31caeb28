"""One run: a plan played on a stage, then everything mended, waited for and checked."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from tests.chaos import bookings, checks, leftovers, truth
from tests.chaos.acts import Game
from tests.chaos.faults import Faults, mend
from tests.chaos.idling import Held, grown
from tests.chaos.ledger import Ledger
from tests.chaos.people import PEOPLE
from tests.chaos.plan import Plan, told
from tests.chaos.processes import stopped
from tests.chaos.stage import Servers, Stage, staged
from tests.support.wait import until

What = TypeVar("What")
CALM_SECONDS: Final = 60.0
"""Time in which everything has to be settled once nothing breaks any more."""


class Failed(AssertionError):
    """What does not hold, and the plan that shows it."""


@dataclass
class Outcome:
    """What a run did: faults and counts by name; `away` are the seconds that clients were away each time."""

    faults: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    away: list[float] = field(default_factory=list)
    seconds: float = 0.0


async def play(plan: Plan, servers: Servers, folder: Path) -> Outcome:
    """Plays a plan. Raises Failed, or what else went wrong; what everybody was sent is in `folder` then."""
    started = time.monotonic()
    outcome = Outcome()
    async with staged(plan, servers, folder) as stage:
        try:
            wrong = await _played(plan, stage, outcome)
        except Exception as failure:
            for process in stage.fleet.values():
                process.send(signal.SIGUSR1)
            wrong = [repr(failure)]
    outcome.seconds = time.monotonic() - started
    if wrong:
        _keep(stage, folder)
        raise Failed("\n".join((*map(str, wrong[:20]), f"({len(wrong)} in all, logs in {folder})", told(plan))))
    return outcome


async def _played(plan: Plan, stage: Stage, outcome: Outcome) -> list[str]:
    """What does not hold."""
    ledger = Ledger(plan.seed)
    game = Game(ledger, stage.actors)
    await game.begin()
    faults = Faults(stage)
    wrong = await _storm(plan, game, faults)
    wrong += await calm(stage, ledger)
    wrong += await checked(stage, ledger)
    _count(outcome, stage, ledger, faults)
    return wrong + await left(plan, stage)


def _keep(stage: Stage, folder: Path) -> None:
    """Writes down what everybody was sent."""
    for actor in stage.actors.values():
        received = "\n".join(f"{at:.3f} {text}" for at, text in actor.texts)
        (folder / f"{actor.name.replace('/', '-')}.txt").write_text(received)


async def _storm(plan: Plan, game: Game, faults: Faults) -> list[str]:
    """Everything of the plan, each at its time."""
    loop = asyncio.get_running_loop()
    start = loop.time()

    acts = [asyncio.create_task(_at(start + act.at, game.perform, act)) for act in plan.acts]
    breaking = [asyncio.create_task(_at(start + fault.at, faults.perform, fault)) for fault in plan.faults]
    await asyncio.sleep(plan.seconds)
    if breaking:
        await asyncio.wait(breaking)
    mend(faults.stage)
    await asyncio.to_thread(faults.stage.servers.broker.mend)
    _, late = await asyncio.wait(acts, timeout=CALM_SECONDS)
    for task in late:
        task.cancel()
    failures = [task.exception() for task in (*acts, *breaking) if task.done() and not task.cancelled()]
    return [f"{len(late)} acts have no answer"] * bool(late) + [repr(failure) for failure in failures if failure]


async def _at(when: float, work: Callable[[What], Awaitable[None]], what: What) -> None:
    await asyncio.sleep(when - asyncio.get_running_loop().time())
    await work(what)


async def calm(stage: Stage, ledger: Ledger) -> list[str]:
    """Waits until everybody is where the database is and sees who is there."""
    await stage.all_ready()
    for actor in stage.actors.values():
        actor.lazy = False
        if actor.wire is not None:
            actor.wire.answering = True
            actor.wire.reading.set()
        for quotation in ledger.ids:
            actor.want(f"quotation:{quotation}")

    async def unsettled() -> list[str]:
        return list(checks.unsettled(stage.actors, await truth.read(stage.database)))

    async def astray() -> list[str]:
        return list(checks.presence(stage.actors, ledger))

    return await _vanishes(unsettled) + await _vanishes(astray)


async def _vanishes(wrong: Callable[[], Awaitable[list[str]]]) -> list[str]:
    """What is still wrong after a while; asked again and again until nothing is."""
    found: list[str] = []

    async def nothing() -> bool:
        found[:] = await wrong()
        return not found

    with suppress(AssertionError):
        await until(nothing, within=CALM_SECONDS)
    return found


async def checked(stage: Stage, ledger: Ledger) -> list[str]:
    """Everything that has to hold while everybody is still there; what does not."""
    told_by_rest = {name: await _inbox(stage, name) for name in PEOPLE}
    waiting = {PEOPLE[name].id: items for name, items in told_by_rest.items()}
    wrong: list[str] = []
    for actor in stage.actors.values():
        fresh = {}
        for quotation in ledger.ids:
            room = f"quotation:{quotation}"
            fresh[room] = await actor.ask("room.join", {"room": room})
        wrong += checks.snapshots(actor, fresh)
    admin = stage.actors["ines/0"].views.rooms
    for number, quotation in enumerate(ledger.ids):
        view = admin[f"quotation:{quotation}"].view.view
        for actor in stage.actors.values():
            if (f"quotation:{quotation}" in actor.views.rooms) != checks.entitled(actor.person, number, view):
                wrong.append(f"{actor.name} is in quotation {number} or not, against its rights")
    database = await truth.read(stage.database)
    wrong += checks.positions(database)
    wrong += checks.deliveries(stage.actors, database)
    wrong += checks.effects(ledger, database)
    wrong += checks.leaks(stage.actors, ledger)
    wrong += checks.inboxes(stage.actors, ledger, database, waiting)
    wrong += await bookings.checked(stage.database, ledger.ids)
    return wrong


async def _inbox(stage: Stage, name: str) -> set[str]:
    """The ids of what waits for somebody, as REST says."""
    token = stage.actors[f"{name}/0"].token
    url = f"http://127.0.0.1:{stage.nodes[0].port}/api/v1/inbox?limit=100"
    async with stage.http.get(url, headers={"Authorization": f"Bearer {token}"}) as answer:
        body = await answer.json()
        assert answer.status == 200, body
        return {item["id"] for item in body["items"]}


async def left(plan: Plan, stage: Stage) -> list[str]:
    """Everybody leaves, then every process stops; what is left of them."""
    await stage.empty()
    least: dict[str, Held] = {}

    async def leftover() -> list[str]:
        found = list(await asyncio.to_thread(lambda: list(leftovers.of_broker(stage.servers.broker))))
        for process in stage.fleet.values():
            if process.alive:
                found += leftovers.of_connections(process)
        alive = [process for process in stage.fleet.values() if process.alive]
        return found + await grown(stage.http, stage.operator, alive, stage.before, least)

    wrong = await _vanishes(leftover)
    wrong += [f"{process.name} is not alive" for process in stage.fleet.values() if not process.alive]
    await stopped(stage.fleet)
    wrong += [f"{one.name} ended with {code}" for one in stage.fleet.values() for code in one.codes if code]
    for process in stage.fleet.values():
        wrong += leftovers.of_process(process, leftovers.disturbing(plan))
    wrong += await _vanishes(lambda: _sessions(stage))
    return wrong


async def _sessions(stage: Stage) -> list[str]:
    question = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    count = await truth.value(stage.database, question)
    return [f"{count} sessions of the database are left"] if count else []


def _count(outcome: Outcome, stage: Stage, ledger: Ledger, faults: Faults) -> None:
    actors = stage.actors.values()
    outcome.faults = faults.count
    outcome.counts["commands"] += len(ledger.done)
    outcome.counts["accepted"] += sum(done.ok for done in ledger.done)
    outcome.counts["bookings"] += sum(done.ok and done.name == "quotation.accept" for done in ledger.done)
    outcome.counts["frames"] += sum(len(stretch.ids) for actor in actors for stretch in actor.views.stretches)
    outcome.counts["replayed"] += sum(actor.views.replayed for actor in actors)
    outcome.counts["resets"] += sum(actor.views.resets for actor in actors)
    outcome.counts["connections"] += sum(actor.connections for actor in actors)
    outcome.counts["commands repeated"] += sum(actor.repeats for actor in actors) + len(ledger.repeated)
    outcome.counts["bytes searched"] += sum(len(text) for actor in actors for _, text in actor.texts)
    for actor in actors:
        outcome.away += actor.away
