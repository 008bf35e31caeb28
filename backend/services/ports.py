"""What the use cases need from outside: few and narrow ports, each with one contract suite for every implementation."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeAlias

from backend.domain.computation.tariff import Rate, Tariff
from backend.domain.figures import AnswerTimes, Figures, QuotationCounts, Weeks
from backend.domain.principals import Role
from backend.domain.quotation import Hotel, Quotation, State
from backend.domain.resources.catalogue import Item, ItemKind
from backend.domain.resources.claims import CalendarKind, Claim, Night, Use
from backend.domain.terms import RoomType
from backend.services.payment_ports import Ledger, LocalPayments
from backend.services.records import (
    Announcement,
    AuditFilter,
    AuditRow,
    Change,
    ChannelPosition,
    Company,
    Executor,
    Failure,
    Notification,
    OutboxRow,
    QueueName,
    RefreshToken,
    StoredEvent,
    Stray,
    Target,
    Turn,
    User,
    VersionRow,
    Workflow,
    WorkflowState,
)
from rooms.positions import Cursor, Frame

Decide = Callable[[Quotation | None], Change]
Span: TypeAlias = tuple[date, date]
"""The first day and the last."""
Totals: TypeAlias = Mapping[tuple[date, RoomType], int]
"""How many rooms of a type a hotel lets the platform sell in a night."""


class Facts(Protocol):
    """The one door by which facts enter the database."""

    async def commit(self, target: Target, decide: Decide) -> bytes:
        """Loads the target, lets `decide` decide on it, stores the change, returns the answer.

        All of it or nothing, and on the quotation as it still is then. What is given to `decide` is None where there
        is no quotation; `decide` is pure and may run more than once. A change is of the quotation that the target
        names, and gives it another serial. An answer kept under the same key and payload hash is returned without
        deciding; of two at once the second waits for the first's answer.

        Raises:
            Refusal: from `decide` (nothing is stored), `command.invalid` for a key used with another payload, or
                `auth.revoked`: `target.by` has other rights by now, or none. [P6]
        """


class Snapshots(Protocol):
    """Consistent reads for joins and lists."""

    async def position(self, channels: Collection[str]) -> Mapping[str, ChannelPosition]:
        """Where the channels stand; a channel that never was gets its first epoch, seq 0."""

    async def moved(self, within: timedelta, limit: int) -> tuple[tuple[str, Cursor], ...]:
        """The places that channels came to by frames and resets within that time, in no order, at most `limit`.

        By the clock that the writers go by, which counts from the beginning of a commit: it can be read later.
        """

    async def quotation_at(self, quotation_id: str, channel: str) -> tuple[Quotation | None, ChannelPosition]:
        """The document and the channel's position, which fit exactly (one REPEATABLE READ transaction)."""

    async def frames(self, channel: str, epoch: str, after: int, limit: int) -> tuple[Frame, ...]:
        """The channel's frames of that epoch with a seq above `after`, in order, at most `limit`."""

    async def quotation(self, quotation_id: str) -> Quotation | None: ...

    async def quotation_of_booking(self, booking_id: str) -> Quotation | None: ...

    async def quotations(self, audience: str, before: str | None, limit: int) -> tuple[Quotation, ...]:
        """The newest first (by id) of those the index has for `audience` (`agency:{company_id}`, `hotel:{id}`,
        `client:{user}`, `guide:{user}`, `admin`), below the id `before`."""

    async def quotations_in(self, states: Collection[State], after: str, limit: int) -> tuple[Quotation, ...]:
        """All companies' in one of these states, by id, above the id `after`, at most `limit`."""

    async def version(self, quotation_id: str, version: int) -> VersionRow | None: ...

    async def versions(self, quotation_id: str, before: int | None, limit: int) -> tuple[VersionRow, ...]:
        """Newest first."""

    async def announcements(self, before: str | None, limit: int) -> tuple[Announcement, ...]: ...

    async def due(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Quotations whose `due_at` has come, the earliest first; those of one moment by their id."""


class Outbox(Protocol):
    """The relay's side of the commits."""

    async def outbox(self, limit: int, parts: Collection[int] | None = None) -> tuple[OutboxRow, ...]:
        """The oldest rows, by id; of all parts if none are named."""

    async def outbox_frames(self, rows: Sequence[OutboxRow]) -> Mapping[str, tuple[Frame, ...]]:
        """The frames of these rows by channel, in order. A reset stands as a frame `room.reset` with seq 0."""

    async def forget(self, ids: Sequence[int]) -> None: ...

    async def outbox_age(self, now: datetime) -> float:
        """Seconds that the oldest row has waited; 0 when there is none."""

    async def outbox_depth(self) -> int:
        """How many rows wait; counted up to 100,000."""


class Inbox(Protocol):
    """What is addressed to a person and not yet acked. [D8]"""

    async def waiting(self, user_ids: Collection[str]) -> frozenset[str]:
        """Those of the users for whom something waits, or was dropped."""

    async def unread(self, user_id: str, limit: int) -> tuple[tuple[Notification, ...], int]:
        """The oldest first, those of one moment by their quotation's id; and how many there are in all. Without those
        that were dropped."""

    async def drop_oldest(self, user_id: str, most: int) -> None:
        """Drops all but the newest of the user's."""

    async def dropped(self, user_id: str) -> int:
        """How many were dropped since the user acked something."""

    async def ack(self, user_id: str, ids: Collection[str]) -> tuple[frozenset[str], int]:
        """Forgets those of the user's own with these ids, and with the first of them how many were dropped. Which were
        there, and how many are left."""


class Directory(Protocol):
    """People, companies and hotels."""

    async def user(self, user_id: str) -> User | None: ...

    async def user_by_email(self, email: str) -> User | None:
        """Whatever the case it is written in."""

    async def users(self, ids: Collection[str]) -> tuple[User, ...]:
        """Those of them that there are."""

    async def users_by_email(self, emails: Collection[str]) -> tuple[User, ...]:
        """Those that there are of addresses in lower case."""

    async def users_of(
        self, *, company_id: str | None = None, hotel_id: str | None = None, role: Role | None = None
    ) -> tuple[User, ...]: ...

    async def clients_of(self, company_id: str) -> tuple[User, ...]: ...

    async def company(self, company_id: str) -> Company | None: ...

    async def hotels(self, ids: Collection[str] | None = None) -> tuple[Hotel, ...]:
        """The catalogue by name, or those of it with these ids."""

    async def put_user(self, user: User) -> None:
        """Inserts or replaces, but for `rights` and `rights_at`. The e-mail address is kept in lower case."""

    async def change_rights(self, user: User) -> bool:
        """Stores the user, who is there, with `rights` one higher and as of `rights_at`; False if another change of
        them came first, and nothing was stored."""

    async def put_company(self, company: Company) -> None: ...

    async def put_hotel(self, hotel: Hotel) -> None: ...


class Tokens(Protocol):
    """Refresh tokens, which rotate."""

    async def put_token(self, token: RefreshToken) -> None: ...

    async def use_token(self, token_hash: bytes, now: datetime) -> RefreshToken | None:
        """Marks a valid token used and returns it as it was before; None where there is none or it is expired.

        A family that has ended has no valid token, be one put into it afterwards.
        Of two at once, exactly one sees it unused.
        """

    async def end_family(self, family: str) -> None: ...

    async def end_families(self, user_id: str) -> None:
        """All of a user's."""

    async def ended_families(self, families: Collection[str]) -> frozenset[str]:
        """Those of them that have ended."""


class Audit(Protocol):
    """Append-only rows; buffered and written in batches, none lost on an orderly stop.

    While the database is away, what the buffer has no room for is lost, and counted.
    """

    def record(self, row: AuditRow) -> None: ...

    async def audit(self, wanted: AuditFilter, before: str | None, limit: int) -> tuple[AuditRow, ...]:
        """Newest first."""


class History(Protocol):
    """What happened, as it was stored, read in the versions of today."""

    async def history(self, quotation_id: str, after: str | None, limit: int) -> tuple[StoredEvent, ...]:
        """A quotation's events in their order, from the one after the event with the id `after`."""

    async def happened(self, after: str | None, limit: int) -> tuple[StoredEvent, ...]:
        """All quotations' events by their ids, which are by time; those of one quotation are in their order."""


class Resources(Protocol):
    """What bookings claim of hotels' allotments and of the calendars of guides and vehicles: nothing is given twice."""

    async def claim(self, claims: Sequence[Claim]) -> None:
        """Takes all of it or nothing. A claim that is there already has no second effect; nights and room types of
        which the hotel has no allotment are on request, and nothing is taken of them.

        Raises:
            Refusal: `resource.taken`, with `data` of what and when; `resource.not_found`, the guide or vehicle is not
                in the catalogue or not at work; `resource.released`, the claim was let go before.
            Invalid: the id is another claim's.
        """

    async def release(self, claim_ids: Collection[str]) -> None:
        """Gives back what these claims took, once. A release that comes before its claim holds: the claim, delayed
        somewhere, takes nothing any more."""

    async def claims_of(self, booking_id: str) -> tuple[Claim, ...]:
        """Those of a booking that are not released, by id."""

    async def booking_of_claim(self, claim_id: str) -> str | None:
        """Whose the claim is, or was before it was released."""

    async def calendar(
        self, kind: CalendarKind, first: date, last: date, ids: Collection[str] | None = None
    ) -> Mapping[str, tuple[Use, ...]]:
        """The days on which somebody is not free, in order; of all of them or of those named. Who is free is absent."""

    async def set_days_off(
        self, kind: CalendarKind, resource_id: str, span: Span, *, off: Collection[date], seen: Collection[date]
    ) -> bool:
        """Makes `off` the days off of the span; False, and nothing was changed, if they are not `seen` any more.

        Raises:
            Refusal: `resource.taken`, a booking has one of these days.
        """

    async def allotment(self, hotel_id: str, first: date, last: date) -> tuple[Night, ...]:
        """By night, then by room type."""

    async def set_allotment(self, hotel_id: str, span: Span, *, totals: Totals, seen: Totals) -> bool:
        """Makes `totals` the hotel's allotment of the span; False, and nothing was changed, if it is not `seen` any
        more.

        Raises:
            Refusal: `resource.taken`, more rooms than that are booked in one of the nights.
        """


class Catalogue(Protocol):
    """The catalogues that admins keep. An item has a revision, which rises with each change."""

    async def items(self, kind: ItemKind, after: str = "", limit: int | None = None) -> tuple[Any, ...]:
        """In the order of their list, those behind the place `after`, at most `limit`. Hotels: see `hotels`."""

    async def item(self, kind: ItemKind, item_id: str) -> tuple[Any, int] | None:
        """The item and its revision."""

    async def put_item(self, item: Item, seen: int | None) -> bool:
        """Stores the item in place of the revision `seen`, or as a new one; False, and nothing was stored, if another
        revision is there, or one at all."""

    async def drop_item(self, kind: ItemKind, item_id: str, seen: int) -> bool:
        """Forgets the item if it is still the revision `seen`."""

    async def count_items(self, kind: ItemKind) -> int: ...

    async def tariff(self, on: date, currency: str | None = None) -> Tariff | None:
        """The price list of that day: of those that are valid the one that has been so for the shortest time, one in
        that currency first."""

    async def rate(self, base: str, quote: str, on: date) -> Rate | None:
        """What a unit of `base` was worth on that day or the last one before that is known: as it was quoted, from the
        other way round, or by way of USD or EUR, in this order; of the first two the newer."""


class Workflows(Protocol):
    """Durable work, begun and spoken to from any process that has the database; workers do it.

    Call it after the commit that it follows from. Both may be repeated.
    """

    async def begin(self, name: str, workflow_id: str, args: Mapping[str, Any], *, queue: QueueName = "normal") -> None:
        """Begins the workflow of that name, unless there is one of that id. `args` is plain JSON."""

    async def send(self, workflow_id: str, topic: str, once: str) -> None:
        """Has a workflow look at once what there is to do. `once` tells one word from another; to a workflow that is
        over, or was never begun, nothing is said."""


class Turns(Protocol):
    """Workflows as those see them who run them. A turn that is over, or another's by now, is left alone."""

    async def begin_workflow(self, workflow: Workflow) -> bool:
        """Stores it unless there is one of its id; whether it did."""

    async def tell_workflow(self, workflow_id: str, word: str, now: datetime) -> bool:
        """Wakes it, or has its turn followed by another; one that failed waits on. Whether there was anything to do:
        the same word twice in a row is one."""

    async def take_turns(
        self, executor: Executor, queues: Collection[QueueName], now: datetime, limit: int
    ) -> tuple[Turn, ...]:
        """Begins turns of workflows of these queues whose time has come, the earliest first; nobody else gets them."""

    async def park(self, turn: Turn, until: datetime | None, now: datetime) -> None:
        """The turn ended well; the next is at that time, or when something is said, or at once if it was already."""

    async def finish(self, turn: Turn, now: datetime) -> None:
        """The workflow is over, unless something was said to it since the turn was taken."""

    async def fail(self, turn: Turn, failure: Failure, again_at: datetime | None, now: datetime) -> None:
        """The turn failed; there is another at that time, or the workflow is a dead letter."""

    async def take_over(self, workflow_id: str, number: int, within: timedelta) -> int | None:
        """Counts a failure of a turn whose executor died. How many there were; None if the turn is over, or somebody
        has taken it over within that time."""

    async def turn_again(self, workflow_id: str, number: int, now: datetime) -> None:
        """Gives the turn up for another."""

    async def bury(self, workflow_id: str, number: int, failure: Failure, now: datetime) -> None:
        """Makes a dead letter of a workflow whose turn nobody runs any more."""

    async def show_progress(self, turn: Turn, progress: Mapping[str, Any]) -> None: ...

    async def beat(self, executor: Executor) -> None:
        """The executor lives."""

    async def leave(self, executor_id: str) -> None: ...

    async def executors(self, within: timedelta) -> tuple[Executor, ...]:
        """Those that were seen within that time, by the database's clock."""

    async def strays(self, alive: Collection[str], limit: int) -> tuple[Stray, ...]:
        """Turns under way that none of these executors took, the oldest first."""

    async def adopt(self, workflow_ids: Collection[str], executor_id: str) -> None:
        """Their turns count as taken by this executor."""

    async def workflow(self, workflow_id: str) -> Workflow | None: ...

    async def dead_letters(self, limit: int) -> tuple[Workflow, ...]:
        """Workflows that were given up, the last one first."""

    async def running(self, limit: int) -> tuple[Workflow, ...]:
        """Workflows with a turn under way, the longest first."""

    async def counted(self) -> Mapping[tuple[QueueName, WorkflowState], int]:
        """How many workflows of each queue are in which state."""

    async def revive(self, workflow_id: str, now: datetime) -> bool:
        """Has a dead letter tried once more from now on; False if it is none."""

    async def drop(self, workflow_id: str, now: datetime) -> bool:
        """Has a dead letter be over, and forgotten in time like any that is; False if it is none."""

    async def forget_workflows(self, before: datetime) -> int:
        """Drops those that were over before that time; how many."""


class Business(Protocol):
    """The figures of the business: of one company, or of all if None is given. Weeks are named by their Monday."""

    async def keep_figures(self, figures: Figures) -> None:
        """Replaces what a quotation counted for before, unless that was of a later serial."""

    async def quotation_counts(self, company_id: str | None, weeks: Weeks) -> QuotationCounts:
        """Of those quotations that were made in the year before the last of the weeks."""

    async def answer_times(self, company_id: str | None, weeks: Weeks) -> AnswerTimes:
        """How long invitations of these weeks waited for their first offer; the newest 100,000 answers count."""


class Database(
    Facts,
    Snapshots,
    Outbox,
    Inbox,
    Directory,
    Tokens,
    Audit,
    History,
    Resources,
    Catalogue,
    Turns,
    LocalPayments,
    Ledger,
    Business,
    Protocol,
):
    """All of them, as one database offers them."""

    async def start(self) -> None: ...

    async def close(self) -> None: ...
