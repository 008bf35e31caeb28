"""Makes the browser app's types from the server's schemas: `python -m scripts.browser_types FOLDER`.

`api.ts` comes from the OpenAPI document, `protocol.ts` from the live protocol's shapes; what both have, the second
takes from the first.
"""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import orjson

from backend.api.app import specification
from realtime import protocol

_PROGRAM = Path(__file__).parent.parent / "web/scripts/types.mjs"
_PLACE = "#/components/schemas/{name}"
Schemas = dict[str, Any]


def write(folder: Path) -> None:
    """Writes both files. Raises CalledProcessError if the program that turns schemas into types fails."""
    api = specification()
    for name, document in (("api", api), ("protocol", _protocol(api["components"]["schemas"]))):
        types = subprocess.run(["node", _PROGRAM], input=orjson.dumps(document), stdout=subprocess.PIPE, check=True)  # noqa: S603, S607  # our own program
        (folder / f"{name}.ts").write_bytes(types.stdout)


def _protocol(shared: Mapping[str, Any]) -> Schemas:
    """The protocol as a document of schemas, with its tables of commands and events."""
    answers = [command.data for command in protocol.COMMANDS.values()]
    payloads = [command.payload for command in protocol.COMMANDS.values()]
    events = [protocol.Fact, *protocol.SERVICE.values(), *protocol.SIGNALS.values()]
    acks = [protocol.Accepted, protocol.Refused, protocol.Conflict]
    shapes = list(dict.fromkeys([*payloads, *answers, *events, *acks]))
    _, schemas = msgspec.json.schema_components(shapes, ref_template=_PLACE)
    tables = {
        "Commands": _table(
            {
                name: _table({"payload": _ref(command.payload), "data": _ref(command.data)})
                for name, command in protocol.COMMANDS.items()
            }
        ),
        "ServiceEvents": _table({name: _ref(shape) for name, shape in protocol.SERVICE.items()}),
        "Signals": _table({name: _ref(shape) for name, shape in protocol.SIGNALS.items()}),
    }
    taken = {name: _taken(name, schema, shared) for name, schema in schemas.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Spirit Tours live: the protocol", "version": "1"},
        "paths": {},
        "components": {"schemas": tables | taken},
    }


def _taken(name: str, schema: Schemas, shared: Mapping[str, Any]) -> Schemas:
    if name not in shared:
        return schema
    if shared[name] != schema:
        raise ValueError(f"REST and the live protocol mean different things by {name}")
    return {"x-shared": name}


def _table(members: Mapping[str, Schemas]) -> Schemas:
    return {"type": "object", "properties": dict(members), "required": list(members)}


def _ref(shape: type[msgspec.Struct]) -> Schemas:
    return {"$ref": _PLACE.format(name=shape.__name__)}


if __name__ == "__main__":
    write(Path(sys.argv[1]))
