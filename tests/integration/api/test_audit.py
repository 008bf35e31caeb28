"""The audit by REST: its filters, its exports and timelines, each of what one may see."""

import csv
from io import StringIO
from typing import Any

import orjson
import pytest

from backend.domain.refusals import Refusal
from backend.services.audits import exported
from backend.services.auth import principal_of
from backend.services.commands import execute
from backend.services.records import AuditFilter
from tests.integration.api.house import House
from tests.integration.api.stories import bid, booked, done, draft, published
from tests.support.rest import token_of


async def test_the_audit_can_be_asked_who_did_what(house: House) -> None:
    id_ = await draft(house)
    await house.as_("bruno").get(f"/api/v1/quotations/{id_}")
    await house.as_("carla").get(f"/api/v1/quotations/{id_}")
    read = await _rows(house, "admin", f"action=quotation.read&subject=quotation:{id_}")
    assert [row["user_id"] for row in read] == ["bruno"]
    assert [row["outcome"] for row in await _rows(house, "admin", "user_id=carla")] == ["quotation.not_found"]
    assert await _rows(house, "admin", "until=2020-01-01T00:00:00Z") == []
    assert {row["user_id"] for row in await _rows(house, "admin", "since=2020-01-01T00:00:00Z")} >= {"bruno", "carla"}


async def test_the_audit_tells_who_came_in_read_and_did_what(house: House) -> None:
    """[S1.3] One row for what was done, also for what its commit writes itself; nothing of what was said."""
    id_ = await published(house, "plaza")
    await bid(house, id_, "plaza", "100")
    await house.as_("ana").get(f"/api/v1/quotations/{id_}")
    await done(
        await house.as_("admin").post(f"/api/v1/quotations/{id_}/grant", {"hotel_id": "plaza", "reason": "Why."})
    )
    rows = await _rows(house, "admin", f"subject=quotation:{id_}")
    assert [(row["user_id"], row["action"], row["outcome"]) for row in reversed(rows)] == [
        ("ana", "quotation.create", "ok"),
        ("ana", "quotation.publish", "ok"),
        ("plaza", "offer.submit", "ok"),
        ("ana", "quotation.read", "ok"),
        ("admin", "quotation.grant", "ok"),
    ]
    seen = {row["user_id"] for row in await _rows(house, "ana", f"subject=quotation:{id_}")}
    assert "plaza" not in seen


async def test_an_agency_sees_its_own_rows_alone(house: House) -> None:
    """[S1] Whatever it asks for, in the list and in the export."""
    id_ = await draft(house)
    await house.as_("bruno").get(f"/api/v1/quotations/{id_}")
    await house.as_("carla").get(f"/api/v1/quotations/{id_}")
    assert {row["user_id"] for row in await _rows(house, "carla", f"subject=quotation:{id_}")} == {"carla"}
    exported = await done(await house.as_("carla").get("/api/v1/audit/export"))
    assert {row["user_id"] for row in exported} == {"carla"}
    for who in ("plaza", "client", "guide"):
        for path in ("audit", "audit/export"):
            answer = await house.as_(who).get(f"/api/v1/{path}")
            assert (answer.status, answer.json["code"]) == (403, "command.forbidden")


async def test_an_export_has_every_row_as_json_and_csv(house: House) -> None:
    admin = house.as_("admin")
    assert await done(await admin.get("/api/v1/audit/export?user_id=nobody")) == []
    for _ in range(3):
        await house.as_("ana").get("/api/v1/quotations")
    asked = "user_id=ana&action=quotation.list"
    rows = await done(await admin.get(f"/api/v1/audit/export?{asked}"))
    assert rows == await _rows(house, "admin", asked)
    assert len(rows) == 3
    answer = await admin.get(f"/api/v1/audit/export?{asked}&format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    table = list(csv.DictReader(StringIO(answer.body.decode())))
    assert [row["id"] for row in table] == [row["id"] for row in rows]
    assert [orjson.loads(row["detail"]) for row in table] == [{}, {}, {}]


async def test_no_cell_of_an_export_is_a_formula(house: House) -> None:
    """[S2] The name of an unknown command is whatever somebody sent."""
    with pytest.raises(Refusal, match="no such command"):
        await execute(house.rest.deps, principal_of(house.users["ana"]), "=cmd()", {})
    answer = await house.as_("admin").get("/api/v1/audit/export?format=csv&outcome=command.unknown")
    (row,) = csv.DictReader(StringIO(answer.body.decode()))
    assert row["action"] == "'=cmd()"


async def test_a_timeline_tells_each_what_they_heard(house: House) -> None:
    """[P2] A hotel's has its own story alone, in the words of its frames."""
    id_, _ = await booked(house, "plaza", "mirador")
    agency, client, plaza, mirador = [await _timeline(house, who, id_) for who in ("ana", "client", "plaza", "mirador")]
    assert [told["name"] for told in agency][:4] == [
        "quotation.created",
        "quotation.published",
        "offer.submitted",
        "offer.submitted",
    ]
    assert {told["name"] for told in client} >= {"quotation.awarded", "quotation.accepted", "booking.created"}
    lost = ["invitation.received", "offer.submitted", "invitation.closed", "offer.not_selected"]
    assert [told["name"] for told in plaza][:4] == [*lost[:3], "offer.selected"]
    assert [told["name"] for told in mirador] == lost
    assert [told["by"] and told["by"]["id"] for told in mirador] == [None, "mirador", None, None]
    assert (await house.as_("carla").get(f"/api/v1/quotations/{id_}/timeline")).status == 404


async def test_a_timeline_comes_in_pages(house: House) -> None:
    id_ = await published(house, "plaza")
    await bid(house, id_, "plaza", "100")
    whole = await _timeline(house, "ana", id_)
    paged: list[Any] = []
    asked = "limit=1"
    while asked:
        page = await done(await house.as_("ana").get(f"/api/v1/quotations/{id_}/timeline?{asked}"))
        paged += page["items"]
        asked = f"limit=1&next={page['next']}" if page["next"] else ""
    assert paged == whole


async def test_an_export_stops_with_its_readers_rights(house: House) -> None:
    """[P6] Between two pieces the rights are read again."""
    ana = house.users["ana"]
    token = token_of(house.rest.deps, principal_of(ana))
    await house.client.with_token(token).get("/api/v1/quotations")
    pieces = exported(house.rest.deps, principal_of(ana), AuditFilter())
    await house.rest.deps.db.change_rights(ana)
    with pytest.raises(Refusal) as caught:
        await anext(pieces)
    assert caught.value.code == "auth.revoked"


async def _rows(house: House, who: str, asked: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await done(await house.as_(who).get(f"/api/v1/audit?{asked}")))["items"]
    return items


async def _timeline(house: House, who: str, id_: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await done(await house.as_(who).get(f"/api/v1/quotations/{id_}/timeline")))["items"]
    return items
