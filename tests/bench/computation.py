"""How many quotations a core computes in a second: `python -m tests.bench.computation`.

Every quotation is another one: nothing that is kept helps. Each has 20 to 44 people, a programme of two legs, two
guides and eight items, and a tariff of 12 vehicles, 20 guides' fees and 40 items in another currency. Kinds of runs
alternate, since the machine's pace changes; medians are printed, of each second of the process's own CPU.
"""

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache

import msgspec
import typer
from msgspec.structs import replace

from backend.domain.computation.computed import compute
from backend.domain.computation.tariff import Costing, GuideRate, ItemRate, Rate, SalesTax, Tariff, VehicleRate
from backend.domain.offers import Foc
from backend.domain.programme import GuideNeed, ItemNeed, Leg, Programme
from backend.domain.quotation import Quotation
from privacy.views import Views
from tests.support.domain import HOTELS, World, content, terms, usd

DAY = date(2027, 1, 1)
TARIFF = Tariff(
    id="peru-27",
    name="Peru 2027",
    currency="PEN",
    valid_from=DAY,
    vehicles=tuple(
        VehicleRate(
            code=f"class-{seats}",
            name=f"{seats} seats",
            seats=seats,
            day=Decimal(100 + 12 * seats),
            km=Decimal("1.85"),
            toll_km=Decimal("0.12"),
            parking_day=Decimal(25),
        )
        for seats in range(5, 65, 5)
    ),
    fuel_percent=Decimal("7.5"),
    guides=tuple(
        GuideRate(language=language, kind=kind, day=Decimal(333), overtime_hour=Decimal(45), lodged=kind == "escort")
        for language in ("es", "en", "pt", "fr", "de", "it", "ja", "zh", "ru", "qu")
        for kind in ("local", "escort")
    ),
    staff_night=Decimal(180),
    staff_day=Decimal(70),
    items=tuple(
        ItemRate(code=f"item-{number}", name=f"Item {number}", category="ticket", amount=Decimal(20 + number))
        for number in range(40)
    ),
    contingency_percent=Decimal(3),
    taxes=(SalesTax(name="IGV", percent=Decimal(18)),),
)
COSTING = Costing(tariff=TARIFF, rate=Rate(base="PEN", quote="USD", rate=Decimal("0.2671"), on=DAY), on=DAY)
PROGRAMME = Programme(
    transport=(Leg(name="Valley", km=240, days=2), Leg(name="Puno", km=390, days=3)),
    guides=(GuideNeed(language="en", days=3, overtime_hours=4), GuideNeed(language="es", kind="escort", days=5)),
    items=tuple(ItemNeed(code=f"item-{number}", times=1 + number % 3) for number in range(8)),
)


def quotation(number: int) -> Quotation:
    """One that was never computed before."""
    asked = terms(adults=20 + number % 25, programme=PROGRAMME, markup_percent=Decimal(number % 40_000).scaleb(-3))
    return replace(_world(asked.title).q, terms=asked, costing=replace(COSTING, on=date.fromordinal(700_000 + number)))


@cache
def _world(title: str) -> World:
    world = World(asked=terms(title=title))
    world.publish()
    for hotel in HOTELS:
        world.offer(hotel, 90 + len(hotel.id), foc=Foc(per=20), single_supplement=usd(30))
    return world


def computed(number: int) -> None:
    """All lines at all links, the totals and the selling table, with one offer."""
    compute(quotation(number), content(80 + number % 50, foc=Foc(per=20), single_supplement=usd(30)))


def viewed(number: int) -> None:
    """What a commit needs: the views of admin, agency and client, with three offers."""
    views = Views(quotation(number))
    for audience in ("admin", "agency", "client:client"):
        views.of(audience)


def read(number: int) -> None:
    """The document as it comes from the database, its tariff with it."""
    DECODE(_document(number % 50))


DECODE = msgspec.json.Decoder(Quotation).decode


@cache
def _document(number: int) -> bytes:
    return msgspec.json.encode(quotation(number))


KINDS: dict[str, Callable[[int], None]] = {
    "computed: every line, the totals, the selling table": computed,
    "the views of admin, agency and client, with three offers": viewed,
    "read from its JSON, with its tariff": read,
}


def rate(work: Callable[[int], None], seconds: float, numbers: Iterator[int]) -> float:
    """How often a second of CPU is enough for it."""
    done, start = 0, time.process_time()
    while (taken := time.process_time() - start) < seconds:
        work(next(numbers))
        done += 1
    return done / taken


def main(rounds: int = 5, seconds: float = 2.0) -> None:
    """Print a table, a row for each kind of run."""
    numbers = itertools.count()
    found: dict[str, list[float]] = {name: [] for name in KINDS}
    for _ in range(rounds):
        for name, work in KINDS.items():
            found[name].append(rate(work, seconds, numbers))
    typer.echo("| a quotation | in a second of CPU |")
    typer.echo("|---|---|")
    for name, figures in found.items():
        typer.echo(f"| {name} | {statistics.median(figures):,.0f} |")


if __name__ == "__main__":
    typer.run(main)
