"""The computation of a whole trip, to the cent: each case is worked out by hand beside it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from backend.domain.computation.accommodation import agency, net_total
from backend.domain.computation.computed import compute, running_of, sold
from backend.domain.computation.lines import Line
from backend.domain.computation.stay import bands, markup_of
from backend.domain.computation.tariff import Costing, GuideRate, ItemRate, Rate, SalesTax, Tariff, VehicleRate
from backend.domain.offers import ChildBand, Foc, OfferContent, OptionalService
from backend.domain.programme import BandMarkup, GuideNeed, ItemNeed, Leg, Programme
from backend.domain.quotation import Quotation
from tests.support.domain import NOW, World, content, terms, usd

DAY = NOW.date()


def quotation(costing: Costing | None, margin: str = "20", **asked: Any) -> Quotation:
    """20 people in 10 doubles for 4 nights, unless asked otherwise."""
    return replace(World(asked=terms(**asked)).q, costing=costing, margin_percent=Decimal(margin))


def amounts(lines: tuple[Line, ...], layer: str) -> dict[str, str]:
    """Quantity x unit = amount, by line."""
    return {
        line.id: f"{'-' if line.less else ''}{line.quantity} x {line.unit.amount} = {line.amount.amount}"
        for line in lines
        if line.layer == layer
    }


VAN = VehicleRate(code="van", name="Van", seats=7, day=Decimal(100), km=Decimal("0.5"))
COACH = VehicleRate(
    code="coach",
    name="Coach",
    seats=45,
    day=Decimal(300),
    km=Decimal(1),
    toll_km=Decimal("0.1"),
    parking_day=Decimal(20),
)
TARIFF = Tariff(
    id="t",
    name="2027",
    currency="USD",
    valid_from=date(2027, 1, 1),
    vehicles=(VAN, COACH),
    fuel_percent=Decimal(10),
    guides=(
        GuideRate(language="en", kind="local", name="English", day=Decimal(90), overtime_hour=Decimal(15)),
        GuideRate(language="es", kind="escort", day=Decimal(120), lodged=True),
    ),
    staff_night=Decimal(50),
    staff_day=Decimal(20),
    items=(
        ItemRate(code="ticket", name="Ticket", category="ticket", amount=Decimal(40), child=Decimal(20)),
        ItemRate(code="permit", name="Permit", category="permit", per="group", amount=Decimal(150)),
        ItemRate(code="water", name="Water", category="water", amount=Decimal(1)),
    ),
)
COSTING = Costing(tariff=TARIFF, on=DAY)
TOUR = Programme(
    transport=(Leg(name="Valley", km=200, days=2),),
    guides=(
        GuideNeed(language="en", kind="local", days=2, overtime_hours=3),
        GuideNeed(language="es", kind="escort", days=5),
    ),
    items=(ItemNeed(code="ticket"), ItemNeed(code="permit")),
)
FAMILIES: dict[str, Any] = {"adults": 18, "children_ages": (7, 9), "programme": TOUR}


def test_a_whole_trip_line_by_line() -> None:
    """18 adults and 2 children with two guides need 22 seats. Margin 20%: a cost of 80 is 100 for the agency.

    Four vans: 4 x (2 days 200 + road 100 + fuel 10 + driver's night 50 and meals 40) = 1600. A coach: 600 + 200 + 20 +
    tolls 20 + parking 40 + 50 + 40 = 970, so a coach it is.
    """
    q = quotation(COSTING, **FAMILIES)
    made = compute(q, content(80))
    assert amounts(made.lines, "cost") == {
        "room-1": "40 x 80.00 = 3200.00",
        "accommodation-margin": "1 x 800.00 = 800.00",
        "transport-1-vehicle": "1 x 600.00 = 600.00",
        "transport-1-distance": "1 x 200.00 = 200.00",
        "transport-1-fuel": "1 x 20.00 = 20.00",
        "transport-1-tolls": "1 x 20.00 = 20.00",
        "transport-1-parking": "1 x 40.00 = 40.00",
        "transport-1-lodging": "1 x 50.00 = 50.00",
        "transport-1-meals": "2 x 20.00 = 40.00",
        "guide-1-fee": "2 x 90.00 = 180.00",
        "guide-1-overtime": "3 x 15.00 = 45.00",
        "guide-1-meals": "2 x 20.00 = 40.00",
        "guide-2-fee": "5 x 120.00 = 600.00",
        "guide-2-lodging": "4 x 50.00 = 200.00",
        "guide-2-meals": "5 x 20.00 = 100.00",
        "item-ticket": "18 x 40.00 = 720.00",
        "item-ticket-child": "2 x 20.00 = 40.00",
        "item-permit": "1 x 150.00 = 150.00",
        "contingency": "1 x 0.00 = 0.00",
        # 3045 of running costs are 3806.25 for the agency.
        "margin": "1 x 761.25 = 761.25",
    }
    assert amounts(made.lines, "agency") == {
        "room-1": "40 x 100.00 = 4000.00",
        "transport-1-vehicle": "1 x 750.00 = 750.00",
        "transport-1-distance": "1 x 250.00 = 250.00",
        "transport-1-fuel": "1 x 25.00 = 25.00",
        "transport-1-tolls": "1 x 25.00 = 25.00",
        "transport-1-parking": "1 x 50.00 = 50.00",
        "transport-1-lodging": "1 x 62.50 = 62.50",
        "transport-1-meals": "2 x 25.00 = 50.00",
        "guide-1-fee": "2 x 112.50 = 225.00",
        "guide-1-overtime": "3 x 18.75 = 56.25",
        "guide-1-meals": "2 x 25.00 = 50.00",
        "guide-2-fee": "5 x 150.00 = 750.00",
        "guide-2-lodging": "4 x 62.50 = 250.00",
        "guide-2-meals": "5 x 25.00 = 125.00",
        "item-ticket": "18 x 50.00 = 900.00",
        "item-ticket-child": "2 x 25.00 = 50.00",
        "item-permit": "1 x 187.50 = 187.50",
        # 10% of 7806.25 is 780.625; the price of 8586.875 is a tie, and 8 is even.
        "markup": "1 x 780.63 = 780.63",
    }
    assert made.agency_price == usd("7806.25")
    assert amounts(made.lines, "selling") == {"trip": "1 x 8586.88 = 8586.88"}
    assert (made.selling.total, made.selling.per_person) == (usd("8586.88"), usd("429.34"))


def test_what_each_pays_by_the_size_of_the_group() -> None:
    """Half a double for 4 nights is 200, then what is shared, then 10%. All are adults in the table.

    The coach is 1212.50 and the guides are 1456.25 for whomever; the permit is 187.50, each ticket 50.
    10-14: 16 seats; three vans would be 1500. (1212.50 + 1456.25 + 187.50 + 10 x 50) / 10 = 335.625; 535.625 x 1.1
    40+: 42 seats. (2856.25 + 40 x 50) / 40 = 121.40625; 321.40625 x 1.1
    """
    sold_at = compute(quotation(COSTING, **FAMILIES), content(80)).selling.bands
    assert (sold_at["10-14"], sold_at["40+"]) == (usd("589.19"), usd("353.55"))


def test_a_small_group_goes_by_van() -> None:
    """4 people and no guide: a van is 200 + 100 + 10 + 50 + 40 = 400, a coach 970. In a band of 3 to 8 it has to
    seat 8, which takes two vans at 800."""
    tour = Programme(transport=TOUR.transport, bands=(3, 9))
    costs = running_of(quotation(COSTING, margin="0", adults=4, programme=tour))
    assert costs
    assert costs.lines[0].name == "Van"
    assert costs.total == usd(400)
    assert costs.bands == (usd(800), usd(800))


@pytest.mark.parametrize(("vehicle", "count", "name"), [("van", 3, "Van"), ("coach", 1, "Coach"), (None, 1, "Coach")])
def test_a_vehicle_may_be_asked_for(vehicle: str | None, count: int, name: str) -> None:
    tour = Programme(transport=(Leg(vehicle=vehicle, km=10),))
    costs = running_of(quotation(COSTING, programme=tour))
    assert costs
    assert (costs.lines[0].quantity, costs.lines[0].name) == (count, name)
    assert "transport-1-lodging" not in {line.id for line in costs.lines}


def test_exchange_contingency_and_margin_are_rounded_one_after_the_other() -> None:
    """A guide at 333.33 PEN: x 0.25 = 83.3325, 83.33; x 1.05 = 87.4965, 87.50; / 0.92 = 95.1087, 95.11.

    Three days: 249.99 + 3 x 4.17 + 3 x 7.61 = 285.33. With rooms at 4000 the agency pays 4285.33; x 1.125 is
    4820.99625, 4821.00; 18% of that is 867.78, in all 5688.78; for each of 20 284.439.
    """
    soles = Tariff(
        id="pen",
        name="Soles",
        currency="PEN",
        valid_from=DAY,
        guides=(GuideRate(language="qu", day=Decimal("333.33")),),
        contingency_percent=Decimal(5),
        taxes=(SalesTax(name="IGV", percent=Decimal(18)),),
    )
    rate = Rate(base="PEN", quote="USD", rate=Decimal("0.25"), on=DAY)
    tour = Programme(guides=(GuideNeed(language="qu", days=3),))
    q = quotation(Costing(tariff=soles, rate=rate, on=DAY), margin="8", programme=tour, markup_percent=Decimal("12.5"))
    made = compute(q, content(92))
    assert amounts(made.lines, "cost") == {
        "room-1": "40 x 92.00 = 3680.00",
        "accommodation-margin": "1 x 320.00 = 320.00",
        "guide-1-fee": "3 x 83.33 = 249.99",
        "contingency": "1 x 12.51 = 12.51",
        "margin": "1 x 22.83 = 22.83",
    }
    assert made.agency_price == usd("4285.33")
    assert amounts(made.lines, "selling") == {"trip": "1 x 4821.00 = 4821.00", "tax-IGV": "1 x 867.78 = 867.78"}
    assert (made.selling.total, made.selling.per_person) == (usd("5688.78"), usd("284.44"))
    assert made.selling.before_taxes == usd(4821)
    # 20-24: 200 + 285.33 / 20 = 214.2665; x 1.125 x 1.18
    assert made.selling.bands["20-24"] == usd("284.44")


def test_extra_beds_children_and_free_places() -> None:
    """22 people and 20 beds: the children of 4 and 8 get extra beds, the one of 10 shares. One of 22 goes free.

    Rooms 10 x 100 x 4 = 4000, extra beds 2 x 25 x 4 = 200. The one of 4 goes free: 100; the one of 8 pays half of an
    extra bed: 50 less; the one of 10 half of 50 a night: 100 less. The free place is 4 x 50 = 200.
    """
    offer = content(
        92,
        extra_bed=usd(23),
        child_bands=(ChildBand(up_to=5, percent=Decimal(0)), ChildBand(up_to=11, percent=Decimal(50))),
        foc=Foc(per=20),
    )
    asked = terms(adults=19, children_ages=(10, 4, 8))
    price = agency(offer, asked, Decimal(8))
    assert amounts(price.lines, "agency") == {
        "room-1": "40 x 100.00 = 4000.00",
        "extra-beds": "8 x 25.00 = 200.00",
        "children-0-5-extra-bed": "-4 x 25.00 = 100.00",
        "children-6-11-extra-bed": "-4 x 12.50 = 50.00",
        "children-6-11-room": "-4 x 25.00 = 100.00",
        "free-places": "-4 x 50.00 = 200.00",
    }
    assert price.total == usd(3750)
    # Net: 3680 + 8 x 23 - 4 x 23 - 4 x 11.50 - 4 x 23 - 4 x 46
    assert net_total(offer, asked) == usd(3450)
    reductions = compute(quotation(None, margin="8", adults=19, children_ages=(10, 4, 8)), offer).selling
    # 4 nights x 50, and x 25, and the markup of 10%.
    assert reductions.child_reductions == {"0-5": usd(220), "6-11": usd(110)}


def test_reductions_take_no_more_than_there_is() -> None:
    """Two people in a double at 100 with 40 children who pay nothing, and half of whom go free besides."""
    free = (ChildBand(up_to=17, percent=Decimal(0)),)
    offer = OfferContent(rooms=(replace(content(100).rooms[0], quantity=1),), child_bands=free, foc=Foc(per=1))
    asked = terms(adults=2, children_ages=(5,) * 40)
    assert net_total(offer, asked) == usd(0)


def test_optional_services_of_the_hotel_are_taken_where_they_are_wanted() -> None:
    """Once for the group: 46 net are 50 for the agency; the dinner is not wanted, and no part of the hotel's total."""
    services = (OptionalService(name="Spa ", price=usd(46)), OptionalService(name="dinner", price=usd(10)))
    q = quotation(COSTING, margin="8", programme=Programme(services=("spa",)))
    made = compute(q, content(92, optional_services=services))
    assert amounts(made.lines, "agency")["service-1"] == "1 x 50.00 = 50.00"
    assert "service-2" not in amounts(made.lines, "agency")
    assert made.agency_price == usd(4050)
    assert net_total(content(92, optional_services=services), q.terms) == usd(3680)


def test_a_band_may_have_a_markup_of_its_own() -> None:
    q = quotation(None, margin="8", band_markups=(BandMarkup(band="20-24", percent=Decimal(25)),))
    made = compute(q, content(92)).selling
    assert made.total == usd(5000)
    assert (made.bands["20-24"], made.bands["25-29"]) == (usd(250), usd(220))
    assert [markup_of(q.terms, size) for size in (9, 19, 20, 24, 25, 99)] == [10, 10, 25, 25, 10, 10]


def test_bands_are_those_of_the_programme() -> None:
    assert [band.name for band in bands((2, 6, 7))] == ["2-5", "6-6", "7+"]
    made = compute(quotation(COSTING, programme=Programme(bands=(2, 6))), content(80)).selling
    assert list(made.bands) == ["2-5", "6+"]


@pytest.mark.parametrize("costing", [None, Costing(tariff=replace(TARIFF, currency="PEN"), on=DAY)])
def test_what_has_no_price_is_missing_and_in_no_figure(costing: Costing | None) -> None:
    """Without a tariff, or without a rate for its currency, nothing has; the rest is priced."""
    costs = running_of(quotation(costing, programme=TOUR))
    assert costs
    assert costs.missing == ("transport-1", "guide-1", "guide-2", "item-ticket", "item-permit")
    assert (costs.total, costs.lines, costs.taxes) == (usd(0), (), ())
    assert compute(quotation(costing, programme=TOUR), content(80)).agency_price == usd(4000)


def test_what_the_tariff_does_not_have_is_missing_by_itself() -> None:
    tour = Programme(
        transport=(Leg(vehicle="boat"), Leg(vehicle="van")),
        guides=(GuideNeed(language="ja"),),
        items=(ItemNeed(code="lunch"), ItemNeed(code="water", times=3)),
    )
    costs = running_of(quotation(COSTING, margin="0", programme=tour))
    assert costs
    assert costs.missing == ("transport-1", "guide-1", "item-lunch")
    assert {line.id: line.quantity for line in costs.lines if line.kind == "water"} == {"item-water": 60}


def test_while_nobody_has_counted_the_beds_asked_for_stand_in() -> None:
    costs = running_of(quotation(COSTING, adults=0, programme=Programme(items=(ItemNeed(code="water"),))))
    assert costs
    assert costs.lines[0].quantity == 20


def test_without_a_programme_a_tariff_changes_nothing() -> None:
    offer = content(80, foc=Foc(per=10))
    assert running_of(quotation(COSTING)) is None
    taxed = replace(COSTING, tariff=replace(TARIFF, taxes=(SalesTax(name="IGV", percent=Decimal(18)),)))
    assert compute(quotation(taxed), offer) == compute(quotation(None), offer)
    assert sold(quotation(COSTING)) is None
