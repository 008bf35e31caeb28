"""What the dashboard is told, for the OpenAPI document."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from backend.domain.figures import Funnel
from backend.domain.money import Money


class DashboardQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose figures, for admins; those of all companies where it is not said."""

    company_id: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{1,64}$")] | None = None


class StateCounts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many quotations of the last year are in which state; one in which there are none is absent."""

    draft: int | UnsetType = UNSET
    published: int | UnsetType = UNSET
    reviewing: int | UnsetType = UNSET
    awarded: int | UnsetType = UNSET
    accepted: int | UnsetType = UNSET
    deposit_paid: int | UnsetType = UNSET
    confirmed: int | UnsetType = UNSET
    completed: int | UnsetType = UNSET
    cancelled: int | UnsetType = UNSET
    expired: int | UnsetType = UNSET


class AnswersView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hotels that were invited, those of them that made an offer, and after how many seconds a quarter, half and three
    quarters of these had; absent while nobody has."""

    invited: int
    answered: int
    seconds: tuple[int, int, int] | UnsetType = UNSET


class WeekView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A week by its Monday, in UTC. `values` are what agencies pay for what was accepted in it, a sum per currency."""

    week: date
    published: int
    accepted: int
    values: tuple[Money, ...]
    answers: AnswersView


class DashboardView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The last twelve weeks, the running one last. The funnel is of quotations published in them."""

    states: StateCounts
    funnel: Funnel
    answers: AnswersView
    weeks: tuple[WeekView, ...]
