"""Builders for the domain: terms, offers, hotels, actors, and a context whose clock and ids the test holds.

`World` plays commands on one quotation as the services would: what is due first, then the command.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from msgspec.structs import replace

from backend.domain import awarding, editing, rfq
from backend.domain.due import due
from backend.domain.events import Context, Event, Rules, Step, Steps
from backend.domain.money import Money
from backend.domain.offering import submit
from backend.domain.offers import OfferContent, RoomRate
from backend.domain.principals import Actor
from backend.domain.quotation import Hotel, Party, Quotation
from backend.domain.terms import HotelSelection, Rooms, Terms

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
DEADLINE = NOW + timedelta(days=7)

COMPANY = Party(id="andes", name="Andes Viajes", email="hello@andes.demo")
CLIENT = Party(id="client", name="Clara Client", email="client@andes.demo")

ADMIN = Actor(kind="admin", id="admin", name="Admin")
ANA = Actor(kind="agent", id="ana", name="Ana", company_id=COMPANY.id)
BRUNO = Actor(kind="agent", id="bruno", name="Bruno", company_id=COMPANY.id)
CLIENT_ACTOR = Actor(kind="client", id=CLIENT.id, name=CLIENT.name)


def usd(amount: str | int) -> Money:
    return money_in("USD", amount)


def money_in(currency: str, amount: str | int = 1) -> Money:
    return Money(Decimal(amount), currency)


def hotel(id_: str, **changes: Any) -> Hotel:
    """A good, large hotel in Cusco."""
    given: dict[str, Any] = {
        "name": id_.title(),
        "city": "Cusco",
        "rating": Decimal(4),
        "distance_km": Decimal(1),
        "capacity": 120,
        "amenities": ("wifi", "breakfast"),
        "answer_rate": Decimal(90),
    }
    return Hotel(id=id_, **{**given, **changes})


PLAZA, MIRADOR, SOL = hotel("plaza"), hotel("mirador", rating=Decimal(5)), hotel("sol", rating=Decimal(3))
HOTELS = (PLAZA, MIRADOR, SOL)


def staff(of: Hotel) -> Actor:
    """A person of that hotel."""
    return Actor(kind="hotel", id=f"staff-{of.id}", name=f"Staff of {of.name}", hotel_id=of.id)


def guide(user_id: str) -> Actor:
    """A guide with a login."""
    return Actor(kind="guide", id=user_id, name=user_id.title())


def terms(**changes: Any) -> Terms:
    """A complete RFQ: 10 doubles for 20 people over 4 nights in Cusco."""
    given: dict[str, Any] = {
        "title": "Cusco 2027",
        "destination": "Cusco",
        "check_in": date(2027, 3, 1),
        "check_out": date(2027, 3, 5),
        "rooms": Rooms(double=10),
        "adults": 20,
        "hotel_selection": HotelSelection(hotel_ids=tuple(one.id for one in HOTELS)),
        "client_id": CLIENT.id,
    }
    return Terms(**{**given, **changes})


def content(rate: str | int = 100, **changes: Any) -> OfferContent:
    """Ten doubles at `rate` USD per room and night."""
    rooms = (RoomRate(type="double", net_rate=usd(rate), quantity=10),)
    return OfferContent(**{"rooms": rooms, **changes})


@dataclass
class Clock:
    """A time that only the test moves, and ids that count: they are not secret here."""

    now: datetime = NOW
    rules: Rules = field(default_factory=Rules)
    prefix: str = "id"
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def context(self) -> Context:
        return Context(now=self.now, new_id=lambda: f"{self.prefix}-{next(self._numbers):08d}", rules=self.rules)

    def forward(self, **by: float) -> None:
        """Moves on, as `timedelta(**by)`."""
        self.now += timedelta(**by)


@dataclass
class World:
    """One quotation, its clock and everything that happened to it. `guides` are those with a login, the best first."""

    clock: Clock = field(default_factory=Clock)
    asked: Terms = field(default_factory=terms)
    client: Party | None = CLIENT
    guides: tuple[str, ...] = ()
    steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        client = self.client if self.asked.client_id else None
        self.steps += editing.create(COMPANY, client, self.asked, ANA, Decimal(8), self.clock.context())

    @property
    def q(self) -> Quotation:
        return self.steps[-1].after

    @property
    def events(self) -> list[Event]:
        return [step.event for step in self.steps]

    def settle(self) -> Steps:
        """Does what is due."""
        return self._store(due(self.q, self.clock.context()))

    def do(self, command: Callable[..., Steps], *given: Any, **named: Any) -> Steps:
        """Does what is due, then `command(q, *given, ctx=…, **named)`."""
        self.settle()
        return self._store(command(self.q, *given, ctx=self.clock.context(), **named))

    def edit(self, base_version: int, by: Actor = ANA, client: Party | None = None, **values: Any) -> Steps:
        """Edits fields; `rooms__double` names `rooms.double`."""
        changes = [(name.replace("__", "."), value) for name, value in values.items()]
        return self.do(editing.edit, base_version, changes, client, by)

    def publish(self, *hotels: Hotel, deadline: datetime | None = None) -> Steps:
        return self.do(rfq.publish, hotels or HOTELS, ANA, deadline=deadline)

    def offer(self, of: Hotel, rate: str | int = 100, **changes: Any) -> str:
        """Submits and gives the offer's id."""
        self.do(submit, content(rate, **changes), staff(of))
        return self.offer_id(of)

    def offer_id(self, of: Hotel) -> str:
        offer = self.q.offer_of(of.id)
        if offer is None:
            raise LookupError(of.id)
        return offer.id

    def award(self, of: Hotel) -> Steps:
        return self.do(awarding.award, self.offer_id(of), ANA)

    def accept(self) -> Steps:
        return self.do(awarding.accept, CLIENT_ACTOR)

    def _store(self, new: Steps) -> Steps:
        serial = self.q.serial
        numbered = [
            Step(step.event, replace(step.after, serial=serial + place)) for place, step in enumerate(new, start=1)
        ]
        self.steps += numbered
        return tuple(numbered)
