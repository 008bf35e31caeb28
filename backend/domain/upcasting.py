"""Reading events of former versions as if they had been written today.

What is stored is never rewritten: whoever reads an event of history, or one that was on its way through a deploy,
reads it through here. One of a version that is newer than this process stays as it is.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from backend.domain.event_data import version_of
from backend.domain.events import Event

Data = dict[str, Any]


def _expired_with_cause(data: Data) -> Data:
    return {"cause": "not_accepted" if "offer_id" in data else "no_offer", **data}


UPCASTS: Final[Mapping[tuple[str, int], Callable[[Data], Data]]] = {
    ("quotation.expired", 1): _expired_with_cause,
}
"""Name and former version -> its data in the next version."""


def upcast(event: Event) -> Event:
    """The event in the version that is written now."""
    current = version_of(event.name)
    if event.v >= current:
        return event
    data = event.data
    for former in range(event.v, current):
        data = UPCASTS[event.name, former](data)
    return msgspec.structs.replace(event, v=current, data=data)
