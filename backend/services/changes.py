"""From what the domain decided to what a commit writes: serials, frames, versions and the index of viewers."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
import orjson

from backend.domain.due import next_due
from backend.domain.events import Step
from backend.domain.ledger import Posting, postings
from backend.domain.quotation import Quotation
from backend.domain.term_fields import term_changes
from backend.services.deps import Deps
from backend.services.records import AuditRow, Change, OutFrame, StoredEvent, VersionRow
from privacy.audiences import audiences, resets
from privacy.facts import Fact, facts
from privacy.views import Views
from privacy.wire import time_text
from rooms.names import channel


def change_of(
    deps: Deps,
    before: Quotation | None,
    steps: Sequence[Step],
    answer: Callable[[Views], object],
    audit: tuple[AuditRow, ...] = (),
) -> Change:
    """The one change that stores `steps`, each of which is one event with the next serial.

    `answer` is made of the views of the last state, which mostly are there by then.
    """
    events: list[StoredEvent] = []
    frames: list[OutFrame] = []
    versions: list[VersionRow] = []
    ledger: list[Posting] = []
    reset: dict[str, None] = {}
    state, views = before, Views(before)
    for step in steps:
        seen, views = views, Views(step.after)
        heard = facts(seen, step, views)
        frames += [_frame(fact, step) for fact in heard]
        reset |= dict.fromkeys(channel(room_of(step.after), audience) for audience in sorted(resets(state, step)))
        serial = (state.serial if state else 0) + 1
        after = msgspec.structs.replace(step.after, serial=serial)
        events.append(_stored(step, serial, after.id, heard))
        versions += _version(state, step)
        ledger += postings(state, step)
        state = after
    if state is None:
        raise ValueError("a change needs a quotation before it or a step")
    return Change(
        answer=orjson.dumps(answer(views)),
        quotation=state if steps else None,
        created=before is None,
        due_at=next_due(state),
        audiences=frozenset(index_key(state, audience) for audience in audiences(state)),
        events=tuple(events),
        frames=tuple(frame for frame in frames if frame.channel not in reset),
        resets=tuple(reset),
        versions=tuple(versions),
        ledger=tuple(ledger),
        audit=audit,
    )


def room_of(quotation: Quotation) -> str:
    return f"quotation:{quotation.id}"


def index_key(quotation: Quotation, audience: str) -> str:
    """How lists name an audience: an agency's is told from other agencies' by its company."""
    return f"agency:{quotation.company.id}" if audience == "agency" else audience


def encode_frame(
    *, room: str, audience: str, name: str, frame_id: str, at: datetime, by: dict[str, str] | None, data: dict[str, Any]
) -> OutFrame:
    """A frame in two pieces, between which the commit writes epoch and seq."""
    head = orjson.dumps({"v": 1, "id": frame_id, "name": name, "room": room})
    tail = orjson.dumps({"at": time_text(at), "by": by, "data": data})
    return OutFrame(channel=channel(room, audience), name=name, head=head[:-1] + b",", tail=tail[1:])


def _frame(fact: Fact, step: Step) -> OutFrame:
    return encode_frame(
        room=fact.room,
        audience=fact.audience,
        name=fact.name,
        frame_id=step.event.id,
        at=step.event.at,
        by=fact.by,
        data=fact.data,
    )


def _stored(step: Step, serial: int, quotation_id: str, heard: Sequence[Fact]) -> StoredEvent:
    room = f"quotation:{quotation_id}"
    return StoredEvent(
        quotation_id=quotation_id,
        serial=serial,
        event=step.event,
        heard={fact.audience: fact.name for fact in heard if fact.room == room},
    )


def _version(before: Quotation | None, step: Step) -> list[VersionRow]:
    after = step.after
    if before is not None and before.version == after.version:
        return []
    changes = term_changes(before.terms, after.terms) if before else {}
    return [VersionRow(version=after.version, at=step.event.at, by=step.event.by, changes=changes, terms=after.terms)]
