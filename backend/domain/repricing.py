"""What a quotation's prices are made from is brought up to date, until the client accepts: then the price stands."""

from msgspec.structs import replace

from backend.domain.computation.tariff import Costing
from backend.domain.events import Context, Steps, step
from backend.domain.lifecycle import BEFORE_ACCEPTANCE
from backend.domain.principals import SYSTEM
from backend.domain.quotation import Quotation


def reprice(q: Quotation, costing: Costing, ctx: Context) -> Steps:
    """Computes with `costing` from now on; nothing if it is what is computed with already, or too late for another."""
    if q.state not in BEFORE_ACCEPTANCE or not differs(q.costing, costing):
        return ()
    data = {"fields": ["costing"], "tariff_id": costing.tariff.id, "on": costing.on.isoformat()}
    return (step("quotation.repriced", replace(q, costing=costing), SYSTEM, ctx, **data),)


def differs(before: Costing | None, after: Costing) -> bool:
    """Whether prices may differ: the day on which the same was copied again is no difference."""
    return before is None or (before.tariff, before.rate) != (after.tariff, after.rate)
