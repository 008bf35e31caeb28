"""A stage for whole stories without sockets: a real database, the real use cases, and everybody's view of them.

What a channel's members were sent is read from the table of frames, which is what the relay sends.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID

import orjson

from backend.adapters.gateways.local import LocalGateway
from backend.adapters.ids import new_id
from backend.domain.events import Rules
from backend.domain.principals import Principal
from backend.domain.quotation import Hotel
from backend.services.auth import principal_of
from backend.services.clockwork import tick
from backend.services.commands import execute
from backend.services.deps import Deps
from backend.services.joining import authorise, room_state
from backend.services.payment_ports import Gateway
from backend.services.payments import webhook
from backend.services.ports import Database
from backend.services.records import Company, User
from privacy.audiences import audience_of
from privacy.patches import apply_patch
from privacy.presence import Entry
from rooms.positions import Position
from tests.support.printing import documents
from tests.support.reacting import react_to_all

HOTELS = ("plaza", "mirador", "sol")
PEOPLE = (
    User(id="admin", email="admin@test", name="Admin", role="admin", password_hash=""),
    User(id="ana", email="ana@test", name="Ana", role="agent", password_hash="", company_id="andes"),
    User(id="bruno", email="bruno@test", name="Bruno", role="agent", password_hash="", company_id="andes"),
    User(id="carla", email="carla@test", name="Carla", role="agent", password_hash="", company_id="rio"),
    User(id="clara", email="clara@test", name="Clara", role="client", password_hash="", customer_of="andes"),
    User(id="gina", email="gina@test", name="Gina", role="guide", password_hash=""),
    User(id="gil", email="gil@test", name="Gil", role="guide", password_hash=""),
    User(id="cesar", email="cesar@test", name="César", role="client", password_hash="", customer_of="andes"),
    *(
        User(id=f"{one}-desk", email=f"{one}@test", name=f"Desk {one}", role="hotel", password_hash="", hotel_id=one)
        for one in HOTELS
    ),
)
TERMS = {
    "title": "Cusco 2027",
    "destination": "Cusco",
    "check_in": "2027-03-01",
    "check_out": "2027-03-05",
    "rooms": {"double": 10, "single": 2},
    "adults": 22,
    "client_id": "clara",
}


def offer(rate: str = "100.00", **changes: Any) -> dict[str, Any]:
    """An offer's payload: ten doubles and two singles at `rate` USD."""
    net = {"amount": rate, "currency": "USD"}
    rooms = [
        {"type": "double", "net_rate": net, "per": "room_night", "quantity": 10},
        {"type": "single", "net_rate": net, "per": "room_night", "quantity": 2},
    ]
    return {"rooms": rooms, "board": "BB", **changes}


def ids_in_order() -> Callable[[], str]:
    """Fresh ids as the product makes them, but no two of one millisecond: lists by id have one order."""
    stamps = count(time.time_ns() // 1_000_000)

    def fresh() -> str:
        random = UUID(new_id()).int & ((1 << 80) - 1)
        return str(UUID(int=next(stamps) << 80 | random))

    return fresh


@dataclass
class Stage:
    """One database with three hotels, two agencies, two clients and an admin, and a clock that the test holds.

    `present` are the people in each quotation's room, by their id: who entered as what, with what in focus.
    """

    db: Database
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 10, tzinfo=UTC))
    deps: Deps = field(init=False)
    people: dict[str, Principal] = field(init=False)
    new_id: Callable[[], str] = field(default_factory=ids_in_order)
    present: dict[str, dict[str, Entry]] = field(default_factory=dict)
    gateways: dict[str, Gateway] = field(default_factory=dict)
    bank: LocalGateway = field(init=False)

    def __post_init__(self) -> None:
        self.deps = Deps(
            db=self.db,
            now=lambda: self.now,
            new_id=self.new_id,
            wake=lambda: None,
            rules=Rules(),
            margin_percent=Decimal(8),
            documents=documents(),
            gateways=self.gateways,
        )
        self.bank = LocalGateway(self.db, b"a secret of tests", partial(webhook, self.deps))
        self.gateways["local"] = self.bank
        self.people = {user.id: principal_of(user) for user in PEOPLE}

    async def set_up(self) -> "Stage":
        for company in ("andes", "rio"):
            await self.db.put_company(Company(id=company, name=company.title()))
        for rank, one in enumerate(HOTELS):
            await self.db.put_hotel(
                Hotel(id=one, name=f"Hotel {one.title()}", city="Cusco", rating=Decimal(3 + rank), capacity=200)
            )
        for user in PEOPLE:
            await self.db.put_user(user)
        return self

    async def do(self, who: str, command: str, **payload: Any) -> dict[str, Any]:
        """Runs a command as that person, under a fresh key unless one is given; the ack's data."""
        asked = {"key": self.new_id(), **payload}
        answer: dict[str, Any] = orjson.loads(await execute(self.deps, self.people[who], command, asked))
        return answer

    async def draft(self, who: str = "ana", **terms: Any) -> str:
        """Creates a quotation and gives its id."""
        created = await self.do(who, "quotation.create", **{**TERMS, **terms})
        return str(created["quotation"]["id"])

    async def published(self, *hotels: str, **terms: Any) -> str:
        quotation_id = await self.draft(**terms)
        await self.do("ana", "quotation.publish", quotation_id=quotation_id, hotel_ids=list(hotels or HOTELS))
        return quotation_id

    async def submit(self, hotel: str, quotation_id: str, rate: str = "100.00", **changes: Any) -> str:
        """Submits that hotel's offer and gives the offer's id."""
        done = await self.do(f"{hotel}-desk", "offer.submit", quotation_id=quotation_id, offer=offer(rate, **changes))
        return str(done["offer"]["id"])

    async def forward(self, **by: float) -> None:
        """Moves the clock on, as `timedelta(**by)`, and lets it do what is due."""
        self.now += timedelta(**by)
        await tick(self.deps)

    async def settle(self) -> int:
        """Does what the relay and the workers would by now; how many turns of workflows there were."""
        return await react_to_all(self.deps)

    async def enter(self, who: str, quotation_id: str, focus: str | None = None) -> None:
        """That person is in the quotation's room, at that field."""
        person, quotation = self.people[who], await self.db.quotation(quotation_id)
        audience = audience_of(person, quotation) if quotation else None
        if audience:
            self.present.setdefault(quotation_id, {})[who] = Entry(
                audience=audience,
                user_id=who,
                name=person.name,
                hotel_id=person.hotel_id,
                focus=focus,
                typing=focus is not None,
            )

    async def watch(self, who: str, room: str) -> "Watcher":
        """Joins as that person; the watcher's view starts with the snapshot."""
        state = await room_state(self.deps, self.people[who], room)
        position = Position(state.position.epoch, state.position.seq)
        return Watcher(self, who, room, state.channel, position, state.snapshot or {})


@dataclass
class Watcher:
    """A member of a channel that keeps its view by frames alone."""

    stage: Stage
    who: str
    room: str
    channel: str
    position: Position
    view: dict[str, Any]
    frames: list[dict[str, Any]] = field(default_factory=list)
    resets: int = 0

    async def catch_up(self) -> list[dict[str, Any]]:
        """Takes what the channel was sent since; starts anew from a snapshot after a reset."""
        now = (await self.stage.db.position([self.channel]))[self.channel]
        if now.epoch != self.position.epoch:
            await self._start_anew()
            return []
        stored = await self.stage.db.frames(self.channel, now.epoch, self.position.seq, 1_000)
        new = [orjson.loads(frame.body) for frame in stored]
        seqs = [frame["seq"] for frame in new]
        assert seqs == list(range(self.position.seq + 1, now.seq + 1)), f"[P4] a hole in {self.channel}: {seqs}"
        for frame in new:
            self.view = apply_patch(self.view, frame["data"]["change"])
        self.position = Position(now.epoch, now.seq)
        self.frames += new
        return new

    async def snapshot(self) -> dict[str, Any]:
        """What a fresh join would show."""
        return (await room_state(self.stage.deps, self.stage.people[self.who], self.room)).snapshot or {}

    async def may_watch(self) -> bool:
        return await authorise(self.stage.deps, self.stage.people[self.who], self.room) == self.channel

    async def _start_anew(self) -> None:
        fresh = await self.stage.watch(self.who, self.room)
        self.position, self.view = fresh.position, fresh.view
        self.resets += 1
