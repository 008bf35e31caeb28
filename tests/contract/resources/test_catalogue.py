"""[S4] The catalogues: written over by nobody who has not seen what stands there, and read by the day."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from backend.domain.computation.tariff import Rate, Tariff
from backend.domain.quotation import Hotel
from backend.domain.resources.catalogue import id_of, kind_of, place_of
from backend.services.ports import Database
from tests.support.catalogue import ITEMS, TARIFF
from tests.support.resources import guide, put


def rate(pair: str, value: str, on: str) -> Rate:
    base, quote = pair.split("/")
    return Rate(base=base, quote=quote, rate=Decimal(value), on=date.fromisoformat(on))


@pytest.mark.parametrize("item", [*ITEMS, Hotel(id="sol", name="Sol", city="Cusco")], ids=kind_of)
async def test_an_item_is_kept_until_somebody_who_saw_it_changes_it(database: Database, item: Any) -> None:
    kind, id_ = kind_of(item), id_of(item)
    assert await database.item(kind, id_) is None
    assert await database.count_items(kind) == 0
    assert not await database.put_item(item, 1)
    assert await database.put_item(item, None)
    assert not await database.put_item(item, None)
    assert await database.item(kind, id_) == (item, 1)
    assert await database.count_items(kind) == 1
    assert not await database.put_item(item, 2)
    assert await database.put_item(item, 1)
    assert await database.item(kind, id_) == (item, 2)
    assert await database.item("profile" if kind == "guide" else "guide", id_) is None
    assert not await database.drop_item(kind, id_, 1)
    assert await database.drop_item(kind, id_, 2)
    assert await database.item(kind, id_) is None
    assert not await database.drop_item(kind, id_, 2)


async def test_of_two_who_saw_the_same_one_writes(database: Database) -> None:
    await put(database, guide("teo"))
    changes = [database.put_item(guide("teo", rating=Decimal(n)), 1) for n in range(4)]
    assert sorted(await asyncio.gather(*changes)) == [False, False, False, True]
    assert sorted(await asyncio.gather(*(database.put_item(guide("lía"), None) for _ in range(4))))[2:] == [False, True]


async def test_lists_go_by_name_in_pages(database: Database) -> None:
    made = [guide(f"g{n}", name=name) for n, name in enumerate(("Zoe", "ana", "Ana", "Ñusta"))]
    for one in made:
        await put(database, one)
    await put(database, ITEMS[1])
    found = await database.items("guide")
    assert [one.id for one in found] == ["g1", "g2", "g0", "g3"]
    assert await database.items("guide", place_of(found[1]), 1) == (found[2],)
    assert await database.items("guide", place_of(found[3])) == ()


async def test_the_price_list_of_a_day(database: Database) -> None:
    def tariff(id_: str, first: str, last: str | None = None) -> Tariff:
        until = date.fromisoformat(last) if last else None
        return msgspec.structs.replace(TARIFF, id=id_, valid_from=date.fromisoformat(first), valid_until=until)

    for one in (tariff("old", "2026-01-01"), tariff("season", "2027-06-01", "2027-08-31"), tariff("new", "2027-01-01")):
        await put(database, one)
    days = ("2025-12-31", "2026-01-01", "2027-05-31", "2027-06-01", "2027-08-31", "2027-09-01")
    found = [await database.tariff(date.fromisoformat(day)) for day in days]
    assert [one and one.id for one in found] == [None, "old", "new", "season", "season", "new"]
    await put(database, msgspec.structs.replace(tariff("dollars", "2026-06-01"), currency="USD"))
    chosen = [await database.tariff(date(2027, 7, 1), currency) for currency in ("USD", "PEN", "EUR")]
    assert [one and one.id for one in chosen] == ["dollars", "season", "season"]


async def test_the_rate_of_a_day_is_the_last_that_is_known(database: Database) -> None:
    quoted = (
        rate("USD/PEN", "3.80", "2026-11-01"),
        rate("USD/PEN", "3.75", "2026-11-10"),
        rate("PEN/USD", "0.25", "2026-11-05"),
        rate("USD/COP", "4000", "2026-11-08"),
        rate("EUR/CHF", "0.95", "2026-11-01"),
        rate("EUR/CZK", "25", "2026-11-02"),
    )
    for one in quoted:
        await put(database, one)

    async def known(base: str, quote: str, on: str) -> tuple[str, str] | None:
        found = await database.rate(base, quote, date.fromisoformat(on))
        return (str(found.rate), found.on.isoformat()) if found else None

    assert await known("USD", "PEN", "2026-10-31") is None
    assert await known("USD", "PEN", "2026-11-01") == ("3.80", "2026-11-01")
    assert await known("USD", "PEN", "2026-11-07") == ("4", "2026-11-05")
    assert await known("USD", "PEN", "2027-01-01") == ("3.75", "2026-11-10")
    assert await known("PEN", "USD", "2026-11-09") == ("0.25", "2026-11-05")
    assert await known("COP", "USD", "2026-11-09") == ("0.00025", "2026-11-08")
    assert await known("COP", "PEN", "2026-11-30") == ("0.0009375", "2026-11-08")
    assert await known("CZK", "CHF", "2026-11-30") == ("0.038", "2026-11-01")
    assert await known("PEN", "CHF", "2026-11-30") is None
    assert await known("BRL", "BRL", "2026-11-30") == ("1", "2026-11-30")
