"""What holds of a computation whatever is computed."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from msgspec.structs import replace

from backend.domain.computation.accommodation import agency, net_total
from backend.domain.computation.chain import Chain
from backend.domain.computation.computed import compute, running_of
from backend.domain.computation.lines import Line, total_of
from backend.domain.computation.running import Trip, running
from backend.domain.computation.stay import bands_of, free_places, paying_of
from backend.domain.computation.tariff import Costing, GuideRate, ItemRate, Rate, SalesTax, Tariff, VehicleRate
from backend.domain.offers import ChildBand, Foc, OfferContent, OptionalService, RoomRate
from backend.domain.programme import GuideNeed, ItemNeed, Leg, Programme
from backend.domain.quotation import Quotation
from tests.support.domain import World, terms, usd

DAY = date(2027, 1, 1)

costs = st.decimals(0, 2_000, places=2)
percents = st.decimals(0, 60, places=1)
rates = st.decimals("0.01", 40, places=4)
fees = st.decimals(1, 900, places=2).map(usd)
tariffs = st.builds(
    Tariff,
    id=st.just("t"),
    name=st.just("t"),
    currency=st.just("PEN"),
    valid_from=st.just(DAY),
    vehicles=st.tuples(
        *(
            st.builds(
                VehicleRate,
                code=st.just(code),
                name=st.just(code),
                seats=st.integers(3, 50),
                day=costs,
                km=st.decimals(0, 5, places=3),
                toll_km=st.decimals(0, 1, places=3),
                parking_day=costs,
            )
            for code in ("van", "coach")
        )
    ),
    fuel_percent=percents,
    guides=st.tuples(
        st.builds(GuideRate, language=st.just("en"), day=costs, overtime_hour=costs, lodged=st.booleans())
    ),
    staff_night=costs,
    staff_day=costs,
    items=st.tuples(
        st.builds(
            ItemRate, code=st.just("a"), name=st.just("a"), category=st.just("ticket"), amount=costs, child=costs
        ),
        st.builds(
            ItemRate,
            code=st.just("b"),
            name=st.just("b"),
            category=st.just("permit"),
            per=st.just("group"),
            amount=costs,
        ),
    ),
    contingency_percent=percents,
    taxes=st.sampled_from([(), (SalesTax(name="VAT", percent=Decimal("18.5")),)]),
)
costings = st.builds(
    Costing,
    tariff=tariffs,
    rate=st.builds(Rate, base=st.just("PEN"), quote=st.just("USD"), rate=rates, on=st.just(DAY)),
    on=st.just(DAY),
)
programmes = st.builds(
    Programme,
    transport=st.lists(
        st.builds(Leg, vehicle=st.sampled_from([None, "van", "boat"]), km=st.integers(0, 900), days=st.integers(1, 9)),
        max_size=2,
    ).map(tuple),
    guides=st.lists(
        st.builds(GuideNeed, language=st.just("en"), days=st.integers(1, 9), overtime_hours=st.integers(0, 9)),
        max_size=2,
    ).map(tuple),
    items=st.sampled_from([(), (ItemNeed(code="a"), ItemNeed(code="b", times=3))]),
    services=st.sampled_from([(), ("spa",)]),
    bands=st.sampled_from([(), (1, 4, 11), (7,)]),
)
focs = st.builds(
    Foc,
    free=st.integers(0, 3),
    per=st.integers(1, 25),
    unit=st.sampled_from(["half_twin", "single"]),
    cap=st.none() | st.integers(0, 4),
)
offers = st.builds(
    OfferContent,
    rooms=st.lists(
        st.builds(
            RoomRate,
            type=st.sampled_from(["single", "double", "triple"]),
            net_rate=fees,
            per=st.sampled_from(["room_night", "person_night"]),
            quantity=st.integers(0, 12),
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    single_supplement=st.none() | fees,
    triple_reduction=st.none() | fees,
    extra_bed=st.none() | fees,
    child_bands=st.sampled_from(
        [(), (ChildBand(up_to=4, percent=Decimal(0)), ChildBand(up_to=11, percent=Decimal("33.3")))]
    ),
    foc=st.none() | focs,
    optional_services=st.just((OptionalService(name="Spa", price=usd("45.55")),)),
)
quotations = st.builds(
    lambda costing, programme, margin, adults, ages, markup: replace(
        World(asked=terms(programme=programme, adults=adults, children_ages=tuple(ages), markup_percent=markup)).q,
        costing=costing,
        margin_percent=margin,
    ),
    costings,
    programmes,
    percents,
    st.integers(0, 60),
    st.lists(st.integers(0, 17), max_size=4),
    percents,
)


def _sum(lines: Iterable[Line], layer: str, *, but: str = "") -> Decimal:
    return total_of(line for line in lines if line.layer == layer and line.kind != but)


@limits(max_examples=40)
@given(quotations, offers)
def test_parts_add_up_at_every_link(q: Quotation, offer: OfferContent) -> None:
    """[P2.10] The lines of each viewer come to what it pays, and each link begins with what the one below comes to."""
    made = compute(q, offer)
    before_taxes = made.selling.before_taxes or made.selling.total
    assert _sum(made.lines, "cost") == made.agency_price.amount
    assert _sum(made.lines, "agency", but="markup") == made.agency_price.amount
    assert _sum(made.lines, "agency") == before_taxes.amount
    assert _sum(made.lines, "selling", but="tax") == before_taxes.amount
    assert _sum(made.lines, "selling") == made.selling.total.amount
    assert len({(line.layer, line.id) for line in made.lines}) == len(made.lines)


@limits(max_examples=40)
@given(quotations, offers)
def test_each_line_is_its_quantity_times_its_unit(q: Quotation, offer: OfferContent) -> None:
    for line in compute(q, offer).lines:
        if not line.less:
            assert line.amount.amount == line.quantity * line.unit.amount
        elif line.kind == "child":
            assert line.amount.amount <= line.quantity * line.unit.amount


@limits(max_examples=40)
@given(quotations, focs, st.integers(1, 6))
def test_more_paying_people_never_cost_each_more_within_a_band(q: Quotation, foc: Foc, more: int) -> None:
    """Of running costs, as long as no more go free: a band asks of each what the dearest of its groups would."""
    costs, programme = running_of(q), q.terms.programme
    assert costs
    assert programme
    for band, total in zip(bands_of(programme), costs.bands, strict=True):
        size = band.first + more
        if band.last is None or size > band.last or free_places(foc, size) != free_places(foc, band.first):
            continue
        group = running(Trip(programme, size, 0), q.costing, "USD", q.margin_percent)
        assert group.total.amount / paying_of(foc, size) <= total.amount / paying_of(foc, band.first)


@limits(max_examples=40)
@given(offers, focs, st.integers(0, 80), percents)
def test_free_places_are_never_negative_and_never_make_it_dearer(
    offer: OfferContent, foc: Foc, adults: int, margin: Decimal
) -> None:
    asked = terms(adults=adults)
    without, with_foc = replace(offer, foc=None), replace(offer, foc=foc)
    assert 0 <= free_places(foc, adults) <= adults
    assert 0 <= net_total(with_foc, asked).amount <= net_total(without, asked).amount
    assert agency(with_foc, asked, margin).total.amount <= agency(without, asked, margin).total.amount


@given(costings, percents, costs)
def test_each_link_is_at_least_the_one_before_and_half_a_cent_from_exact(
    costing: Costing, margin: Decimal, cost: Decimal
) -> None:
    unit = Chain(costing, "USD", margin).unit(cost)
    assert costing.rate
    half = Decimal("0.005")
    assert abs(unit.cost - cost * costing.rate.rate) <= half
    cover = 1 + costing.tariff.contingency_percent / 100
    assert abs(unit.covered - unit.cost * cover) <= half
    assert abs(unit.agency - unit.covered / (1 - margin / 100)) <= half
    assert unit.cost <= unit.covered <= unit.agency


@limits(max_examples=40)
@given(quotations, quotations, offers)
def test_what_is_kept_of_others_changes_no_price(q: Quotation, other: Quotation, offer: OfferContent) -> None:
    compute(other, offer)
    first = compute(q, offer)
    for kept in (agency, running):
        kept.cache_clear()
    assert compute(q, offer) == first
