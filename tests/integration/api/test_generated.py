"""Requests that schemathesis makes from the OpenAPI document, good and bad, as everybody. [S2]

Nothing answers 5xx, and every answer is one that the document promises.
"""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi import checks

from backend.adapters.db import open_database
from backend.api.app import specification
from backend.services.auth import principal_of
from tests.integration.api.house import build_house, furnish
from tests.integration.api.stories import booked, draft
from tests.support.catalogue import catalogued
from tests.support.net import free_port
from tests.support.wait import until


def _as_taken(value: Any) -> Any:
    """The document with whole numbers as decimals too: it asks for texts, but a whole number is as exact, and taken."""
    if isinstance(value, dict):
        whole = {"type": ["string", "integer"]} if value.get("format") == "decimal" else {}
        return {key: _as_taken(child) for key, child in value.items()} | whole
    return [_as_taken(child) for child in value] if isinstance(value, list) else value


SCHEMA = schemathesis.openapi.from_dict(
    _as_taken(specification()),
    config=SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}}}),
)
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
]


@dataclass(frozen=True)
class Served:
    """A server with something in it. `ids` are real ones, by the name of the path parameter."""

    url: str
    tokens: dict[str, str]
    ids: dict[str, str]


@pytest.fixture(scope="module")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A real server on its own thread, for schemathesis asks over a real connection and waits for the answer."""
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("served") / "spirit.db")
    ready: list[Served] = []
    up, down = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(file, ready, up, down)))
    thread.start()
    assert up.wait(30)
    yield ready[0]
    down.set()
    thread.join(30)


async def _serve(file: Path, ready: list[Served], up: threading.Event, down: threading.Event) -> None:
    database = open_database(f"sqlite:///{file}")
    await database.start()
    house = build_house(database, await furnish(database))
    quotation, booking = await booked(house, "plaza", "mirador")
    await draft(house)
    line = next(iter((await house.as_("plaza").get(f"/api/v1/bookings/{booking}")).json["lines"]))
    signer, now = house.rest.auth.signer, house.rest.deps.now()
    tokens = {name: signer.issue(principal_of(user), now) for name, user in house.users.items()}
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(house.client.app, port=port, log_level="error"))
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    ids = {"quotation_id": quotation, "booking_id": booking, "line_id": line, **await catalogued(database)}
    ready.append(Served(f"http://127.0.0.1:{port}", tokens, ids))
    up.set()
    await asyncio.to_thread(down.wait)
    server.should_exit = True
    await serving
    await database.close()


CATALOGUE = "/catalogue/"
EVERYBODY = st.sampled_from(["nobody", "admin", "ana", "carla", "plaza", "client"])


def _check(case: schemathesis.Case, who: str, served: Served) -> None:
    headers = {"Authorization": f"Bearer {served.tokens[who]}"} if who in served.tokens else {}
    case.call_and_validate(base_url=served.url, headers=headers, checks=CHECKS)
    if case.path_parameters:
        # The ids of what is there, which nothing could guess, lead further than made-up ones.
        case.path_parameters = {name: served.ids.get(name, made) for name, made in case.path_parameters.items()}
        case.call_and_validate(base_url=served.url, headers=headers, checks=CHECKS[:-2])


@SCHEMA.exclude(path_regex=CATALOGUE).parametrize()
@SCHEMA.given(who=EVERYBODY)
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_document_promises(case: schemathesis.Case, who: str, served: Served) -> None:
    _check(case, who, served)


@SCHEMA.include(path_regex=CATALOGUE).parametrize()
@SCHEMA.given(who=st.sampled_from(["admin", "admin", "plaza", "ana"]))
@settings(max_examples=4, suppress_health_check=list(HealthCheck))
def test_so_it_is_with_the_catalogues(case: schemathesis.Case, who: str, served: Served) -> None:
    """Each kind is kept in the same way, so a few requests to each tell."""
    _check(case, who, served)
