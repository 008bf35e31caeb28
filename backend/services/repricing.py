"""What a quotation's running costs are computed with, from the catalogue: the tariff of the trip's days, and the day's
exchange rate. It follows edits of the terms, and changes of the catalogue."""

from collections.abc import Collection
from datetime import date
from typing import Final, NamedTuple

from backend.domain import repricing
from backend.domain.computation.tariff import Costing
from backend.domain.events import Event
from backend.domain.lifecycle import BEFORE_ACCEPTANCE
from backend.domain.money import Currency
from backend.domain.quotation import Quotation
from backend.domain.refusals import quotation_not_found
from backend.domain.resources.catalogue import ItemKind
from backend.domain.term_fields import top
from backend.domain.terms import Terms
from backend.services.changes import change_of
from backend.services.deps import Deps
from backend.services.following import CHANGED
from backend.services.records import Change, StoredEvent, Target
from backend.services.usecase import commit

_EDITS: Final = frozenset({"quotation.edited", "quotation.restored"})
_CONCERNED: Final = frozenset({"check_in", "currency", "programme"})
"""Terms that decide on the tariff and the exchange rate, or on whether there is something to be computed with them."""
WORKFLOW: Final = "repricing"
"""Goes through the quotations that are open when it is told that the catalogue changed."""
_PRICED: Final[Collection[ItemKind]] = frozenset({"tariff", "rate"})


class Looked(NamedTuple):
    """Behind which quotation to go on, and how many of those looked at were repriced."""

    last: str
    repriced: int


async def costing_for(deps: Deps, terms: Terms) -> Costing | None:
    """What such a trip is computed with as of today; None if there is no tariff for it."""
    today = deps.now().date()
    tariff = await deps.db.tariff(terms.check_in or today, terms.currency)
    if tariff is None:
        return None
    foreign = tariff.currency != terms.currency
    rate = await deps.db.rate(tariff.currency, terms.currency, today) if foreign else None
    return Costing(tariff=tariff, rate=rate, on=today)


async def reprice(deps: Deps, quotation_id: str) -> bool:
    """Brings what the quotation is computed with up to date; whether there was anything to change.

    Doing it again changes nothing. Where there is no tariff any more, or the client has accepted, all stays as it is.
    """
    quotation = await deps.db.quotation(quotation_id)
    if quotation is None or quotation.state not in BEFORE_ACCEPTANCE:
        return False
    costing = await costing_for(deps, quotation.terms)
    if costing is None or not repricing.differs(quotation.costing, costing):
        return False
    changed = False

    def decision(current: Quotation | None) -> Change:
        nonlocal changed
        if current is None:
            raise quotation_not_found()
        steps = repricing.reprice(current, costing, deps.context())
        changed = bool(steps)
        return change_of(deps, current, steps, lambda _: {})

    await commit(deps, Target(quotation_id=quotation_id), decision)
    return changed


async def follow(deps: Deps, stored: StoredEvent) -> None:
    """Reprices after an edit that may ask for another tariff or rate."""
    if stored.quotation_id and _concerns(stored.event):
        await reprice(deps, stored.quotation_id)


async def catalogue_changed(deps: Deps, kind: ItemKind) -> None:
    """Has all open quotations looked at if prices may hang on what changed. Call it after the change."""
    if kind in _PRICED:
        await deps.workflows.send(WORKFLOW, CHANGED, deps.new_id())


async def reprice_open(deps: Deps, after: str, limit: int) -> Looked | None:
    """Reprices those of the next open quotations for which the catalogue has something else by now; None if there is
    no quotation any more behind the id `after`."""
    found = await deps.db.quotations_in(BEFORE_ACCEPTANCE, after, limit)
    known: dict[tuple[date | None, Currency], Costing | None] = {}
    count = 0
    for one in found:
        asked = (one.terms.check_in, one.terms.currency)
        if asked not in known:
            known[asked] = await costing_for(deps, one.terms)
        costing = known[asked]
        if costing is not None and repricing.differs(one.costing, costing):
            count += await reprice(deps, one.id)
    return Looked(found[-1].id, count) if found else None


def _concerns(event: Event) -> bool:
    fields = event.data.get("fields", ()) if event.name in _EDITS else ()
    return not _CONCERNED.isdisjoint(map(top, fields))
