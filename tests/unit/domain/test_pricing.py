"""The price chain, to the cent."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from backend.domain.computation.accommodation import AgencyTax, agency, commission, net_total
from backend.domain.computation.selling import selling
from backend.domain.computation.stay import bands, free_places, heads_of
from backend.domain.money import Money, minor_digits, money
from backend.domain.offers import Foc, OfferContent, RoomRate, Tax
from tests.support.domain import content, money_in, terms, usd

MARGIN = Decimal(8)


def rates(*rooms: tuple[Any, str, Any, int], **changes: Any) -> OfferContent:
    """Rooms as (type, rate in USD, per, quantity)."""
    made = tuple(RoomRate(type=kind, net_rate=usd(rate), per=per, quantity=n) for kind, rate, per, n in rooms)
    return content(rooms=made, **changes)


PER_PERSON = rates(
    ("double", "40", "person_night", 6),
    ("single", "40", "person_night", 2),
    ("triple", "40", "person_night", 2),
    single_supplement=usd(15),
    triple_reduction=usd(5),
)


def test_a_room_costs_its_rate_each_night() -> None:
    offer = rates(("double", "100", "room_night", 8), ("single", "80.50", "room_night", 4), single_supplement=usd(30))
    assert net_total(offer, terms()) == usd((800 + 322) * 4)


def test_rates_per_person_count_beds_with_supplement_and_reduction() -> None:
    per_night = 6 * 2 * 40 + 2 * (40 + 15) + 2 * 3 * (40 - 5)
    assert net_total(PER_PERSON, terms()) == usd(per_night * 4)


def test_a_reduction_never_makes_a_price_negative() -> None:
    offer = rates(("triple", "40", "person_night", 2), triple_reduction=usd(50))
    assert net_total(offer, terms()) == usd(0)
    assert selling(offer, terms(), MARGIN).bands["10-14"] == usd(0)


def test_without_dates_nothing_costs_anything() -> None:
    assert net_total(content(), terms(check_in=None)) == usd(0)


@pytest.mark.parametrize(
    ("foc", "heads", "free"),
    [
        (None, 100, 0),
        (Foc(per=20), 20, 0),
        (Foc(per=20), 21, 1),
        (Foc(per=20), 41, 1),
        (Foc(per=20), 42, 2),
        (Foc(per=20, cap=1), 63, 1),
        (Foc(per=20, free=2), 21, 1),
        (Foc(per=20, free=2), 22, 2),
        (Foc(per=20, free=2), 43, 3),
        (Foc(per=20, free=0), 40, 0),
        (Foc(per=1), 10, 5),
    ],
)
def test_free_places_are_those_that_the_others_pay_for(foc: Foc | None, heads: int, free: int) -> None:
    assert free_places(foc, heads) == free


@pytest.mark.parametrize(
    ("unit", "rooms", "worth"),
    [
        ("half_twin", [("double", "100", "room_night", 11)], "50"),
        ("half_twin", [("double", "100", "room_night", 10), ("twin", "90", "room_night", 1)], "45"),
        ("half_twin", [("double", "45", "person_night", 11)], "45"),
        ("half_twin", [("single", "80", "room_night", 11)], "80"),
        ("single", [("double", "100", "room_night", 10), ("single", "80", "room_night", 1)], "80"),
        ("single", [("double", "45", "person_night", 10), ("single", "45", "person_night", 1)], "65"),
        ("single", [("double", "100", "room_night", 11)], "50"),
        ("half_twin", [("double", "100", "room_night", 6), ("double", "90", "room_night", 5)], "50"),
    ],
)
def test_a_free_place_is_worth_half_a_twin_or_a_single(unit: Any, rooms: Any, worth: str) -> None:
    asked = terms(adults=21)
    plain = rates(*rooms, single_supplement=usd(20))
    with_foc = rates(*rooms, single_supplement=usd(20), foc=Foc(per=20, unit=unit))
    saved = net_total(plain, asked).amount - net_total(with_foc, asked).amount
    assert saved == Decimal(worth) * 4


def test_children_are_people_and_beds_stand_in_while_nobody_has_counted() -> None:
    assert heads_of(PER_PERSON, terms(adults=18, children_ages=(4, 9))) == 20
    assert heads_of(PER_PERSON, terms(adults=0)) == 6 * 2 + 2 + 2 * 3


def test_the_agency_pays_a_price_of_which_the_margin_is_a_share() -> None:
    price = agency(PER_PERSON, terms(), MARGIN)
    assert price.card.rates == (usd("43.48"),) * 3
    assert (price.card.supplement, price.card.reduction) == (usd("16.30"), usd("5.43"))
    per_night = 12 * Decimal("43.48") + 2 * Decimal("59.78") + 6 * Decimal("38.05")
    assert price.total == usd(str(per_night * 4))


def test_equal_agency_rates_make_equal_totals_whatever_the_margin() -> None:
    """[P2] To an agent, runs with equal agency prices look the same."""
    foc = Foc(per=19)
    low, high = content("92.00", foc=foc), content("91.00", foc=foc)
    assert agency(low, terms(), Decimal(8)).lines == agency(high, terms(), Decimal(9)).lines
    assert selling(low, terms(), Decimal(8)) == selling(high, terms(), Decimal(9))


def test_rounding_is_half_even_to_the_currencys_minor_unit() -> None:
    half = content("0.05")
    assert agency(half, terms(), Decimal(60)).card.rates == (usd("0.12"),)
    yen = (RoomRate(type="double", net_rate=money_in("JPY", 1001), quantity=1),)
    assert agency(content(rooms=yen), terms(), Decimal(50)).card.rates == (money_in("JPY", 2002),)
    dinar = (RoomRate(type="double", net_rate=money_in("KWD", "1.001"), quantity=1),)
    assert net_total(content(rooms=dinar), terms()) == money_in("KWD", "4.004")


def test_the_hotel_pays_a_commission_of_its_net_total() -> None:
    assert commission(content("33.33", commission_percent=Decimal("12.5")), terms()) == usd("166.65")


def test_taxes_at_the_hotel_are_told_in_the_agencys_terms() -> None:
    taxes = (
        Tax(name="vat", included=True, percent=Decimal(18)),
        Tax(name="service", included=False, percent=Decimal(10)),
        Tax(name="arrival", included=False, per="pax", amount=usd(3)),
        Tax(name="city", included=False, per="night", amount=usd(2)),
        Tax(name="fee", included=False, per="stay", amount=usd(50)),
    )
    price = agency(content(92, taxes=taxes), terms(), MARGIN)
    assert price.total == usd(4000)
    assert price.taxes == (
        AgencyTax("vat", True, "stay", None),
        AgencyTax("service", False, "stay", usd(400)),
        AgencyTax("arrival", False, "pax", usd(60)),
        AgencyTax("city", False, "night", usd(80)),
        AgencyTax("fee", False, "stay", usd(50)),
    )


def test_the_client_pays_the_markup_on_top() -> None:
    offer = content(92, single_supplement=usd(23), triple_reduction=usd("9.20"))
    sold = selling(offer, terms(markup_percent=Decimal("12.5")), MARGIN)
    assert sold.total == usd(4500)
    assert sold.per_person == usd(225)
    assert (sold.single_supplement, sold.triple_reduction) == (usd("112.50"), usd(45))
    assert sold.bands == dict.fromkeys([band.name for band in bands()], usd(225))
    assert list(sold.bands) == ["10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40+"]


def test_paying_people_share_what_a_free_single_saves() -> None:
    offer = rates(
        ("twin", "92", "room_night", 10),
        ("single", "92", "room_night", 1),
        foc=Foc(per=20, unit="single"),
    )
    sold = selling(offer, terms(adults=21, markup_percent=Decimal(0)), MARGIN)
    assert sold.total == usd(4000)
    assert sold.per_person == usd(200)
    # 40 people: 40 x 50 a night less one free single at 100, over 39 who pay.
    assert sold.bands["40+"] == usd("194.87")
    assert sold.bands["20-24"] == usd(200)


def test_a_group_of_nobody_still_has_a_price() -> None:
    empty = rates(("double", "100", "room_night", 0))
    sold = selling(empty, terms(adults=0), MARGIN)
    assert (sold.total, sold.per_person) == (usd(0), usd(0))


def test_the_dearest_offer_that_can_be_written_has_a_price() -> None:
    """[S2] No sound offer is too large to compute."""
    dear = tuple(
        RoomRate(type="triple", net_rate=usd("999999999999.99"), per="person_night", quantity=5000) for _ in "x" * 20
    )
    offer = content(rooms=dear, single_supplement=usd("999999999999.99"), foc=Foc(per=1, free=10))
    asked = terms(check_out=date(2028, 3, 1), markup_percent=Decimal(1000), adults=5000)
    assert selling(offer, asked, Decimal(90)).total.amount > 10**20


@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity", "0.001", "1e24"])
def test_an_amount_is_finite_not_negative_and_in_minor_units(amount: str) -> None:
    with pytest.raises(ValueError, match="an amount"):
        Money(Decimal(amount), "USD")


def test_equal_money_is_equal_text() -> None:
    """[P2] Digits do not tell how an amount was written."""
    for written in ("5", "5.0", "5.00", "0.5e1"):
        assert str(usd(written).amount) == "5.00"
    assert str(usd("-0").amount) == "0.00"
    assert (minor_digits("CLP"), minor_digits("EUR")) == (0, 2)
    assert money(Decimal("2.345"), "EUR") == money_in("EUR", "2.34")
