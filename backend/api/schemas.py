"""What REST answers with, for the OpenAPI document and those who generate code from it.

Views are made by `privacy` and leave as they are; these structs only describe them. What a viewer may not see, or what
is not set, is absent, never null.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import UNSET, UnsetType

from backend.api.booking_schemas import HoldView, LineView, PaymentView, StepView
from backend.api.price_schemas import (
    Choices,
    CostingView,
    OfferRoom,
    OfferService,
    PriceLine,
    ProgrammeItem,
    RunningView,
    Selling,
)
from backend.api.view_types import Amount, Day, Flag, Number, Text, Texts, Time, View, Whole
from backend.domain.bookings import BookingStatus, Guest
from backend.domain.money import Money
from backend.domain.offers import CancellationStage, ChildBand, DepositStage, Foc, OfferState, Tax
from backend.domain.principals import ActorKind, Role
from backend.domain.programme import BandMarkup, Programme
from backend.domain.quotation import InvitationState, State
from backend.domain.terms import Budget, Deposit, HotelSelection, MealPlan, PrivacySettings, Rooms, Weights
from privacy.papers import PaperKind


class Empty(View, frozen=True, kw_only=True):
    """Done; there is nothing to tell."""


class Problem(View, frozen=True, kw_only=True):
    """An error (RFC 9457). `code` is the live protocol's; `retry_after` is in seconds."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    data: dict[str, Any] | UnsetType = UNSET
    retry_after: float | UnsetType = UNSET


class Me(View, frozen=True, kw_only=True):
    id: str
    email: str
    name: str
    role: Role
    company_id: str | None
    hotel_id: str | None


class DemoAccount(View, frozen=True, kw_only=True):
    email: str
    label: str
    role: Role


class DemoAccounts(View, frozen=True, kw_only=True):
    accounts: tuple[DemoAccount, ...]
    password: str


class Who(View, frozen=True, kw_only=True):
    kind: ActorKind
    id: str
    name: str


class Named(View, frozen=True, kw_only=True):
    id: Text = UNSET
    name: Text = UNSET
    email: Text = UNSET


class OfferView(View, frozen=True, kw_only=True):
    """An offer as one may see it: net amounts for its hotel and admins, agency amounts for the agency."""

    id: Text = UNSET
    hotel_id: Text = UNSET
    hotel_name: Text = UNSET
    revision: Whole = UNSET
    revisions_left: Whole = UNSET
    state: OfferState | UnsetType = UNSET
    board: MealPlan | UnsetType = UNSET
    foc: Foc | UnsetType = UNSET
    rooms: tuple[OfferRoom, ...] | UnsetType = UNSET
    included_services: Texts = UNSET
    excluded_services: Texts = UNSET
    optional_services: tuple[OfferService, ...] | UnsetType = UNSET
    option_until: Time = UNSET
    release_date: Day = UNSET
    allotment: Whole = UNSET
    guaranteed: Flag = UNSET
    attrition_percent: Number = UNSET
    cancellation: tuple[CancellationStage, ...] | UnsetType = UNSET
    valid_until: Time = UNSET
    notes: Text = UNSET
    internal_notes: Text = UNSET
    single_supplement: Amount = UNSET
    triple_reduction: Amount = UNSET
    extra_bed: Amount = UNSET
    child_bands: tuple[ChildBand, ...] | UnsetType = UNSET
    taxes: tuple[Tax, ...] | UnsetType = UNSET
    commission_percent: Number = UNSET
    deposits: tuple[DepositStage, ...] | UnsetType = UNSET
    net_total: Amount = UNSET
    agency_supplement: Amount = UNSET
    agency_reduction: Amount = UNSET
    agency_extra_bed: Amount = UNSET
    agency_taxes: tuple[Tax, ...] | UnsetType = UNSET
    agency_total: Amount = UNSET
    agency_price: Amount = UNSET
    agency_lines: dict[str, PriceLine] | UnsetType = UNSET
    net_lines: dict[str, PriceLine] | UnsetType = UNSET
    selling_total: Amount = UNSET
    selling_before_taxes: Amount = UNSET
    selling_per_person: Amount = UNSET
    rank: Whole = UNSET
    score: Number = UNSET


class InvitationView(View, frozen=True, kw_only=True):
    hotel_id: str
    name: str
    state: InvitationState
    invited_at: datetime
    rating: Number = UNSET


class ExtensionView(View, frozen=True, kw_only=True):
    deadline: datetime
    reason: str
    at: datetime


class GrantView(View, frozen=True, kw_only=True):
    hotel_id: str
    by: Who
    reason: str
    at: datetime


class Rank(View, frozen=True, kw_only=True):
    rank: int
    of: int


class _Booking(View, frozen=True, kw_only=True):
    id: Text = UNSET
    reference: Text = UNSET
    status: BookingStatus | UnsetType = UNSET
    steps: dict[str, StepView] | UnsetType = UNSET
    lines: dict[str, LineView] | UnsetType = UNSET
    payments: dict[str, PaymentView] | UnsetType = UNSET
    holds: dict[str, HoldView] | UnsetType = UNSET
    penalty_percent: Number = UNSET
    penalty: Amount = UNSET
    rooming: tuple[Guest, ...] | UnsetType = UNSET
    cancel_reason: Text = UNSET


class BookingPart(_Booking, frozen=True, kw_only=True):
    """The booking inside its quotation."""


class BookingView(_Booking, frozen=True, kw_only=True):
    """A booking by itself, with the trip it is for."""

    quotation_id: str
    title: Text = UNSET
    destination: Text = UNSET
    check_in: Day = UNSET
    check_out: Day = UNSET


class TermsView(View, frozen=True, kw_only=True):
    """The terms that one may see."""

    title: Text = UNSET
    destination: Text = UNSET
    check_in: Day = UNSET
    check_out: Day = UNSET
    rooms: Rooms | UnsetType = UNSET
    adults: Whole = UNSET
    children_ages: tuple[int, ...] | UnsetType = UNSET
    meal_plan: MealPlan | UnsetType = UNSET
    special_requirements: Texts = UNSET
    budget: Budget | UnsetType = UNSET
    currency: Text = UNSET
    deadline: Time = UNSET
    min_offers: Whole = UNSET
    hotel_selection: HotelSelection | UnsetType = UNSET
    auto_award: Flag = UNSET
    weights: Weights | UnsetType = UNSET
    deposit: Deposit | UnsetType = UNSET
    privacy: PrivacySettings | UnsetType = UNSET
    markup_percent: Number = UNSET
    band_markups: tuple[BandMarkup, ...] | UnsetType = UNSET
    programme: Programme | UnsetType = UNSET
    notes: Text = UNSET
    internal_notes: Text = UNSET
    client_id: Text = UNSET


class QuotationView(TermsView, frozen=True, kw_only=True):
    """A quotation as one may see it, the same as in a room's snapshot."""

    id: str
    state: State | UnsetType = UNSET
    invitation: InvitationState | UnsetType = UNSET
    version: Whole = UNSET
    company: Named | UnsetType = UNSET
    client: Named | UnsetType = UNSET
    margin_percent: Number = UNSET
    extensions: dict[str, ExtensionView] | UnsetType = UNSET
    cancel_reason: Text = UNSET
    reject_reason: Text = UNSET
    invitations: dict[str, InvitationView] | UnsetType = UNSET
    offers: dict[str, OfferView] | UnsetType = UNSET
    competitors: dict[str, OfferView] | UnsetType = UNSET
    awarded_offer_id: Text = UNSET
    selling: Selling | UnsetType = UNSET
    running: RunningView | UnsetType = UNSET
    costing: CostingView | UnsetType = UNSET
    choices: Choices | UnsetType = UNSET
    programme_items: dict[str, ProgrammeItem] | UnsetType = UNSET
    rank: Rank | UnsetType = UNSET
    totals: tuple[Money, ...] | UnsetType = UNSET
    grants: dict[str, GrantView] | UnsetType = UNSET
    booking: BookingPart | UnsetType = UNSET


class QuotationItem(QuotationView, frozen=True, kw_only=True):
    """A quotation in a list; `children` is how many travel."""

    children: int


class FieldHistory(View, frozen=True, kw_only=True):
    field: str
    old: Any
    new: Any


class VersionView(View, frozen=True, kw_only=True):
    """One version of the terms; `by` is null when one may not know who made it."""

    version: int
    at: datetime
    by: Who | None
    changes: tuple[FieldHistory, ...]
    terms: TermsView


class HotelView(View, frozen=True, kw_only=True):
    id: str
    name: str
    city: str
    rating: Decimal
    distance_km: Decimal
    capacity: int
    amenities: tuple[str, ...]
    answer_rate: Decimal


class ClientView(View, frozen=True, kw_only=True):
    id: str
    name: str
    email: str


class PersonView(ClientView, frozen=True, kw_only=True):
    role: Role
    active: bool
    company_id: Text = UNSET
    hotel_id: Text = UNSET
    customer_of: Text = UNSET


class AnnouncementView(View, frozen=True, kw_only=True):
    id: str
    title: str
    body: str
    at: datetime


class NotificationView(View, frozen=True, kw_only=True):
    id: str
    kind: str
    at: datetime
    quotation_id: Text = UNSET
    title: Text = UNSET
    state: State | UnsetType = UNSET
    invitation: InvitationState | UnsetType = UNSET


class AuditView(View, frozen=True, kw_only=True):
    id: str
    at: datetime
    user_id: str
    action: str
    subject: str
    outcome: str
    detail: dict[str, str]


class Told(View, frozen=True, kw_only=True):
    """Something that one was told, under the name of its event; `by` is null where one may not know that."""

    id: str
    at: datetime
    name: str
    by: Who | None


class QuotationAnswer(View, frozen=True, kw_only=True):
    quotation: QuotationView


class VersionAnswer(View, frozen=True, kw_only=True):
    version: int


class OfferAnswer(View, frozen=True, kw_only=True):
    offer: OfferView


class LineAnswer(View, frozen=True, kw_only=True):
    line: LineView


class AssignmentAnswer(View, frozen=True, kw_only=True):
    assignment: HoldView


class BookingAnswer(View, frozen=True, kw_only=True):
    booking: BookingPart


class AnnouncementAnswer(View, frozen=True, kw_only=True):
    announcement: AnnouncementView


class InboxLeft(View, frozen=True, kw_only=True):
    left: int


class InboxPage(View, frozen=True, kw_only=True):
    """The oldest first; `left` counts all that wait, these among them; `dropped` those that waited too long or were too
    many, since something was acknowledged."""

    items: tuple[NotificationView, ...]
    left: int
    dropped: int


class DocumentView(View, frozen=True, kw_only=True):
    kind: PaperKind


class _List(View, frozen=True, kw_only=True):
    """A page of a list; `next` asks for the one after it and is null at the end."""

    next: str | None


class QuotationList(_List, frozen=True, kw_only=True):
    items: tuple[QuotationItem, ...]


class OfferList(_List, frozen=True, kw_only=True):
    items: tuple[OfferView, ...]


class VersionList(_List, frozen=True, kw_only=True):
    items: tuple[VersionView, ...]


class BookingList(_List, frozen=True, kw_only=True):
    items: tuple[BookingView, ...]


class AnnouncementList(_List, frozen=True, kw_only=True):
    items: tuple[AnnouncementView, ...]


class HotelList(_List, frozen=True, kw_only=True):
    items: tuple[HotelView, ...]


class ClientList(_List, frozen=True, kw_only=True):
    items: tuple[ClientView, ...]


class PersonList(_List, frozen=True, kw_only=True):
    items: tuple[PersonView, ...]


class DocumentList(_List, frozen=True, kw_only=True):
    items: tuple[DocumentView, ...]


class Timeline(_List, frozen=True, kw_only=True):
    items: tuple[Told, ...]


class AuditList(_List, frozen=True, kw_only=True):
    items: tuple[AuditView, ...]
