"""Bad input of any kind gets a typed problem document, and nothing is stored. [S2]"""

from datetime import datetime
from typing import Any

import pytest

from tests.integration.api.house import Build, House
from tests.integration.api.stories import draft, offer, published
from tests.support.asgi import Answer

HTML = "<script>alert(1)</script>'; DROP TABLE users; --"

BAD_BODIES = (
    b"{",
    b"[]",
    b"null",
    b'"title"',
    b'{"title": "\xff"}',
    b'{"title": "\\ud800"}',
    b'{"title": NaN}',
    b'{"title": "x", "adults": 1e400}',
    b'{"title": "x", "adults": 1.0}',
    b'{"title": "x", "adults": -1}',
    b'{"title": "x", "adults": 99999999999999999999}',
    b'{"title": "x", "unknown": 1}',
    b'{"title": "x", "key": "injected-key"}',
    b'{"title": ""}',
    b'{"title": "x", "budget": {"min": {"amount": "NaN", "currency": "USD"}}}',
    b'{"title": "x", "budget": {"min": {"amount": "Infinity", "currency": "USD"}}}',
    b'{"title": "x", "budget": {"min": {"amount": 12.5, "currency": "USD"}}}',
    b'{"title": "x", "budget": {"min": {"amount": "1e999999999", "currency": "USD"}}}',
    b'{"title": "x", "markup_percent": "-1"}',
    b'{"title": "x", "check_in": "2027-03-05", "check_out": "2027-03-01"}',
    b'{"title": "x", "check_in": "yesterday"}',
    b'{"title": "x", "client_id": "nobody"}',
    b'{"title": "x", "special_requirements": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    b'{"title": "' + b"x" * 10_000 + b'"}',
)


def told(answer: Answer) -> tuple[int, str]:
    """Status and code, of what is a whole problem document that gives nothing away."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem = answer.json
    assert problem.keys() <= {"type", "title", "status", "code", "detail", "data", "retry_after"}
    assert problem["status"] == answer.status
    assert problem["type"].endswith(problem["code"])
    for secret in ("Traceback", "backend", "sqlalchemy", ".py"):
        assert secret not in answer.body.decode()
    return answer.status, problem["code"]


async def test_a_bad_body_is_refused_and_nothing_is_stored(house: House) -> None:
    ana = house.as_("ana")
    json = {"content-type": "application/json"}
    for content in BAD_BODIES:
        answer = await ana.request("POST", "/api/v1/quotations", content=content, headers=json)
        assert told(answer) == (400, "command.invalid"), content
    assert (await ana.get("/api/v1/quotations")).json["items"] == []


async def test_a_body_is_bounded_whatever_it_says_of_itself(build: Build) -> None:
    ana = build(largest=1_000).as_("ana")
    json = {"content-type": "application/json"}
    many = [b" " * 600, b"{}" + b" " * 600]
    for content, headers in (
        (b" " * 1_001, {}),
        (many, {}),
        (many, {"transfer-encoding": "chunked"}),
        (b"{}", {"content-length": "99999999999"}),
        (b"{}", {"content-length": "-1"}),
    ):
        answer = await ana.request("POST", "/api/v1/quotations", content=content, headers=json | headers)
        assert told(answer) == (413, "command.invalid")


async def test_a_body_is_json_and_says_so(house: House) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        headers = {"content-type": kind}
        answer = await house.as_("ana").request("POST", "/api/v1/quotations", content=b"{}", headers=headers)
        assert told(answer) == (415, "command.invalid")


async def test_an_unknown_address_is_told_to_be_one(house: House) -> None:
    for path in ("/api/v1/nothing", "/api", "/api/v2/me", "/api/v1/quotations/", "/api/v1//me"):
        assert told(await house.as_("ana").get(path)) == (404, "command.unknown"), path


async def test_a_wrong_method_is_told_the_right_ones(house: House) -> None:
    answer = await house.as_("ana").request("DELETE", "/api/v1/quotations")
    assert told(answer) == (405, "command.unknown")
    assert answer.headers["allow"] == "GET, HEAD, POST"
    assert (await house.as_("ana").request("PUT", "/api/v1/quotations/x")).headers["allow"] == "GET, HEAD, PATCH"


async def test_a_bad_query_is_refused(house: House) -> None:
    ana = house.as_("ana")
    for query in ("limit=0", "limit=101", "limit=x", "limit=1.5", "next=AA", "next=!!", "next=_w", "order=price"):
        assert told(await ana.get(f"/api/v1/quotations?{query}")) == (400, "command.invalid"), query


async def test_a_bad_key_is_refused(house: House) -> None:
    for key in ("", "short", "x" * 65, "white space!", "ünïcode-key"):
        answer = await house.as_("ana").post("/api/v1/quotations", {"title": "x"}, idempotency_key=key)
        assert told(answer) == (400, "command.invalid"), key


async def test_a_bad_id_is_of_nothing(house: House) -> None:
    ana = house.as_("ana")
    for id_ in ("\0", "' OR 1=1--", "..%2F..%2Fme", "x" * 65, "💩"):
        for address in (f"quotations/{id_}", f"quotations/{id_}/versions", f"bookings/{id_}"):
            assert told(await ana.get(f"/api/v1/{address}"))[0] == 404, address
        assert told(await ana.post(f"/api/v1/quotations/{id_}/close"))[0] == 400, id_
    audit = await house.as_("admin").get("/api/v1/audit?limit=100")
    assert audit.status == 200
    assert len([row for row in audit.json["items"] if row["user_id"] == "ana"]) == 20


async def test_sql_and_html_are_text_like_any_other(house: House) -> None:
    """Stored and given back as written; the content type keeps a browser from taking it for a page."""
    id_ = await draft(house, title=HTML, notes=HTML, special_requirements=[HTML])
    answer = await house.as_("ana").get(f"/api/v1/quotations/{id_}")
    assert answer.json["title"] == HTML
    assert answer.json["special_requirements"] == [HTML]
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_text_with_a_null_character_is_kept_whole_or_refused(house: House) -> None:
    answer = await house.as_("ana").post("/api/v1/quotations", {"title": "a\0b"})
    assert answer.status in (201, 400)


def room(kind: str, currency: str) -> dict[str, Any]:
    return {"type": kind, "net_rate": {"amount": "1", "currency": currency}, "quantity": 1}


async def test_a_bad_offer_is_refused(house: House) -> None:
    id_ = await published(house, "plaza")
    for change, code in (
        ({"rooms": []}, "command.invalid"),
        ({"rooms": [room("cave", "USD")]}, "command.invalid"),
        ({"rooms": [room("double", "EUR")]}, "offer.bad_currency"),
        ({"commission_percent": "101"}, "command.invalid"),
        ({"internal_notes": 7}, "command.invalid"),
    ):
        answer = await house.as_("plaza").post(f"/api/v1/quotations/{id_}/offers", offer("1.00") | change)
        assert told(answer)[1] == code, change
    assert (await house.as_("plaza").get(f"/api/v1/quotations/{id_}/offers")).json["items"] == []


async def test_a_failure_of_ours_tells_nothing_and_is_logged_without_values(
    build: Build, capsys: pytest.CaptureFixture[str]
) -> None:
    """[P3] The asker gets a problem document, the log the place and no values."""

    def broken() -> datetime:
        raise RuntimeError("a very secret title")

    answer = await build(clock=broken).client.post("/api/v1/auth/refresh", {"refresh_token": "a very secret token"})
    assert told(answer) == (500, "internal")
    logged = capsys.readouterr().out
    assert "request failed" in logged
    assert "RuntimeError" in logged
    assert "secret" not in logged
