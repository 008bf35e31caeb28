"""Brings open quotations up to date after a tariff or an exchange rate changed, a page of them at a time."""

from typing import Any, Final

from backend.services.repricing import reprice_open
from workers.workflows.cron import following
from workers.workflows.flows import Wait, Work

EVERY: Final = "37 * * * *"
_PAGE: Final = 50


async def repricing(work: Work) -> Wait:
    """When the catalogue changed; and hourly, since days pass and who changed it may have died before saying so."""
    now, after, repriced = await work.now(), "", 0

    async def page() -> dict[str, Any]:
        looked = await reprice_open(work.deps, after, _PAGE)
        return looked._asdict() if looked else {}

    while found := await work.step("page", page):
        after = found["last"]
        repriced += found["repriced"]
        await work.show({"repriced": repriced})
    return Wait(until=following(EVERY, now))
