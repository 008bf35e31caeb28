"""What can be rebuilt from stored history. Each knows events by the catalogue, in the versions of today."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from backend.services.history import Projection
from backend.services.records import StoredEvent
from privacy.wire import time_text

Counts = Counter[str]
Timeline = list[dict[str, str]]


class Answers(msgspec.Struct, frozen=True):
    """How fast hotels answered: seconds from an invitation to the first offer, by hotel and quotation."""

    asked: dict[tuple[str, str], datetime] = {}
    seconds: dict[tuple[str, str], float] = {}


def _count(counts: Counts, stored: StoredEvent) -> Counts:
    counts[stored.event.name] += 1
    return counts


def _tell(told: Timeline, stored: StoredEvent) -> Timeline:
    event = stored.event
    told.append({"id": event.id, "at": time_text(event.at), "name": event.name, "by": event.by.name})
    return told


def _answer(answers: Answers, stored: StoredEvent) -> Answers:
    event, quotation_id = stored.event, stored.quotation_id or ""
    if event.name in ("quotation.published", "quotation.invited"):
        answers.asked.update({(hotel_id, quotation_id): event.at for hotel_id in event.data["hotel_ids"]})
    if event.name == "offer.submitted":
        who = (event.data["hotel_id"], quotation_id)
        if who in answers.asked:
            answers.seconds[who] = (event.at - answers.asked[who]).total_seconds()
    return answers


COUNTS: Final[Projection[Counts]] = Projection(Counter, _count)
"""How often each event happened."""
TIMELINE: Final[Projection[Timeline]] = Projection(list, _tell)
"""Everything, in its order, with who did it: for operators, not for a viewer."""
ANSWERS: Final[Projection[Answers]] = Projection(lambda: Answers({}, {}), _answer)

BY_NAME: Final[Mapping[str, Projection[Any]]] = {"counts": COUNTS, "timeline": TIMELINE, "answers": ANSWERS}


def written(state: Any) -> Any:
    """A projection's state as JSON has it."""
    if isinstance(state, Answers):
        return [{"hotel_id": one, "quotation_id": of, "seconds": took} for (one, of), took in state.seconds.items()]
    return state
