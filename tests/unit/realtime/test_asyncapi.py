"""The AsyncAPI document is what the server speaks."""

from pathlib import Path
from typing import Any, get_args

from backend.domain.events import EventName
from privacy.hearing import NAMES
from realtime import asyncapi, protocol


def test_the_kept_document_is_current() -> None:
    assert Path("docs/asyncapi.json").read_bytes() == asyncapi.encoded(), "run: make types"


def test_it_names_every_command_event_and_signal() -> None:
    operations = asyncapi.document()["operations"]
    received = {name for name, operation in operations.items() if operation["action"] == "receive"}
    sent = {name for name, operation in operations.items() if operation["action"] == "send"}
    inside = {f"history.{name}" for name in get_args(EventName)}
    assert received == set(protocol.COMMANDS)
    assert sent >= NAMES | protocol.SERVICE.keys() | protocol.SIGNALS.keys() | inside
    assert len(sent) >= 60


def test_every_reference_leads_somewhere() -> None:
    whole = asyncapi.document()
    for reference in _references(whole):
        found: Any = whole
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if "$ref" in value else set()
        return own.union(*(_references(child) for child in value.values()))
    return set().union(*(_references(child) for child in value)) if isinstance(value, list) else set()
