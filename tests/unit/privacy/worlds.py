"""Quotations in which every field is set, so that what a view leaves out is left out on purpose."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from backend.domain import awarding, booking, granting, guiding, repricing, rfq
from backend.domain.bookings import Guest
from backend.domain.computation.tariff import Costing, GuideRate, ItemRate, Rate, SalesTax, Tariff, VehicleRate
from backend.domain.events import Step
from backend.domain.offering import submit
from backend.domain.offers import (
    CancellationStage,
    ChildBand,
    DepositStage,
    Foc,
    OfferContent,
    OptionalService,
    RoomRate,
    Tax,
)
from backend.domain.programme import BandMarkup, GuideNeed, ItemNeed, Leg, Programme
from backend.domain.quotation import Hotel, Quotation
from backend.domain.terms import Budget, Criteria, Deposit, HotelSelection, PrivacySettings, Rooms, Terms
from privacy.facts import Fact, facts
from privacy.views import Views
from tests.support.domain import (
    ADMIN,
    ANA,
    CLIENT_ACTOR,
    DEADLINE,
    MIRADOR,
    NOW,
    PLAZA,
    World,
    guide,
    staff,
    terms,
    usd,
)
from tests.support.sagas import assignment_of, booking_of, carry_on, carry_out, fail, pay, plan_of

AUDIENCES = {"admin": "admin", "agency": "agency", "hotel": "hotel:plaza", "client": "client:client"}
"""The audience of each kind that the tests look through; the hotel is the one that wins."""


TARIFF = Tariff(
    id="peru-27",
    name="Peru 2027",
    currency="PEN",
    valid_from=date(2027, 1, 1),
    vehicles=(
        VehicleRate(
            code="coach",
            name="Coach",
            seats=40,
            day=Decimal(800),
            km=Decimal(2),
            toll_km=Decimal("0.1"),
            parking_day=Decimal(40),
        ),
    ),
    fuel_percent=Decimal(10),
    guides=(GuideRate(language="en", name="Guide in English", day=Decimal(360), overtime_hour=Decimal(60)),),
    staff_night=Decimal(200),
    staff_day=Decimal(80),
    items=(ItemRate(code="lunch", name="Lunch", category="meal", amount=Decimal(48), child=Decimal(24)),),
    contingency_percent=Decimal(3),
    taxes=(SalesTax(name="IGV", percent=Decimal(18)),),
)
COSTING = Costing(tariff=TARIFF, rate=Rate(base="PEN", quote="USD", rate=Decimal("0.25"), on=NOW.date()), on=NOW.date())
PROGRAMME = Programme(
    transport=(Leg(name="To Pisac", vehicle="coach", km=120, days=2),),
    guides=(GuideNeed(language="en", kind="local", days=2, overtime_hours=3),),
    items=(ItemNeed(code="lunch", times=2), ItemNeed(code="boat")),
    services=("spa",),
    bands=(10, 20, 40),
)
"""Everything that a programme can name, a boat among it that the tariff does not have."""


def facts_of(before: Quotation | None, step: Step) -> tuple[Fact, ...]:
    """What one step by itself tells."""
    return facts(Views(before), step, Views(step.after))


def whole_terms(**changes: Any) -> Terms:
    """Terms without a field at rest."""
    given: dict[str, Any] = {
        "rooms": Rooms(single=1, double=10, twin=2, triple=3, suite=1),
        "children_ages": (7, 9),
        "special_requirements": ("ramp",),
        "budget": Budget(min=usd(5000), max=usd(20000)),
        "deadline": DEADLINE,
        "hotel_selection": HotelSelection(
            mode="mixed",
            hotel_ids=("plaza",),
            criteria=Criteria(
                min_rating=Decimal(3),
                max_distance_km=Decimal(5),
                min_capacity=40,
                amenities=("wifi",),
                min_answer_rate=Decimal(50),
            ),
        ),
        "deposit": Deposit(required=True, percent=Decimal(30), due=date(2027, 1, 10)),
        "band_markups": (BandMarkup(band="40+", percent=Decimal(8)),),
        "programme": PROGRAMME,
        "notes": "For the platform.",
        "internal_notes": "Between us.",
    }
    return terms(**{**given, **changes})


def whole_content(rate: int = 100, **changes: Any) -> OfferContent:
    """An offer without a field at rest."""
    given: dict[str, Any] = {
        "rooms": (
            RoomRate(type="double", net_rate=usd(rate), quantity=10),
            RoomRate(type="triple", net_rate=usd(rate // 2), per="person_night", quantity=3),
        ),
        "single_supplement": usd(30),
        "triple_reduction": usd(5),
        "extra_bed": usd(20),
        "child_bands": (ChildBand(up_to=8, percent=Decimal(50)),),
        "board": "HB",
        "foc": Foc(free=1, per=20, unit="half_twin", cap=2),
        "taxes": (
            Tax(name="VAT", percent=Decimal(18)),
            Tax(name="City", included=False, per="pax", amount=usd(2)),
        ),
        "commission_percent": Decimal("7.5"),
        "included_services": ("porterage",),
        "excluded_services": ("minibar",),
        "optional_services": (OptionalService(name="spa", price=usd(46)),),
        "option_until": NOW + timedelta(days=30),
        "release_date": date(2027, 2, 1),
        "allotment": 20,
        "guaranteed": True,
        "deposits": (DepositStage(percent=Decimal(20), due=date(2027, 1, 5)),),
        "cancellation": (CancellationStage(days_before=30, penalty_percent=Decimal(50)),),
        "attrition_percent": Decimal(10),
        "valid_until": NOW + timedelta(days=60),
        "notes": "To the agency.",
        "internal_notes": "Among the staff.",
    }
    return OfferContent(**{**given, **changes})


def drafted(privacy: PrivacySettings | None = None, **changes: Any) -> World:
    return World(asked=whole_terms(privacy=privacy or PrivacySettings(), **changes))


def published(privacy: PrivacySettings | None = None, **changes: Any) -> World:
    """Out to three hotels, and extended once."""
    world = drafted(privacy, **changes)
    world.do(repricing.reprice, COSTING)
    world.publish()
    world.do(rfq.extend, DEADLINE + timedelta(days=1), "A holiday.", ANA)
    return world


def offered(privacy: PrivacySettings | None = None, **changes: Any) -> World:
    """Two of the three have offered; the plaza is the dearer one."""
    world = published(privacy, **changes)
    offer(world, PLAZA, 120)
    offer(world, MIRADOR, 100)
    return world


def granted(to: str = "plaza") -> World:
    world = offered()
    world.do(granting.grant, to, "A dispute.", ADMIN)
    return world


def awarded() -> World:
    world = granted("sol")
    world.award(PLAZA)
    return world


def rejected() -> World:
    """The client wants another proposal."""
    world = awarded()
    world.do(awarding.reject, "Too dear.", CLIENT_ACTOR)
    return world


def booked() -> World:
    """Accepted, paid, with a rooming list; the plaza has yet to confirm."""
    world = awarded()
    world.accept()
    carry_on(world)
    pay(world)
    carry_on(world)
    world.do(booking.set_rooming, [Guest(name="Ada", room="12", room_type="double", diet="vegan", remarks="-")], ANA)
    return world


def declined() -> World:
    """The hotel declined its line, another took its place, and the agency called everything off; a refund failed."""
    world = booked()
    world.do(booking.decline_line, line_id(world), "Overbooked.", staff(PLAZA))
    carry_on(world)
    world.do(booking.confirm_line, booking_of(world).live_lines[0].id, staff(MIRADOR))
    carry_on(world)
    world.clock.forward(days=60)
    world.do(booking.cancel, "No hotel.", ANA)
    while actions := plan_of(world).actions:
        for action in actions:
            (fail if action.name == "refund" else carry_out)(world, action)
    return world


def guided() -> World:
    """One guide declined, and the next, Gina, is asked."""
    world = awarded()
    world.guides = ("gil", "gina")
    world.accept()
    carry_on(world)
    pay(world)
    carry_on(world)
    world.do(booking.set_rooming, [Guest(name="Ada", room="12", diet="vegan")], ANA)
    world.do(booking.confirm_line, line_id(world), staff(PLAZA))
    carry_on(world)
    world.do(guiding.decline, assignment_of(world, "gil").id, "ill", guide("gil"))
    carry_on(world)
    return world


def line_id(world: World) -> str:
    assert world.q.booking
    return next(iter(world.q.booking.lines))


def offer(world: World, of: Hotel, rate: int = 100, **changes: Any) -> None:
    world.do(submit, whole_content(rate, **changes), staff(of))
