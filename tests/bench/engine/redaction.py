"""What redaction costs of a command: the views and patches of 8 audiences, compared with the whole commit.

In this process, without sockets: the real use cases on a real database that synchronises its disk.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

import msgspec

from backend.adapters.db import open_database
from backend.adapters.db.migrate import migrate
from backend.domain import editing, offering
from backend.domain.events import Rules, Step
from backend.domain.offers import OfferContent
from backend.domain.principals import actor_of
from backend.domain.quotation import Hotel, Quotation
from backend.services.auth import principal_of
from backend.services.records import User
from privacy.audiences import audience_of, audiences, resets
from privacy.facts import facts
from privacy.views import Views
from tests.bench.engine.measures import Figures
from tests.fixtures.postgres import postgres
from tests.support.stage import HOTELS, Stage, offer

MORE_HOTELS = ("costa", "selva")
"""With the stage's three, the client, the agency and the admin, they make eight audiences."""
AUDIENCES = 8


@dataclass(frozen=True)
class Case:
    """A kind of command: who gives it, the same decision without a database, and the command itself."""

    who: str
    decide: Callable[[Quotation, int], Sequence[Step]]
    command: Callable[[int], Awaitable[object]]


def measure(count: int, *, servers: bool) -> dict[str, Figures]:
    """Figures by command and database; PostgreSQL too if `servers`."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        urls = {"SQLite": f"sqlite:///{folder}/bench.db"}
        if servers:
            server = stack.enter_context(postgres(fsync="on", full_page_writes="on"))
            urls["PostgreSQL"] = server.url(stack.enter_context(server.database()))
        return {
            f"{command}, {name}": figures
            for name, url in urls.items()
            for command, figures in asyncio.run(_on(url, count)).items()
        }


async def _on(url: str, count: int) -> dict[str, Figures]:
    await migrate(url)
    database = open_database(url)
    await database.start()
    try:
        stage = await Stage(database).set_up()
        stage.deps = replace(stage.deps, rules=Rules(revisions=1_000_000))
        quotation_id = await _with_offers(stage)
        return {name: await _figures(stage, quotation_id, case, count) for name, case in _cases(stage, quotation_id)}
    finally:
        await database.close()


async def _figures(stage: Stage, quotation_id: str, case: Case, count: int) -> Figures:
    times, cpu_began = [], time.process_time()
    for number in range(1, count + 1):
        began = time.perf_counter()
        await case.command(number)
        times.append(time.perf_counter() - began)
    cpu = (time.process_time() - cpu_began) / count
    redaction = await _redaction(stage, quotation_id, case, count)
    commit = statistics.median(times)
    return {
        "redaction µs": redaction * 1e6,
        "commit µs": commit * 1e6,
        "CPU µs": cpu * 1e6,
        "% of the commit": 100 * redaction / commit,
        "% of its CPU": 100 * redaction / cpu,
    }


async def _redaction(stage: Stage, quotation_id: str, case: Case, count: int) -> float:
    """Seconds that `privacy` takes for one such command: all that its commit and its ack ask of it.

    As in the product the state before was seen by an earlier command, and the one after is new.
    """
    before = await stage.db.quotation(quotation_id)
    assert before is not None
    assert len(audiences(before)) == AUDIENCES
    audience = audience_of(stage.people[case.who], before) or ""
    times = []
    for number in range(count + 1, 2 * count + 1):
        steps = case.decide(before, number)
        began = time.perf_counter()
        _redact(before, steps, audience)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _redact(before: Quotation, steps: Sequence[Step], audience: str) -> None:
    state, views = before, Views(before)
    for step in steps:
        seen, views = views, Views(step.after)
        facts(seen, step, views)
        resets(state, step)
        state = step.after
    audiences(state)
    views.of(audience)


def _cases(stage: Stage, quotation_id: str) -> tuple[tuple[str, Case], ...]:
    edited, offered = actor_of(stage.people["ana"]), actor_of(stage.people["plaza-desk"])
    version = 0

    def edit(before: Quotation, number: int) -> Sequence[Step]:
        return editing.edit(before, before.version, [("notes", f"Note {number}")], None, edited, stage.deps.context())

    async def edit_command(number: int) -> None:
        nonlocal version
        base = version or (await stage.db.quotation(quotation_id)).version  # type: ignore[union-attr]
        changes = [{"field": "notes", "value": f"Note {number}"}]
        done = await stage.do("ana", "quotation.edit", quotation_id=quotation_id, base_version=base, changes=changes)
        version = done["version"]

    def submit(before: Quotation, number: int) -> Sequence[Step]:
        content = msgspec.convert(offer(f"{100 + number}.00"), OfferContent)
        return offering.submit(before, content, offered, stage.deps.context())

    async def submit_command(number: int) -> None:
        await stage.submit("plaza", quotation_id, f"{100 + number}.00")

    return (
        ("quotation.edit", Case("ana", edit, edit_command)),
        ("offer.submit", Case("plaza-desk", submit, submit_command)),
    )


async def _with_offers(stage: Stage) -> str:
    """A published quotation with an offer of each hotel."""
    for name in MORE_HOTELS:
        await stage.db.put_hotel(Hotel(id=name, name=f"Hotel {name.title()}", city="Cusco", capacity=200))
        user = User(
            id=f"{name}-desk", email=f"{name}@test", name=f"Desk {name}", role="hotel", password_hash="", hotel_id=name
        )
        await stage.db.put_user(user)
        stage.people[user.id] = principal_of(user)
    hotels = (*HOTELS, *MORE_HOTELS)
    quotation_id = await stage.published(*hotels)
    for name in hotels:
        await stage.submit(name, quotation_id)
    return quotation_id
