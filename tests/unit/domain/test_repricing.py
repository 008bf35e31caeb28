"""What prices are made from is brought up to date until the client accepts."""

from datetime import timedelta

from msgspec.structs import replace

from backend.domain import repricing
from tests.unit.privacy.worlds import COSTING, TARIFF, awarded, booked, published


def test_the_same_again_is_nothing_whatever_the_day() -> None:
    world = published()
    assert world.q.costing == COSTING
    assert world.do(repricing.reprice, replace(COSTING, on=COSTING.on + timedelta(days=1))) == ()


def test_another_tariff_makes_another_price_and_no_version() -> None:
    world = awarded()
    (step,) = world.do(repricing.reprice, replace(COSTING, tariff=replace(TARIFF, id="peru-28")))
    assert (step.event.name, step.event.by.kind, step.event.data["tariff_id"]) == (
        "quotation.repriced",
        "system",
        "peru-28",
    )
    assert step.after.version == 1


def test_an_accepted_price_stands() -> None:
    assert booked().do(repricing.reprice, replace(COSTING, rate=None)) == ()
