"""The parts of a booking as REST answers with them."""

from msgspec import UNSET, UnsetType

from backend.api.view_types import Amount, Day, Number, Text, Time, View, Whole
from backend.domain.bookings import GuideAnswer, HoldKind, HoldState, LineState, PaymentKind, PaymentState, StepState


class LineView(View, frozen=True, kw_only=True):
    id: Text = UNSET
    hotel_id: Text = UNSET
    hotel_name: Text = UNSET
    offer_id: Text = UNSET
    state: LineState | UnsetType = UNSET
    reason: Text = UNSET
    answer_by: Time = UNSET
    penalty_percent: Number = UNSET
    net_penalty: Amount = UNSET
    agency_penalty: Amount = UNSET


class StepView(View, frozen=True, kw_only=True):
    state: StepState
    at: Time = UNSET
    started_at: Time = UNSET
    attempts: Whole = UNSET


class HoldView(View, frozen=True, kw_only=True):
    """What is taken of an allotment or a calendar; `rooms` by type, every night. Of a guide with a login it is an
    assignment, too, to be answered by `answer_by`."""

    id: Text = UNSET
    kind: HoldKind | UnsetType = UNSET
    resource_id: Text = UNSET
    name: Text = UNSET
    need: Text = UNSET
    first: Day = UNSET
    last: Day = UNSET
    rooms: dict[str, int] | UnsetType = UNSET
    score: Number = UNSET
    state: HoldState | UnsetType = UNSET
    user_id: Text = UNSET
    answer: GuideAnswer | UnsetType = UNSET
    answer_by: Time = UNSET
    reason: Text = UNSET


class PaymentView(View, frozen=True, kw_only=True):
    """What the client pays, or gets back of the payment `of`."""

    id: Text = UNSET
    kind: PaymentKind | UnsetType = UNSET
    amount: Amount = UNSET
    state: PaymentState | UnsetType = UNSET
    at: Time = UNSET
    due: Time = UNSET
    of: Text = UNSET
    reason: Text = UNSET
    gateway: Text = UNSET
    reference: Text = UNSET
