"""Stories that workers die in: a booking that is kept, one that is called off, one that no hotel wants, a quotation.

Each is played by many copies of one document at once, a round after the other: when every workflow is at rest, the
relay's reactions come first, then the people. So a story goes through the same boundaries whenever it is played.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal

from msgspec.structs import replace
from sqlalchemy import text

from backend.adapters.db.database import SqlDatabase
from backend.domain.bookings import Booking
from backend.domain.quotation import Quotation
from backend.domain.resources.guides import Spoken
from backend.services.ports import Database
from backend.services.reactions import react
from backend.services.records import Change, Target
from tests.support.catalogue import TARIFF
from tests.support.resources import FIRST, allot, guide, put, vehicle
from tests.support.stage import Stage

Name = Literal["kept", "called off", "unwanted", "quotation"]
NAMES: Final[tuple[Name, ...]] = ("kept", "called off", "unwanted", "quotation")
_SOON: Final = timedelta(days=100)
_NIGHTS: Final = 4
_LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)
_NOTES: Final = ("booking.step_changed", "quotation.repriced")
"""Events of progress: how many there are depends on what was noted, and which prices were known, when somebody died."""
_TERMS: Final = {
    "deposit": {"required": True, "percent": "20"},
    "programme": {"guides": [{"language": "es", "days": 2}], "transport": [{"km": 100, "days": 2}]},
}


@dataclass(frozen=True)
class Saga:
    """A workflow and its document."""

    story: Name
    quotation_id: str
    booking_id: str

    @property
    def workflow_id(self) -> str:
        return f"booking:{self.booking_id}" if self.booking_id else f"quotation:{self.quotation_id}"


@dataclass(frozen=True)
class Ending:
    """What came of a saga, without ids and times: equal for two that only deaths tell apart.

    Whom a booking asked for in vain, since others of the play were faster, is left out.
    """

    states: tuple[str, ...]
    events: Mapping[str, int]
    told: Mapping[tuple[str, str], int]
    payments: Mapping[tuple[str, str, str], int]
    gateway: Mapping[tuple[str, str], int]
    holds: Mapping[tuple[str, str], int]
    claims: Mapping[str, int]
    ledger: Mapping[tuple[str, str, int], int]


class Stories:
    """Many sagas on one database, their people, and the relay."""

    def __init__(self, database: Database, most: int) -> None:
        """`most` is how many sagas there will be at once."""
        self.stage = Stage(database, now=datetime.now(UTC))
        self.sagas: list[Saga] = []
        self._most = most
        self._originals: dict[bool, Quotation] = {}

    async def set_up(self) -> "Stories":
        """Everybody, and enough of everything for all of them."""
        stage, db = await self.stage.set_up(), self.stage.db
        native = (Spoken(language="es", level="native"),)
        await asyncio.gather(*(put(db, guide(f"guide{n}", languages=native)) for n in range(self._most)))
        await asyncio.gather(*(put(db, vehicle(f"bus{n}", seats=40)) for n in range(self._most)))
        first = (_check_in() - FIRST).days
        for hotel in ("plaza", "mirador"):
            rooms = 20 * self._most
            await allot(db, hotel, first, first + _NIGHTS, double=rooms, single=rooms)
        asked = await self._published()
        self._originals[False] = await self._stored(asked)
        accepted = await self._published()
        offers = [await stage.submit(hotel, accepted, rate) for hotel, rate in (("plaza", "90.00"), ("mirador", "95"))]
        await stage.do("ana", "quotation.award", quotation_id=accepted, offer_id=offers[0])
        await stage.do("clara", "quotation.accept", quotation_id=accepted)
        self._originals[True] = await self._stored(accepted)
        await put(db, replace(TARIFF, valid_from=_LONG_AGO.date()))
        await stage.db.forget([row.id for row in await stage.db.outbox(1_000)])
        return self

    async def begin(self, story: Name) -> Saga:
        """One more, whose workflow begins."""
        original = self._originals[story != "quotation"]
        booking = original.booking and replace(original.booking, id=self.stage.new_id())
        copy = replace(original, id=self.stage.new_id(), booking=booking)
        saga = Saga(story, copy.id, booking.id if booking else "")
        change = Change(answer=b"{}", quotation=copy, created=True)
        await self.stage.db.commit(Target(), lambda _: change)
        self.sagas.append(saga)
        return saga

    async def set_off(self, sagas: Iterable[Saga]) -> None:
        """Their workflows begin."""
        for saga in sagas:
            name, _, id_ = saga.workflow_id.partition(":")
            await self.stage.deps.workflows.begin(name, saga.workflow_id, {f"{name}_id": id_})

    async def clear(self) -> None:
        """Forgets the sagas, and gives back what they hold: the next ones need it."""
        for saga in self.sagas:
            claims = await self.stage.db.claims_of(saga.booking_id)
            await self.stage.db.release([claim.id for claim in claims])
        self.sagas.clear()

    async def go_on(self) -> bool:
        """The relay's part, or the people's if it has none; whether there was anything to do."""
        self.stage.now = datetime.now(UTC)
        if await self._react():
            return True
        done = [await _PEOPLE[saga.story](self, saga, await self._stored(saga.quotation_id)) for saga in self.sagas]
        return any(done)

    async def ending(self, saga: Saga) -> Ending:
        """What came of it so far."""
        q, db = await self._stored(saga.quotation_id), self.stage.db
        booking = q.booking
        payments = booking.payments.values() if booking else ()
        paid = [one for one in await db.local_payments(_LONG_AGO) if booking and one.booking_id == booking.id]
        lines = tuple(line.state for line in booking.lines.values()) if booking else ()
        steps = tuple(f"{name} {step.state}" for name, step in booking.steps.items()) if booking else ()
        events = Counter(stored.event.name for stored in await db.history(q.id, None, 1_000))
        holds = Counter((hold.kind, hold.state) for hold in (booking.holds.values() if booking else ()))
        for note in _NOTES:
            events.pop(note, None)
        for kind in ("guide", "vehicle"):
            holds.pop((kind, "refused"), None)
        rows = await db.ledger(booking.id) if booking else ()
        return Ending(
            states=(q.state, *lines, *steps),
            events=events,
            told=await self._told(saga),
            payments=Counter((one.kind, one.state, str(one.amount.amount)) for one in payments),
            gateway=Counter((one.state, str(one.amount.amount)) for one in paid),
            holds=holds,
            claims=Counter(claim.kind for claim in (await db.claims_of(booking.id) if booking else ())),
            ledger=Counter((row.account, row.kind, row.amount) for row in rows),
        )

    async def wear_on(self, q: Quotation) -> None:
        """Time passes until the proposal has less than a day; its workflow finds out when it is spoken to."""
        assert q.award is not None
        day = timedelta(days=1)
        award = replace(q.award, at=q.award.at - 10 * day, until=self.stage.now + day / 2)
        change = Change(answer=b"{}", quotation=replace(q, award=award))
        await self.stage.db.commit(Target(quotation_id=q.id), lambda _: change)
        await self.stage.deps.workflows.send(f"quotation:{q.id}", "changed", "time")

    async def _told(self, saga: Saga) -> Mapping[tuple[str, str], int]:
        """What is in whose inbox."""
        assert isinstance(self.stage.db, SqlDatabase)
        question = text("SELECT user_id, kind FROM notifications WHERE quotation_id = :id")
        rows = await self.stage.db.rows(question, {"id": saga.quotation_id})
        return Counter((row.user_id, row.kind) for row in rows)

    async def _published(self) -> str:
        first = _check_in()
        dates = {"check_in": first.isoformat(), "check_out": (first + timedelta(days=_NIGHTS)).isoformat()}
        return await self.stage.published("plaza", "mirador", **_TERMS, **dates)

    async def _stored(self, quotation_id: str) -> Quotation:
        found = await self.stage.db.quotation(quotation_id)
        assert found is not None
        return found

    async def _react(self) -> bool:
        """Hands what was committed to the reactions; whether there was anything."""
        db, any_ = self.stage.db, False
        while rows := await db.outbox(100):
            any_ = True
            for row in rows:
                for event in row.events:
                    await react(self.stage.deps, event)
            await db.forget([row.id for row in rows])
        return any_


def _check_in() -> date:
    return datetime.now(UTC).date() + _SOON


async def _client(stories: Stories, booking: Booking) -> bool:
    """Pays what is asked for."""
    asked = [one for one in booking.payments.values() if one.kind == "deposit" and one.state == "requested"]
    for payment in asked:
        if payment.reference:
            await stories.stage.bank.pay(payment.id)
    return any(payment.reference for payment in asked)


async def _hotels(stories: Stories, booking: Booking, verb: str) -> bool:
    """Those that are asked answer."""
    asked = [line for line in booking.live_lines if line.state == "pending"]
    for line in asked:
        on = {"booking_id": booking.id, "line_id": line.id, "reason": "so"}
        await stories.stage.do(f"{line.hotel_id}-desk", f"booking.{verb}_line", **on)
    return bool(asked)


async def _kept(stories: Stories, _: Saga, q: Quotation) -> bool:
    assert q.booking is not None
    return await _client(stories, q.booking) or await _hotels(stories, q.booking, "confirm")


async def _called_off(stories: Stories, saga: Saga, q: Quotation) -> bool:
    if q.state != "confirmed":
        return q.state != "cancelled" and await _kept(stories, saga, q)
    await stories.stage.do("ana", "booking.cancel", booking_id=saga.booking_id, reason="flood")
    return True


async def _unwanted(stories: Stories, _: Saga, q: Quotation) -> bool:
    assert q.booking is not None
    return await _client(stories, q.booking) or await _hotels(stories, q.booking, "decline")


async def _quotation(stories: Stories, saga: Saga, q: Quotation) -> bool:
    """Two hotels offer; the RFQ is closed and awarded; the client lets the proposal nearly run out, and accepts."""
    stage, on = stories.stage, {"quotation_id": q.id}
    told = await stories._told(saga)
    match q.state:
        case "published" if not q.offers:
            await stage.submit("plaza", q.id, "90.00")
        case "published":
            await stage.do("ana", "quotation.close", **on)
        case "reviewing":
            await stage.do("ana", "quotation.award", offer_id=next(iter(q.offers)), **on)
        case "awarded" if q.award and q.award.until - stage.now > timedelta(days=1):
            await stories.wear_on(q)
        case "awarded" if told["clara", "proposal.near"]:
            await stage.do("clara", "quotation.accept", **on)
        case _:
            return False
    return True


_PEOPLE: Final[Mapping[Name, Callable[[Stories, Saga, Quotation], Awaitable[bool]]]] = {
    "kept": _kept,
    "called off": _called_off,
    "unwanted": _unwanted,
    "quotation": _quotation,
}
