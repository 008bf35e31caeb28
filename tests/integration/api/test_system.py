"""For operators and browsers: health, metrics, headers, the document and its page."""

import re

from rooms.broker import BrokerUnavailable
from tests.integration.api.house import Build, House
from tests.support.asgi import AsgiClient


async def test_alive_and_ready(house: House) -> None:
    assert (await house.client.get("/healthz")).json == {"alive": True}
    ready = await house.client.get("/readyz")
    assert (ready.status, ready.json) == (200, {"ready": True, "database": True, "broker": True, "stopping": False})


async def test_not_ready_without_the_broker(build: Build) -> None:
    async def away() -> None:
        raise BrokerUnavailable

    answer = await build(broker_answers=away).client.get("/readyz")
    assert (answer.status, answer.json) == (503, {"ready": False, "database": True, "broker": False, "stopping": False})
    assert (await build(broker_answers=away).client.get("/healthz")).status == 200


async def test_not_ready_once_it_is_to_stop(build: Build) -> None:
    """[D10] Alive, though: it has clients to send away."""
    answer = await build(stopping=lambda: True).client.get("/readyz")
    assert (answer.status, answer.json) == (503, {"ready": False, "database": True, "broker": True, "stopping": True})
    assert (await build(stopping=lambda: True).client.get("/healthz")).status == 200


async def test_metrics_are_for_this_machine_or_a_token(build: Build) -> None:
    house = build(metrics_token="observer's secret")
    elsewhere = house.client
    for refused in (
        await elsewhere.get("/metrics"),
        await elsewhere.get("/metrics", authorization="Bearer other"),
        await elsewhere.get("/metrics", x_forwarded_for="127.0.0.1"),
        await AsgiClient(elsewhere.app, address="127.0.0.1").get("/metrics", x_forwarded_for="192.0.2.7"),
    ):
        assert (refused.status, refused.json["code"]) == (403, "command.forbidden")
    for address in ("127.0.0.1", "::1"):
        here = await AsgiClient(elsewhere.app, address=address).get("/metrics")
        assert here.status == 200
    there = await elsewhere.get("/metrics", authorization="Bearer observer's secret")
    assert b"spirit_outbox_age_seconds 0.0" in there.body
    assert there.headers["content-type"].startswith("text/plain")


async def test_without_a_token_set_no_token_opens_the_metrics(house: House) -> None:
    for header in ("", "Bearer", "Bearer ", "Bearer None"):
        assert (await house.client.get("/metrics", authorization=header)).status == 403


async def test_metrics_count_requests_by_operation_and_never_by_what_is_in_them(house: House) -> None:
    """[P3]"""
    await house.as_("ana").get("/api/v1/quotations/some-quotation-id")
    text = (await AsgiClient(house.client.app, address="127.0.0.1").get("/metrics")).body.decode()
    assert 'spirit_rest_requests_total{operation="get_quotation",status="404"}' in text
    assert "some-quotation-id" not in text
    assert "andes" not in text


async def test_every_answer_is_kept_from_frames_sniffing_and_referrers(house: House) -> None:
    for path in (
        "/api/v1/me",
        "/api/v1/announcements",
        "/nothing",
        "/healthz",
        "/openapi.json",
        "/asyncapi.json",
        "/docs",
    ):
        headers = (await house.client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"].startswith("default-src 'none'; ")
        assert "cache-control" in headers


async def test_the_live_protocols_document_is_served_where_it_is_spoken(build: Build) -> None:
    there = await build(live_document=lambda: b'{"asyncapi":"3.0.0"}').client.get("/asyncapi.json")
    assert (there.status, there.json) == (200, {"asyncapi": "3.0.0"})
    assert there.headers["content-type"] == "application/json"
    assert (await build().client.get("/asyncapi.json")).status == 404


async def test_only_named_origins_may_read(build: Build) -> None:
    named = {"origin": "https://app.example"}
    there = await build(origins=("https://app.example",)).client.get("/api/v1/announcements", **named)
    assert there.headers["access-control-allow-origin"] == "https://app.example"
    assert "access-control-allow-origin" not in (await build().client.get("/api/v1/announcements", **named)).headers


async def test_the_page_loads_and_runs_nothing(house: House) -> None:
    answer = await house.client.get("/docs")
    page = answer.body.decode()
    assert answer.headers["content-type"].startswith("text/html")
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(|https?://|\son\w+=", page)
    for operation in ("quotation_award", "list_quotations", "schema-QuotationView"):
        assert f'id="{operation}"' in page
    for reference in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{reference}"' in page
