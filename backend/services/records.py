"""The rows that use cases exchange with the database, and nothing of how they are stored."""

from datetime import datetime
from typing import Any, Final, Literal

import msgspec

from backend.domain.events import Event
from backend.domain.ledger import Posting
from backend.domain.money import Money
from backend.domain.payments import Notice
from backend.domain.principals import Actor, Principal, Role
from backend.domain.quotation import Quotation
from backend.domain.terms import Terms


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """An idempotency key: it belongs to a user and a command, with a hash of the payload. Kept 48 h. [D5]"""

    user_id: str
    command: str
    key: str
    payload_hash: bytes


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What a commit locks and loads: a quotation by its id or by its booking's, or nothing.

    `by` is who must still have the rights that they came with when it does.
    """

    quotation_id: str | None = None
    booking_id: str | None = None
    key: Key | None = None
    by: Principal | None = None


class OutFrame(msgspec.Struct, frozen=True, kw_only=True):
    """A frame before the commit numbers it: the body is `head + '"epoch":"…","seq":N,' + tail`."""

    channel: str
    name: str
    head: bytes
    tail: bytes


class StoredEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event with the quotation's serial that it got; `heard` is the wire name under which each audience heard it."""

    quotation_id: str | None
    serial: int
    event: Event
    heard: dict[str, str] = {}


class VersionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the terms: who made it, when, and each changed field's old and new value."""

    version: int
    at: datetime
    by: Actor
    changes: dict[str, dict[str, Any]]
    terms: Terms


class AuditRow(msgspec.Struct, frozen=True, kw_only=True):
    """Who did, read or was refused what. Never holds a secret or a price. [S1]"""

    id: str
    at: datetime
    user_id: str
    company_id: str | None
    action: str
    subject: str
    outcome: str
    detail: dict[str, str] = {}


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows of the audit are asked for: those for which all that is given holds; `until` is after the last."""

    company_id: str | None = None
    subject: str | None = None
    user_id: str | None = None
    action: str | None = None
    outcome: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: str
    body: str
    at: datetime


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """Something addressed to one person, kept until their client acks it. [D8]

    Who never acks has some `dropped`, too many or too old: they are told how many, and no more.
    """

    id: str
    user_id: str
    at: datetime
    kind: str
    quotation_id: str | None = None
    dropped: bool = False


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What a gateway is asked for: a payment, or to give `amount` of the payment `of` back."""

    id: str
    booking_id: str
    amount: Money
    of: str = ""


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """An order as a gateway lists it; `state` is open, received or failed."""

    id: str
    booking_id: str
    amount: Money
    of: str = ""
    state: str
    reference: str
    at: datetime


class Balance(msgspec.Struct, frozen=True):
    """What the ledger's entries of an account come to, in minor units."""

    account: str
    currency: str
    amount: int


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """All that one commit writes. `quotation` is the document after it; frames are in the order of their events.

    `resets` are channels whose audience's rights change: each gets a new epoch and a rising gen in this commit, and
    `frames` holds none for it. `audiences` is everyone who may see the quotation from now on (the index behind lists).
    """

    answer: bytes
    quotation: Quotation | None = None
    created: bool = False
    due_at: datetime | None = None
    audiences: frozenset[str] = frozenset()
    events: tuple[StoredEvent, ...] = ()
    frames: tuple[OutFrame, ...] = ()
    resets: tuple[str, ...] = ()
    versions: tuple[VersionRow, ...] = ()
    audit: tuple[AuditRow, ...] = ()
    announcement: Announcement | None = None
    notifications: tuple[Notification, ...] = ()
    notices: tuple[Notice, ...] = ()
    ledger: tuple[Posting, ...] = ()


class ChannelPosition(msgspec.Struct, frozen=True):
    """Where a channel stands: the rising `gen` stays inside the server, `epoch` and `seq` are what clients see."""

    gen: int
    epoch: str
    seq: int


OUTBOX_PARTS: Final = 64
"""All rows about one quotation are in one part of the outbox, so that relays can share it."""


class OutboxRow(msgspec.Struct, frozen=True, kw_only=True):
    """One command's work for the relay: its events, and each channel with its gen, epoch and the seqs it got.

    A channel whose rights changed stands with an empty range and `reset` true.
    """

    id: int
    events: tuple[StoredEvent, ...]
    channels: tuple["OutboxChannel", ...]


class OutboxChannel(msgspec.Struct, frozen=True, kw_only=True):
    channel: str
    gen: int
    epoch: str
    first: int
    last: int
    reset: bool = False


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person with a login. Agents have `company_id`, hotel staff `hotel_id`; a client has its agency's id in
    `customer_of`, which gives it no right of the agency. `rights` counts the changes of what the person may do, and
    of their logins being ended, the last of them at `rights_at`."""

    id: str
    email: str
    name: str
    role: Role
    password_hash: str
    company_id: str | None = None
    hotel_id: str | None = None
    customer_of: str | None = None
    active: bool = True
    rights: int = 0
    rights_at: datetime | None = None


class Company(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str


class RefreshToken(msgspec.Struct, frozen=True, kw_only=True):
    """A refresh token by its hash. All tokens that came from one login share `family`; a used one that comes back
    means theft, and ends the family."""

    token_hash: bytes
    family: str
    user_id: str
    expires_at: datetime
    used: bool = False


QueueName = Literal["high", "normal", "low", "bulk"]
"""The queues of workflows, by how long their work may wait."""

WorkflowState = Literal["waiting", "running", "done", "dead"]


class Workflow(msgspec.Struct, frozen=True, kw_only=True):
    """Durable work as it stands. It goes in turns: between two of them it waits, until `wake_at` or a word to it.

    `turns` counts those that were begun, `attempts` the failures since the last one that ended well. `code`, `reason`
    and `step` tell of the last failure: a refusal's code or an error's kind, its text or where it was, and in what.
    """

    id: str
    name: str
    queue: QueueName
    args: dict[str, Any]
    state: WorkflowState
    turns: int
    attempts: int
    wake_at: datetime | None
    progress: dict[str, Any]
    code: str
    reason: str
    step: str
    begun_at: datetime
    changed_at: datetime


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One turn of a workflow, as it was taken: `heard` words to it had come by then. `begun` is when the workflow was,
    in milliseconds, and tells it from another of its id before it."""

    workflow_id: str
    name: str
    queue: QueueName
    args: dict[str, Any]
    begun: int
    number: int
    heard: int
    attempts: int


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why a turn ended badly; see `Workflow`."""

    code: str
    reason: str
    step: str


class Executor(msgspec.Struct, frozen=True, kw_only=True):
    """A worker that runs turns of these queues, with the workflows' code of this version."""

    id: str
    version: str
    queues: tuple[QueueName, ...]


class Stray(msgspec.Struct, frozen=True, kw_only=True):
    """A turn that was taken by an executor that is gone."""

    workflow_id: str
    begun: int
    number: int
