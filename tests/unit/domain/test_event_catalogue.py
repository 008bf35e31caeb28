"""The catalogue of events: each is what it says, and each former version is read as today's."""

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import msgspec
import orjson
import pytest

from backend.adapters.db.rows import event_from
from backend.domain.event_data import DATA, Expired, data_of, version_of
from backend.domain.events import Event, EventName
from backend.domain.upcasting import UPCASTS, upcast
from backend.services.records import StoredEvent
from tests.support.domain import ANA, NOW, World
from tests.unit.privacy.worlds import booked, declined, guided, rejected

KEPT = sorted(Path("tests/fixtures/events").glob("*.json"))
"""Events as some version of this program stored them. They are never rewritten; new versions come beside them."""


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_what_was_ever_stored_is_read_as_todays(path: Path) -> None:
    stored = event_from(path.read_text())
    assert _of(path) == (stored.event.name, orjson.loads(path.read_text())["event"].get("v", 1))
    assert stored.event.v == version_of(stored.event.name)
    msgspec.convert(stored.event.data, data_of(stored.event.name))


def test_every_version_of_every_event_is_kept() -> None:
    """Whoever adds an event's data to the catalogue, or changes it, keeps one as it is stored."""
    kept = {_of(path) for path in KEPT}
    written = {(name, version) for name in DATA for version in range(1, version_of(name) + 1)}
    assert written <= kept


def test_the_catalogue_has_no_name_that_no_event_has() -> None:
    assert set(DATA) <= set(get_args(EventName))


def test_there_is_a_way_from_each_former_version() -> None:
    assert set(UPCASTS) == {(name, former) for name in get_args(EventName) for former in range(1, version_of(name))}


def test_an_expiry_of_the_first_version_has_its_cause() -> None:
    causes = {
        offer_id: msgspec.convert(upcast(_expired(offer_id)).data, Expired).cause for offer_id in (None, "an-offer")
    }
    assert causes == {None: "no_offer", "an-offer": "not_accepted"}


def test_an_event_of_a_newer_program_stays_as_it_is() -> None:
    """A deploy begins with one node."""
    newer = msgspec.structs.replace(_expired(None), v=99)
    assert upcast(newer) is newer
    stored = StoredEvent(quotation_id="q", serial=1, event=newer)
    assert event_from(msgspec.json.encode(stored).decode()) == stored


@pytest.mark.parametrize("made", [booked, rejected, declined, guided])
def test_what_happens_is_what_the_catalogue_says(made: Callable[[], World]) -> None:
    for event in made().events:
        assert event.v == version_of(event.name)
        msgspec.convert(event.data, data_of(event.name))


def _of(path: Path) -> tuple[str, int]:
    """Name and version, as the file's name says."""
    name, _, rest = path.name.partition(".v")
    return name, int(rest.partition(".")[0])


def _expired(offer_id: str | None) -> Event:
    data = {"offer_id": offer_id} if offer_id else {}
    return Event(id="e", name="quotation.expired", at=NOW, by=ANA, data=data, v=1)
