"""From the catalogue's tariff to the prices that each sees, on real use cases. [P2.12]"""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from typing import Any

from msgspec.structs import replace

from backend.domain.computation.tariff import GuideRate, Rate, Tariff
from backend.services import catalogues
from backend.services.repricing import WORKFLOW, reprice, reprice_open
from backend.services.tags import ANY, Seen
from tests.support.reacting import react_to_all
from tests.support.stage import Stage
from tests.support.worlds import fresh_stage

TARIFF = Tariff(
    id="peru-27",
    name="Peru 2027",
    currency="PEN",
    valid_from=date(2027, 1, 1),
    valid_until=date(2027, 12, 31),
    guides=(GuideRate(language="en", name="English", day=Decimal(368)),),
)
RATE = Rate(base="PEN", quote="USD", rate=Decimal("0.25"), on=date(2026, 11, 20))
GUIDED = {"guides": [{"language": "en", "days": 2}]}


async def _awarded(stage: Stage) -> str:
    quotation_id = await stage.published("plaza", programme=GUIDED)
    offer_id = await stage.submit("plaza", quotation_id, "92.00")
    await stage.do("ana", "quotation.award", quotation_id=quotation_id, offer_id=offer_id)
    return quotation_id


async def _seen(stage: Stage, who: str, quotation_id: str) -> dict[str, Any]:
    return (await stage.watch(who, f"quotation:{quotation_id}")).view


async def test_an_edit_of_the_programme_brings_the_prices_in_its_own_frame() -> None:
    """368 PEN a day are 92 USD, and 100 at a margin of 8%. The agency is told that, the hotel nothing."""
    async with fresh_stage() as stage:
        await stage.db.put_item(TARIFF, None)
        await stage.db.put_item(RATE, None)
        quotation_id = await stage.published("plaza")
        watching = {who: await stage.watch(who, f"quotation:{quotation_id}") for who in ("ana", "plaza-desk")}
        assert watching["ana"].view["choices"]["guides"] == [{"language": "en", "kind": "local", "name": "English"}]
        edit = {"quotation_id": quotation_id, "base_version": 1}
        await stage.do("ana", "quotation.edit", **edit, changes=[{"field": "programme", "value": GUIDED}])
        for one in watching.values():
            await one.catch_up()
            assert one.view == await one.snapshot()
        assert watching["ana"].view["running"]["lines"]["guide-1-fee"]["amount"]["amount"] == "200.00"
        assert "costing" not in watching["ana"].view
        assert not {"programme", "running", "choices", "costing"} & watching["plaza-desk"].view.keys()


async def test_a_tariff_that_changed_reprices_until_the_client_accepts() -> None:
    async with fresh_stage() as stage:
        await stage.db.put_item(TARIFF, None)
        await stage.db.put_item(RATE, None)
        quotation_id = await stage.published("plaza", programme=GUIDED)
        assert not await reprice(stage.deps, quotation_id)
        dearer = replace(TARIFF, guides=(replace(TARIFF.guides[0], day=Decimal(736)),))
        await stage.db.put_item(dearer, 1)
        assert await reprice(stage.deps, quotation_id)
        assert not await reprice(stage.deps, quotation_id)
        assert (await _seen(stage, "ana", quotation_id))["running"]["total"]["amount"] == "400.00"
        offer_id = await stage.submit("plaza", quotation_id, "92.00")
        await stage.do("ana", "quotation.award", quotation_id=quotation_id, offer_id=offer_id)
        sold = (await _seen(stage, "clara", quotation_id))["selling"]["total"]
        await stage.do("clara", "quotation.accept", quotation_id=quotation_id)
        await stage.db.put_item(TARIFF, 2)
        assert not await reprice(stage.deps, quotation_id)
        assert (await _seen(stage, "clara", quotation_id))["selling"]["total"] == sold


async def test_other_dates_ask_for_the_tariff_of_their_year() -> None:
    """The reaction to the edit does it; the price stays the agency's affair and is no version of the terms."""
    async with fresh_stage() as stage:
        await stage.db.put_item(TARIFF, None)
        await stage.db.put_item(RATE, None)
        later = replace(TARIFF, id="peru-28", valid_from=date(2028, 1, 1), valid_until=None, currency="USD")
        await stage.db.put_item(later, None)
        quotation_id = await stage.draft(programme=GUIDED)
        dates = [{"field": "check_out", "value": "2028-03-09"}, {"field": "check_in", "value": "2028-03-05"}]
        await stage.do("ana", "quotation.edit", quotation_id=quotation_id, base_version=1, changes=dates)
        await react_to_all(stage.deps)
        seen = await _seen(stage, "admin", quotation_id)
        assert (seen["costing"]["tariff"]["id"], seen["version"]) == ("peru-28", 2)
        assert "rate" not in seen["costing"]
        assert seen["running"]["total"]["amount"] == "800.00"


async def test_a_change_of_the_catalogue_is_told_to_those_whose_prices_it_makes() -> None:
    """Once each, as `quotation.repriced`; not to hotels, not where the client has accepted or prices stay the same."""
    async with fresh_stage() as stage:
        await stage.db.put_item(TARIFF, None)
        await stage.db.put_item(RATE, None)
        stage.now = datetime(2026, 11, 22, 10, tzinfo=UTC)
        await stage.deps.workflows.begin(WORKFLOW, WORKFLOW, {})
        booked, dearer = await _awarded(stage), replace(TARIFF, guides=(replace(TARIFF.guides[0], day=Decimal(736)),))
        await stage.do("clara", "quotation.accept", quotation_id=booked)
        proposed, other = await _awarded(stage), await stage.draft(programme=GUIDED, check_in="2026-12-05")
        await stage.settle()
        rooms = [*product(("ana", "clara", "plaza-desk"), (proposed,)), ("ana", other), ("ana", booked)]
        watching = [await stage.watch(who, f"quotation:{room}") for who, room in rooms]
        for item in (dearer, replace(RATE, rate=Decimal("0.50"), on=date(2026, 11, 22))):
            seen = Seen(match=(ANY,)) if item is dearer else Seen(new=True)
            await catalogues.put(stage.deps, stage.people["admin"], item, seen)
            await stage.settle()
        heard = [[frame["name"] for frame in await one.catch_up()] for one in watching]
        assert heard == [["quotation.repriced"] * 2, ["quotation.repriced"] * 2, [], [], []]
        assert watching[0].view["running"]["total"]["amount"] == "800.00"
        for one in watching:
            assert one.view == await one.snapshot()


async def test_open_quotations_are_looked_at_a_page_at_a_time() -> None:
    async with fresh_stage() as stage:
        await stage.db.put_item(TARIFF, None)
        made = {await stage.draft(programme=GUIDED) for _ in range(5)}
        assert await reprice_open(stage.deps, "", 2) == (sorted(made)[1], 0)
        await stage.db.put_item(RATE, None)
        after, repriced = "", 0
        while looked := await reprice_open(stage.deps, after, 2):
            after, repriced = looked.last, repriced + looked.repriced
        assert (after, repriced) == (max(made), 5)
        assert await reprice_open(stage.deps, "", 9) == (max(made), 0)


async def test_the_tariff_in_the_quotations_currency_comes_first() -> None:
    async with fresh_stage() as stage:
        await stage.db.put_item(replace(TARIFF, id="usd-27", currency="USD"), None)
        await stage.db.put_item(replace(TARIFF, valid_from=date(2027, 2, 1)), None)
        seen = await _seen(stage, "admin", await stage.draft(programme=GUIDED))
        assert seen["costing"]["tariff"]["id"] == "usd-27"


async def test_without_a_tariff_what_is_wanted_has_no_price() -> None:
    async with fresh_stage() as stage:
        quotation_id = await stage.draft(programme=GUIDED)
        assert not await reprice(stage.deps, quotation_id)
        assert not await reprice(stage.deps, stage.new_id())
        seen = await _seen(stage, "ana", quotation_id)
        assert (seen["running"]["missing"], "choices" in seen) == (["guide-1"], False)
