"""Small changes to commit, as a use case would hand them over."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import msgspec

from backend.domain.events import Event
from backend.domain.principals import SYSTEM
from backend.domain.quotation import Party, Quotation
from backend.domain.terms import Terms
from backend.services.ports import Database
from backend.services.records import Change, Key, OutFrame, StoredEvent, Target, VersionRow

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

Decide = Callable[[Quotation | None], Change]


def new_id() -> str:
    return uuid4().hex


def quotation(quotation_id: str = "", **fields: Any) -> Quotation:
    """A draft of a company named andes."""
    plain = Quotation(
        id=quotation_id or new_id(),
        company=Party(id="andes", name="Andes"),
        terms=Terms(title="Cusco", markup_percent=Decimal("12.50")),
        state="draft",
        version=1,
        serial=1,
        created_at=NOW,
        created_by=SYSTEM,
        margin_percent=Decimal(8),
    )
    return msgspec.structs.replace(plain, **fields)


def event(quotation_id: str | None, serial: int) -> StoredEvent:
    happened = Event(id=new_id(), name="quotation.edited", at=NOW, by=SYSTEM, data={"fields": ["title"]})
    return StoredEvent(quotation_id=quotation_id, serial=serial, event=happened)


def frame(channel: str, mark: int | str = 0) -> OutFrame:
    """A frame that can be told from others by its mark."""
    tail = json.dumps({"data": {"mark": mark}})[1:]
    return OutFrame(channel=channel, name="quotation.edited", head=b'{"v":1,', tail=tail.encode())


def mark_of(body: bytes) -> int | str:
    mark: int | str = json.loads(body)["data"]["mark"]
    return mark


def key(name: str = "k", payload: bytes = b"payload") -> Key:
    return Key(user_id="ana", command="quotation.edit", key=name, payload_hash=payload)


def version(number: int) -> VersionRow:
    changes = {"title": {"from": "Cusco", "to": f"Cusco {number}"}}
    return VersionRow(
        version=number, at=NOW + timedelta(minutes=number), by=SYSTEM, changes=changes, terms=Terms(title="Cusco")
    )


def always(change: Change) -> Decide:
    """Decides the same whatever there is."""
    return lambda _: change


def sending(*channels: str, mark: int | str = 0) -> Decide:
    """A change of no quotation, with a frame for each channel named."""
    return always(Change(answer=b"{}", frames=tuple(frame(channel, mark) for channel in channels)))


async def create(database: Database, made: Quotation, *audiences: str, due_at: datetime | None = None) -> Quotation:
    """Commits a new quotation with its first event."""
    change = Change(
        answer=b"{}",
        quotation=made,
        created=True,
        due_at=due_at,
        audiences=frozenset(audiences),
        events=(event(made.id, made.serial),),
    )
    await database.commit(Target(), always(change))
    return made


def edit(*channels: str, answer: bytes = b"{}") -> Decide:
    """Counts the quotation's version and serial up by one and tells the channels the version."""

    def decide(before: Quotation | None) -> Change:
        assert before
        after = msgspec.structs.replace(before, version=before.version + 1, serial=before.serial + 1)
        return Change(
            answer=answer,
            quotation=after,
            events=(event(after.id, after.serial),),
            frames=tuple(frame(channel, after.version) for channel in channels),
        )

    return decide
