"""Many bookings at once that want the same rooms, guides and vehicles, while gateways, hotels and clients fail."""

import asyncio
import dataclasses
import os
from contextlib import suppress
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from backend.adapters.db.database import SqlDatabase
from backend.adapters.gateways.local import LocalGateway
from backend.domain.bookings import Booking
from backend.domain.holding import awaited
from backend.domain.quotation import Quotation
from backend.domain.refusals import Refusal
from backend.domain.resources.guides import Spoken
from backend.services import sagas
from backend.services.ports import Database
from backend.services.records import Change, Order, Target
from tests.support.reacting import react_to_all
from tests.support.resources import allot, guide, put, vehicle, violations
from tests.support.stage import Stage

SAGAS = int(os.environ.get("SAGAS", "30"))
"""`make sagas` has 200 of them."""
GUIDES, VEHICLES, ROOMS = SAGAS * 3 // 10, SAGAS // 2, SAGAS * 4 // 3
LOGINS = ("gina", "gil")
PROGRAMME = {"guides": [{"language": "es", "days": 2}], "transport": [{"km": 100, "days": 2}]}


class Trouble(Exception):
    """Something that may work the next time."""


class Flaky:
    """A gateway that fails now and then, before or after it did what it was asked for, or refuses for good."""

    name = "local"

    def __init__(self, gateway: LocalGateway, random: Random) -> None:
        self._gateway = gateway
        self._random = random

    def __getattr__(self, name: str) -> Any:
        return getattr(self._gateway, name)

    async def request(self, order: Order) -> str:
        return await self._sometimes(self._gateway.request, order, refuses=0.05)

    async def refund(self, order: Order) -> str:
        return await self._sometimes(self._gateway.refund, order, refuses=0.05)

    async def _sometimes(self, work: Any, order: Order, refuses: float) -> str:
        if self._random.random() < refuses:
            raise Refusal("payment.refused", "Never.")
        if self._random.random() < 0.2:
            raise Trouble
        done: str = await work(order)
        if self._random.random() < 0.2:
            raise Trouble
        return done


class Troubled:
    """A database that a worker cannot reach now and then, before or after it did what it was asked for."""

    def __init__(self, database: Database, random: Random) -> None:
        self._database = database
        self._random = random

    def __getattr__(self, name: str) -> Any:
        work = getattr(self._database, name)
        return partial(self._sometimes, work) if name in ("commit", "claim", "release", "items") else work

    async def _sometimes(self, work: Any, *given: Any) -> Any:
        if self._random.random() < 0.03:
            raise Trouble
        done = await work(*given)
        if self._random.random() < 0.03:
            raise Trouble
        return done


@pytest.fixture
async def stage(database: Database) -> Stage:
    stage = await Stage(database).set_up()
    for number in range(GUIDES):
        login = LOGINS[number] if number < len(LOGINS) else None
        spoken = (Spoken(language="es", level="native"),)
        await put(database, guide(f"guide{number}", user_id=login, languages=spoken))
    for number in range(VEHICLES):
        await put(database, vehicle(f"bus{number}", seats=40))
    await allot(database, "plaza", 0, 3, double=ROOMS, single=ROOMS)
    return stage


async def copies(stage: Stage) -> list[str]:
    """As many accepted quotations as there are to be bookings; the ids of these."""
    asked = {"deposit": {"required": True, "percent": "20"}, "programme": PROGRAMME}
    quotation = await stage.published("plaza", "mirador", **asked)
    won = await stage.submit("plaza", quotation, "90.00")
    await stage.submit("mirador", quotation, "95.00")
    await stage.do("ana", "quotation.award", quotation_id=quotation, offer_id=won)
    await stage.do("clara", "quotation.accept", quotation_id=quotation)
    first = await stage.db.quotation(quotation)
    assert first is not None
    assert first.booking is not None
    await stage.db.forget([row.id for row in await stage.db.outbox(100)])
    made = [replace(first, id=stage.new_id(), booking=replace(first.booking, id=stage.new_id())) for _ in range(SAGAS)]
    for one in made:
        change = Change(answer=b"{}", quotation=one, created=True)
        await stage.db.commit(Target(), lambda _, change=change: change)  # type: ignore[misc]  # its default is it
    return [one.booking.id for one in made if one.booking]


async def document(stage: Stage, booking: str) -> tuple[Quotation, Booking]:
    found = await stage.db.quotation_of_booking(booking)
    assert found is not None
    assert found.booking is not None
    return found, found.booking


async def live(stage: Stage, booking: str, random: Random) -> None:
    """A worker carries on, and people do something or nothing."""
    troubled: Any = Troubled(stage.db, random)
    with suppress(Trouble):
        await sagas.advance(dataclasses.replace(stage.deps, db=troubled), booking)
    _, now = await document(stage, booking)
    for payment in now.payments.values():
        if payment.kind == "deposit" and payment.reference and payment.state == "requested" and random.random() < 0.7:
            await stage.bank.pay(payment.id, "received" if random.random() < 0.8 else "failed")
    for line in now.live_lines:
        if line.state == "pending" and random.random() < 0.7:
            verb = "confirm" if random.random() < 0.8 else "decline"
            with suppress(Refusal):
                on = {"booking_id": booking, "line_id": line.id, "reason": "so"}
                await stage.do(f"{line.hotel_id}-desk", f"booking.{verb}_line", **on)
    for asked in awaited(now):
        if random.random() < 0.7:
            verb = "confirm" if random.random() < 0.7 else "decline"
            with suppress(Refusal):
                await stage.do(asked.user_id, f"guide.{verb}", assignment_id=asked.id, reason="so")
    if random.random() < 0.02:
        with suppress(Refusal):
            await stage.do("ana", "booking.cancel", booking_id=booking, reason="flood")


async def settle(stage: Stage) -> None:
    """What the relay would do, however often it takes."""
    for _ in range(10_000):
        with suppress(Trouble):
            await react_to_all(stage.deps)
            return


async def test_all_of_them_end_and_nothing_is_given_twice(stage: Stage) -> None:
    """[D5] Confirmed with all that they need, or wholly undone; the ledger balances and agrees with the gateway."""
    random = Random(5)  # noqa: S311 -- what fails is no secret
    bookings = await copies(stage)
    stage.gateways["local"] = Flaky(stage.bank, random)  # type: ignore[assignment]  # it is one by delegation
    for round_ in range(4):
        await asyncio.gather(*(live(stage, booking, random) for booking in bookings))
        await settle(stage)
        stage.now = stage.now.replace(day=22 + round_)
    stage.now = stage.now.replace(month=12, day=20)
    stage.gateways["local"] = stage.bank
    for _ in range(5):
        for booking in bookings:
            await sagas.advance(stage.deps, booking)
        await settle(stage)
        stage.now += timedelta(days=3)
    ended = [await document(stage, booking) for booking in bookings]
    states = {q.state for q, _ in ended}
    assert states == {"confirmed", "cancelled"}
    for q, booking in ended:
        await whole(stage, q, booking)
    assert isinstance(stage.db, SqlDatabase)
    assert await violations(stage.db) == []
    balances = {balance.account: balance.amount for balance in await stage.db.balances()}
    assert sum(balances.values()) == 0


async def whole(stage: Stage, q: Quotation, booking: Booking) -> None:
    """One that ended: nothing is stuck, half done or left behind."""
    plan = await sagas.plan(stage.deps, booking.id)
    assert plan.actions == ()
    claimed = {claim.id for claim in await stage.db.claims_of(booking.id)}
    if q.state == "cancelled":
        assert plan.over
        assert claimed == set()
        assert {step.state for step in booking.steps.values()} <= {"undone", "not_needed", "failed"}
    else:
        assert claimed == {hold.id for hold in booking.holds.values() if hold.state == "held"}
        assert {hold.kind for hold in booking.holds.values() if hold.state == "held"} >= {"guide", "vehicle"}
    rows = await stage.db.ledger(booking.id)
    for entry in {row.entry_id for row in rows}:
        assert sum(row.amount for row in rows if row.entry_id == entry) == 0
