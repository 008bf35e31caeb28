"""The saga over both databases: each action done twice, and the worker gone after each of its commits."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from backend.domain.bookings import Booking, Hold
from backend.domain.due import due
from backend.domain.quotation import Quotation
from backend.domain.refusals import Refusal
from backend.domain.resources.guides import Spoken
from backend.domain.saga import Action
from backend.services import inbox, sagas
from backend.services.payments import webhook
from backend.services.ports import Database, Decide
from backend.services.records import Target
from tests.support.resources import guide, put
from tests.support.stage import Stage

DEPOSIT = {"required": True, "percent": "30"}
GINA_GIL = ("gina", "gil")
ALLOWED = {"undone", "not_needed", "failed"}


@pytest.fixture
async def stage(database: Database) -> Stage:
    return await Stage(database).set_up()


async def accepted(stage: Stage, *hotels: str, **terms: Any) -> tuple[str, str]:
    """The ids of a quotation whose first hotel won, and of its booking."""
    quotation = await stage.published("plaza", "mirador", **terms)
    offers = [await stage.submit(hotel, quotation, f"{100 + n}.00") for n, hotel in enumerate(hotels)]
    await stage.do("ana", "quotation.award", quotation_id=quotation, offer_id=offers[0])
    done = await stage.do("clara", "quotation.accept", quotation_id=quotation)
    return quotation, str(done["quotation"]["booking"]["id"])


async def document(stage: Stage, booking: str) -> Quotation:
    found = await stage.db.quotation_of_booking(booking)
    assert found is not None
    assert found.booking is not None
    return found


async def people(stage: Stage, booking: str) -> None:
    """The client pays, and whichever hotel is asked confirms."""
    q = await document(stage, booking)
    assert q.booking is not None
    for payment in q.booking.payments.values():
        if payment.kind == "deposit" and payment.reference and q.booking.status == "pending":
            await stage.bank.pay(payment.id)
    for line in q.booking.live_lines:
        if line.state == "pending":
            await stage.do(f"{line.hotel_id}-desk", "booking.confirm_line", booking_id=booking, line_id=line.id)


class Died(Exception):
    """The worker was killed."""


class Mortal:
    """The database of a worker that dies at its `last` commit from now, before or after it."""

    def __init__(self, database: Database, last: int, after: bool) -> None:
        self._database = database
        self._left = last
        self._after = after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def commit(self, target: Target, decide: Decide) -> bytes:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise Died
        done = await self._database.commit(target, decide)
        if self._left == 0:
            raise Died
        return done


async def survive(stage: Stage, booking: str, deaths: list[tuple[int, bool]]) -> None:
    """Runs the booking to its rest by workers that die as told, one after the other; then people do their part."""
    for _ in range(20):
        for last, after in deaths:
            mortal: Any = Mortal(stage.db, last, after)
            living, stage.deps = stage.deps, _with(stage, mortal)
            try:
                await sagas.advance(stage.deps, booking)
            except Died:
                pass
            finally:
                stage.deps = living
        await sagas.advance(stage.deps, booking)
        before = await document(stage, booking)
        await people(stage, booking)
        await stage.settle()
        if (await document(stage, booking)).serial == before.serial:
            return


def _with(stage: Stage, database: Any) -> Any:
    return replace(stage.deps, db=database)


async def test_from_acceptance_to_confirmation_and_back(stage: Stage) -> None:
    """[D4] Seen live by everybody; the deposit is asked for, paid, and given back."""
    quotation, booking = await accepted(stage, "plaza", "mirador", deposit=DEPOSIT)
    watchers = [await stage.watch(who, f"quotation:{quotation}") for who in ("ana", "admin", "clara", "plaza-desk")]
    await survive(stage, booking, [])
    assert (await document(stage, booking)).state == "confirmed"
    await stage.do("ana", "booking.cancel", booking_id=booking, reason="flood")
    await stage.settle()
    for watcher in watchers:
        await watcher.catch_up()
        assert watcher.view == await watcher.snapshot(), f"[D4] {watcher.who}"
    ended = (await document(stage, booking)).booking
    assert ended is not None
    assert {step.state for step in ended.steps.values()} <= ALLOWED
    assert [paid.state for paid in await stage.db.local_payments(stage.now.replace(year=2020))] == ["received"] * 2


async def test_an_action_done_twice_has_one_effect(stage: Stage) -> None:
    """[D5]"""
    _, booking = await accepted(stage, "plaza", "mirador", deposit=DEPOSIT)
    for _ in range(20):
        plan = await sagas.plan(stage.deps, booking)
        for action in plan.actions:
            await sagas.perform(stage.deps, booking, action)
            once = await document(stage, booking)
            await sagas.perform(stage.deps, booking, action)
            await sagas.failed(stage.deps, booking, action, "too late")
            assert await document(stage, booking) == once
        if not plan.actions:
            await people(stage, booking)
            await stage.settle()
    assert (await document(stage, booking)).state == "confirmed"


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("last", range(1, 5))
async def test_a_worker_may_die_at_any_of_its_commits(stage: Stage, last: int, after: bool) -> None:
    """[D2] Another goes on where it was; what a gateway was asked for is there once."""
    _, booking = await accepted(stage, "plaza", "mirador", deposit=DEPOSIT)
    await survive(stage, booking, [(last, after)])
    assert (await document(stage, booking)).state == "confirmed"
    await stage.do("ana", "booking.cancel", booking_id=booking, reason="flood")
    await survive(stage, booking, [(last, after)])
    q = await document(stage, booking)
    assert q.booking is not None
    assert {step.state for step in q.booking.steps.values()} <= ALLOWED
    paid = await stage.db.local_payments(stage.now.replace(year=2020))
    assert {one.id: one.state for one in paid} == {one.id: "received" for one in q.booking.payments.values()}
    assert len(paid) == 2


async def test_two_workers_at_once_do_everything_once(stage: Stage) -> None:
    _, booking = await accepted(stage, "plaza", deposit=DEPOSIT)
    for _ in range(4):
        await asyncio.gather(*(sagas.advance(stage.deps, booking) for _ in range(3)))
        await people(stage, booking)
        await stage.settle()
    q = await document(stage, booking)
    assert q.state == "confirmed"
    assert q.booking is not None
    assert [len(q.booking.payments), len(q.booking.lines)] == [1, 1]


async def test_a_hotels_silence_is_noticed_without_a_command(stage: Stage) -> None:
    _, booking = await accepted(stage, "plaza", "mirador")
    await stage.settle()
    await stage.forward(days=2)
    await stage.settle()
    q = await document(stage, booking)
    assert q.booking is not None
    assert [line.state for line in q.booking.lines.values()] == ["lapsed", "pending"]
    assert not due(q, stage.deps.context())


GUIDED = {"guides": [{"language": "es", "days": 2}]}


async def guides(stage: Stage) -> None:
    """Gina, who is the best, and Gil have logins; nobody asks Nora, who has none, while they are there."""
    for rank, name in enumerate(("gina", "gil", "nora")):
        login = name if name in stage.people else None
        spoken = (Spoken(language="es", level="native"),)
        await put(stage.db, guide(name, user_id=login, languages=spoken, rating=Decimal(5 - rank)))


async def assignment(stage: Stage, booking: str, who: str) -> Hold:
    q = await document(stage, booking)
    assert q.booking is not None
    return next(hold for hold in q.booking.holds.values() if hold.user_id == who)


async def test_guides_are_asked_one_after_the_other(stage: Stage) -> None:
    """[D5] [P6] Who declines sees nothing any more, and their days are free again; the next one comes."""
    await guides(stage)
    quotation, booking = await accepted(stage, "plaza", programme=GUIDED)
    await survive(stage, booking, [])
    room, first = f"quotation:{quotation}", await assignment(stage, booking, "gina")
    gina, ana = await stage.watch("gina", room), await stage.watch("ana", room)
    with pytest.raises(Refusal, match="may not join"):
        await stage.watch("gil", room)
    no = {"assignment_id": first.id, "reason": "ill", "key": "the-same-key"}
    with pytest.raises(Refusal, match="no such booking"):
        await stage.do("gil", "guide.decline", **no)
    answer = await stage.do("gina", "guide.decline", **no)
    assert (
        answer
        == await stage.do("gina", "guide.decline", **no)
        == {"assignment": {"id": first.id, "answer": "declined"}}
    )
    with pytest.raises(Refusal, match="may not join"):
        await gina.snapshot()
    await stage.settle()
    second = await assignment(stage, booking, "gil")
    assert [claim.id for claim in await stage.db.claims_of(booking) if claim.kind == "guide"] == [second.id]
    gil = await stage.watch("gil", room)
    done = await stage.do("gil", "guide.confirm", assignment_id=second.id)
    asked = gil.view["booking"]["holds"][second.id]
    assert done["assignment"] | {"answer": "awaited", "answer_by": asked["answer_by"]} == asked
    assert done["assignment"]["answer"] == "confirmed"
    await stage.settle()
    assert (await document(stage, booking)).state == "confirmed"
    for watcher in (gil, ana):
        await watcher.catch_up()
        assert watcher.view == await watcher.snapshot(), f"[D4] {watcher.who}"
    kinds = {
        who: {item["kind"] for item in (await inbox.page(stage.deps, stage.people[who]))["items"]} for who in GINA_GIL
    }
    assert kinds == {"gina": set(), "gil": {"guide.assigned", "booking.confirmed"}}


async def test_a_guides_silence_is_noticed_without_a_command(stage: Stage) -> None:
    await guides(stage)
    _, booking = await accepted(stage, "plaza", programme=GUIDED)
    await survive(stage, booking, [])
    for _ in GINA_GIL:
        await stage.forward(days=1)
        await stage.settle()
    q = await document(stage, booking)
    assert q.booking is not None
    assert q.state == "confirmed", "nobody has to ask a guide without a login"
    answers = {hold.name: hold.answer for hold in q.booking.holds.values() if hold.kind == "guide"}
    assert answers == {"Gina": "lapsed", "Gil": "lapsed", "Nora": None}


async def test_without_a_gateway_nothing_is_booked(stage: Stage) -> None:
    _, booking = await accepted(stage, "plaza", deposit=DEPOSIT)
    stage.gateways.clear()
    await sagas.advance(stage.deps, booking)
    assert (await document(stage, booking)).state == "cancelled"


async def test_money_that_comes_when_all_is_over_is_given_back_once(stage: Stage) -> None:
    """[D5] The booking's workflow has ended by then, and nobody waits for anything any more."""
    _, booking = await accepted(stage, "plaza", deposit=DEPOSIT)
    await stage.settle()
    (deposit,) = ((await document(stage, booking)).booking or _none()).payments
    await stage.do("ana", "booking.cancel", booking_id=booking, reason="flood")
    await stage.settle()
    over = await stage.db.workflow(f"booking:{booking}")
    assert over is not None
    assert over.state == "done"
    for _ in range(2):
        await stage.bank.pay(deposit)
        await stage.settle()
    payments = ((await document(stage, booking)).booking or _none()).payments.values()
    assert [(one.kind, one.state) for one in payments] == [("deposit", "received"), ("refund", "received")]
    paid = await stage.db.local_payments(stage.now.replace(year=2020))
    assert [one.state for one in paid] == ["received"] * 2
    rows = await stage.db.ledger(booking)
    assert {row.kind for row in rows} == {"deposit", "refund"}
    for account in {row.account for row in rows}:
        assert sum(row.amount for row in rows if row.account == account) == 0
    assert (await sagas.plan(stage.deps, booking)).over
    late = await stage.db.workflow(f"booking:{booking}:late")
    assert late is not None
    assert late.state == "done"


def _none() -> Booking:
    raise AssertionError("no booking")


async def test_an_unknown_booking_is_not_found(stage: Stage) -> None:
    with pytest.raises(Refusal, match="no such booking"):
        await sagas.plan(stage.deps, "none")
    with pytest.raises(Refusal, match="no such booking"):
        await sagas.perform(stage.deps, "none", Action("confirm"))


async def test_a_notice_is_taken_once_and_only_if_it_is_signed(stage: Stage) -> None:
    """[D5] [S2]"""
    _, booking = await accepted(stage, "plaza", deposit=DEPOSIT)
    await stage.settle()
    q = await document(stage, booking)
    assert q.booking is not None
    (payment,) = q.booking.payments
    said: list[tuple[str, bytes, str]] = []

    async def overheard(*notice: Any) -> None:
        said.append(notice)
        await webhook(stage.deps, *notice)

    stage.bank._call_back = overheard
    for _ in range(2):
        await stage.bank.pay(payment)
    await stage.settle()
    assert len(said) == 2
    once = await document(stage, booking)
    await webhook(stage.deps, *said[0])
    await stage.settle()
    assert await document(stage, booking) == once
    name, body, signature = said[0]
    for forged in ((name, body + b" ", signature), (name, body, "t=1,v1=" + "0" * 64), ("nobody", body, signature)):
        with pytest.raises(Refusal) as refused:
            await webhook(stage.deps, *forged)
        assert refused.value.code in ("auth.invalid", "payment.not_found")
