"""The AsyncAPI 3 document of the live protocol and of the events behind it, made from the code that speaks them.

`python -m realtime.asyncapi docs/asyncapi.json` writes it.
"""

import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args

import msgspec
import orjson

from backend.domain.event_data import data_of, version_of
from backend.domain.events import EventName
from privacy.hearing import HEARD, NAMES
from realtime import protocol

Part = dict[str, Any]

_SCHEMA: Final = "#/components/schemas/{name}"
_LIVE: Final = "#/channels/live"
_INSIDE: Final = "#/channels/history"
_LISTS: Final = ("announcement.published", "inbox.read", "notification.created")
INSIDE: Final[tuple[EventName, ...]] = get_args(EventName)
FACTS: Final = tuple(sorted({*NAMES, *_LISTS}))


@cache
def document() -> Part:
    """All of it; to be read only."""
    live = {**_commands(), **_acks(), **_facts(), **_others()}
    inside = {name: _happening(name) for name in INSIDE}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Spirit Tours live",
            "version": "1",
            "description": "Socket.IO v5 at /socket.io/, namespace /. Connect with `auth: {token}`. A command is an "
            "event with one object and an ack; what the server sends has one object, and an opaque string may follow.",
        },
        "defaultContentType": "application/json",
        "channels": {
            "live": {
                "address": "/socket.io/",
                "title": "The socket",
                "description": "What each person hears is made for their audience alone.",
                "messages": live,
            },
            "history": {
                "address": None,
                "title": "Inside the server",
                "description": "Events as they are stored and handed to reactions, in the version they are written in; "
                "former versions are read as this one. They never leave the server.",
                "messages": inside,
            },
        },
        "operations": {**dict(_asked()), **dict(_sent())},
        "components": {"schemas": _components()[1]},
    }


def encoded() -> bytes:
    """As it stands in docs/asyncapi.json."""
    return orjson.dumps(document(), option=orjson.OPT_INDENT_2) + b"\n"


def _commands() -> dict[str, Part]:
    return {
        name: {"name": name, "title": name, "payload": _ref(command.payload)}
        for name, command in protocol.COMMANDS.items()
    }


def _acks() -> dict[str, Part]:
    accepted = {
        _ack(name): {
            "name": "ack",
            "title": f"{name}: done",
            "payload": _object(ok={"const": True}, data=_ref(command.data)),
        }
        for name, command in protocol.COMMANDS.items()
    }
    return {**accepted, "refused": {"name": "ack", "title": "refused", "payload": _ref(protocol.Refused)}}


def _facts() -> dict[str, Part]:
    return {name: _fact(name) for name in FACTS}


def _fact(name: str) -> Part:
    hearers = sorted(kind for kind, names in HEARD.items() if name in names.values())
    named: Part = {"properties": {"name": {"const": name}}}
    made: Part = {"name": name, "title": name, "payload": {"allOf": [_ref(protocol.Fact), named]}}
    return made | ({"x-heard-by": hearers} if hearers else {})


def _others() -> dict[str, Part]:
    shapes = {**protocol.SERVICE, **protocol.SIGNALS}
    return {name: {"name": name, "title": name, "payload": _ref(shape)} for name, shape in shapes.items()}


def _happening(name: str) -> Part:
    return {
        "name": name,
        "title": name,
        "x-version": version_of(name),
        "x-heard-as": {kind: names[name] for kind, names in sorted(HEARD.items()) if name in names},
        "payload": _object(
            id={"type": "string"},
            name={"const": name},
            at={"type": "string", "format": "date-time"},
            by={"type": "object"},
            v={"const": version_of(name)},
            data=_ref(data_of(name)),
        ),
    }


def _asked() -> Iterable[tuple[str, Part]]:
    for name in protocol.COMMANDS:
        reply = {"channel": {"$ref": _LIVE}, "messages": [_message(_LIVE, _ack(name)), _message(_LIVE, "refused")]}
        yield name, _operation("receive", _LIVE, name) | {"reply": reply}


def _sent() -> Iterable[tuple[str, Part]]:
    for name in (*FACTS, *protocol.SERVICE, *protocol.SIGNALS):
        yield name, _operation("send", _LIVE, name)
    for name in INSIDE:
        yield f"history.{name}", _operation("send", _INSIDE, name)


def _operation(action: str, channel: str, message: str) -> Part:
    return {"action": action, "channel": {"$ref": channel}, "messages": [_message(channel, message)]}


def _message(channel: str, name: str) -> Part:
    return {"$ref": f"{channel}/messages/{name}"}


def _ack(command: str) -> str:
    return f"{command}.ack"


def _object(**properties: Part) -> Part:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _ref(shape: Any) -> Part:
    return _components()[0][shape]


@cache
def _components() -> tuple[Mapping[Any, Part], Mapping[str, Part]]:
    """How each shape is referred to, and all schemas by name: shapes of one name have longer ones."""
    commands = protocol.COMMANDS.values()
    shapes = [
        *(command.payload for command in commands),
        *(command.data for command in commands),
        protocol.Fact,
        protocol.Refused,
        protocol.Conflict,
        *protocol.SERVICE.values(),
        *protocol.SIGNALS.values(),
        *(data_of(name) for name in INSIDE),
    ]
    distinct = list(dict.fromkeys(shapes))
    references, schemas = msgspec.json.schema_components(distinct, ref_template=_SCHEMA)
    return dict(zip(distinct, references, strict=True)), dict(sorted(schemas.items()))


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(encoded())
