"""The OpenAPI document describes what the views really hold and every command that there is."""

from typing import Any

import msgspec
import pytest

from backend.api import app, docs_page, schemas
from backend.api.app import OPERATIONS, create_app
from backend.api.booking_schemas import HoldView, LineView, PaymentView, StepView
from backend.api.context import Rest
from backend.domain.terms import Terms
from backend.services.commands import COMMANDS
from privacy.fields import FIELDS
from tests.support.asgi import AsgiClient

FILES = {one.name: list(one.files) for one in OPERATIONS}
NOTHING = Rest(deps=None, auth=None, by_user=None, broker_answers=None, largest=0, board=None)  # type: ignore[arg-type]  # only its routes are read


@pytest.fixture
async def spec() -> dict[str, Any]:
    answer: dict[str, Any] = (await AsgiClient(create_app(NOTHING)).get("/openapi.json")).json
    return answer


async def test_what_is_public_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """[S2] Whoever asks for the document or its page again and again costs no more than sending it."""
    client = AsgiClient(create_app(NOTHING))
    before = [(await client.get(path)).body for path in ("/openapi.json", "/docs")]

    def made(*_: object) -> str:
        raise AssertionError("made anew")

    monkeypatch.setattr(app, "specification", made)
    monkeypatch.setattr(docs_page, "render", made)
    assert [(await client.get(path)).body for path in ("/openapi.json", "/docs")] == before


def test_every_command_has_an_address() -> None:
    assert {name.replace(".", "_") for name in COMMANDS} <= {operation.name for operation in OPERATIONS}


def test_names_and_addresses_are_unique() -> None:
    assert len({one.name for one in OPERATIONS}) == len(OPERATIONS)
    assert len({(one.method, one.path) for one in OPERATIONS}) == len(OPERATIONS)


def test_it_is_openapi_3_1_with_readable_names(spec: dict[str, Any]) -> None:
    assert spec["openapi"].startswith("3.1")
    assert "QuotationView" in spec["components"]["schemas"]
    assert all(name.isalnum() for name in spec["components"]["schemas"])


def test_every_reference_leads_somewhere(spec: dict[str, Any]) -> None:
    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if "$ref" in value else set()
            return own.union(*(references(child) for child in value.values()))
        return set().union(*(references(child) for child in value)) if isinstance(value, list) else set()

    known = {f"#/components/schemas/{name}" for name in spec["components"]["schemas"]}
    assert references(spec) <= known


def test_errors_are_problem_documents_everywhere(spec: dict[str, Any]) -> None:
    for path in spec["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                kinds = list(answer.get("content", {}))
                good = FILES.get(operation["operationId"]) or ["application/json"]
                assert kinds == ([] if status == "304" else good if status < "400" else ["application/problem+json"])


def test_everything_needs_a_token_but_what_is_for_anyone(spec: dict[str, Any]) -> None:
    assert spec["security"] == [{"bearer": []}]
    open_ = {
        one["operationId"] for path in spec["paths"].values() for one in path.values() if one.get("security") == []
    }
    assert open_ == {"login", "refresh", "logout", "demo", "list_announcements"}


def test_it_describes_every_field_that_a_view_can_have() -> None:
    """[P1] A row of the field table without a place in the schema, or the other way round, is a mistake."""
    shown = {row.path.split(".")[0] for row in FIELDS}
    assert shown == set(schemas.QuotationView.__struct_fields__)
    for part, schema in (
        ("offers.*.", schemas.OfferView),
        ("competitors.*.", schemas.OfferView),
        ("invitations.*.", schemas.InvitationView),
        ("grants.*.", schemas.GrantView),
        ("booking.", schemas.BookingPart),
        ("booking.lines.*.", LineView),
        ("booking.steps.*.", StepView),
        ("booking.payments.*.", PaymentView),
        ("booking.holds.*.", HoldView),
        ("selling.", schemas.Selling),
    ):
        names = {row.path.removeprefix(part).split(".")[0] for row in FIELDS if row.path.startswith(part)}
        assert names <= {field.name for field in msgspec.structs.fields(schema)}, part


def test_it_describes_every_term() -> None:
    assert set(schemas.TermsView.__struct_fields__) == set(Terms.__struct_fields__)
