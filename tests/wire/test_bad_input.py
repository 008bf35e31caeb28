"""[S2] Bad input of any kind gets a typed refusal; the session goes on, and nothing of it is stored."""

import json
from typing import Any

import aiohttp
import pytest

from tests.support.client import Client
from tests.support.server import Server
from tests.wire.stories import TERMS, draft, offer, published

KEY = "a-key-of-a-test"
DEEP: Any = "bottom"
for _ in range(200):
    DEEP = [DEEP]
WIDE = {str(number): 1 for number in range(22_000)}

NOT_COMMANDS: list[tuple[str, tuple[Any, ...], str]] = [
    ("nonsense", ({},), "command.unknown"),
    ("", ({},), "command.unknown"),
    ("quotation.create'; drop table quotations; --", ({},), "command.unknown"),
    ("__proto__", ({},), "command.unknown"),
    ("room.join", (), "command.invalid"),
    ("room.join", (None,), "command.invalid"),
    ("room.join", ("quotation:1",), "command.invalid"),
    ("room.join", ([{"room": "quotation:1"}],), "command.invalid"),
    ("room.join", ({"room": "quotation:1"}, {"room": "quotation:2"}), "command.invalid"),
    ("room.join", ({},), "command.invalid"),
    ("room.join", ({"room": 7},), "command.invalid"),
    ("room.join", ({"room": "x" * 10_000},), "command.invalid"),
    ("room.join", ({"room": "quotation:1", "since": {"epoch": "a", "seq": -1}},), "command.invalid"),
    ("room.join", ({"room": "quotation:1", "since": {"epoch": "a", "seq": "1"}},), "command.invalid"),
    ("room.join", ({"room": "quotation:1", "since": {"epoch": "a", "seq": 10**30}},), "command.invalid"),
    ("room.join", ({"room": "quotation:1", "since": "yesterday"},), "command.invalid"),
    ("room.leave", ({"room": None},), "command.invalid"),
    ("presence.update", ({"room": "quotation:1", "typing": "yes"},), "command.invalid"),
    ("presence.update", ({"room": "quotation:1", "focus": "<script>"},), "command.invalid"),
    ("presence.update", ({"room": "quotation:1", "focus": "title"},), "room.forbidden"),
    ("inbox.ack", ({"ids": "all"},), "command.invalid"),
    ("inbox.ack", ({"ids": ["x"] * 501},), "command.invalid"),
    ("session.refresh", ({"token": 7},), "command.invalid"),
    ("session.refresh", ({"token": "nonsense"},), "auth.invalid"),
    ("quotation.create", ({"key": KEY},), "command.invalid"),
    ("quotation.create", ({"title": "No key"},), "command.invalid"),
    ("quotation.create", ({"key": KEY, "title": 7},), "command.invalid"),
    ("quotation.create", ({"key": KEY, "title": DEEP},), "command.invalid"),
    (
        "quotation.create",
        ({"key": KEY, "title": "x", "rooms": WIDE},),
        "command.invalid",
    ),
    ("quotation.create", ({"key": KEY, "title": "x", "unheard": "of"},), "command.invalid"),
    ("quotation.create", ({"key": KEY, "title": "x", "adults": -1},), "command.invalid"),
    ("quotation.create", ({"key": KEY, "title": "x", "adults": 10**40},), "command.invalid"),
    ("quotation.create", ({"key": KEY, "title": "x", "adults": True},), "command.invalid"),
    ("quotation.create", ({"key": KEY, "title": "x", "markup_percent": 12.5},), "command.invalid"),
    ("quotation.create", ({"key": KEY, "title": "x", "markup_percent": "NaN"},), "command.invalid"),
    ("quotation.create", ({"key": KEY, "title": "x", "currency": "US$"},), "command.invalid"),
    ("quotation.create", ({"key": KEY, "title": "x", "check_in": "2027-02-31"},), "command.invalid"),
    ("quotation.create", ({"key": KEY, "title": "x", "deadline": "2027-01-10T12:00:00"},), "command.invalid"),
    ("quotation.edit", ({"key": KEY, "quotation_id": "nothing", "base_version": 1, "changes": []},), "command.invalid"),
    (
        "quotation.edit",
        ({"key": KEY, "quotation_id": "nothing", "base_version": 1, "changes": [{"field": "title", "value": "x"}]},),
        "quotation.not_found",
    ),
    ("quotation.publish", ({"key": KEY, "quotation_id": "../../etc/passwd"},), "command.invalid"),
    ("offer.submit", ({"key": KEY, "quotation_id": "x", "offer": {}},), "command.forbidden"),
    ("announcement.publish", ({"key": KEY, "title": "x", "body": "y"},), "command.forbidden"),
]


async def _goes_on(client: Client) -> None:
    assert await client.command("inbox.ack", ids=[]) is not None


@pytest.mark.parametrize(("name", "arguments", "code"), NOT_COMMANDS, ids=range(len(NOT_COMMANDS)))
async def test_what_is_no_command_gets_a_typed_refusal(
    live_server: Server, name: str, arguments: tuple[Any, ...], code: str
) -> None:
    """Whatever the event and its arguments are."""
    async with live_server.client("ana") as ana:
        answer = await ana.ack(name, *arguments)
        assert answer["ok"] is False
        assert answer["error"]["code"] == code, answer
        assert set(answer["error"]) <= {"code", "message", "retry_after", "data"}
        await _goes_on(ana)


@pytest.mark.parametrize(
    "rate",
    [
        "NaN",
        "Infinity",
        "-1.00",
        "1e400",
        "100.001",
        "1,50",
        "",
        "0x10",
        "١٢٣",
        100,
        1.5,
        None,
        {"amount": "1"},
        "9" * 60,
    ],
)
async def test_money_that_is_no_money_is_refused(live_server: Server, rate: Any) -> None:
    """Amounts are decimal strings of the currency's digits; nothing is stored of an offer that has another."""
    async with live_server.clients("ana", "plaza") as (ana, plaza):
        quotation = await published(ana, ("plaza",))
        wrong = offer()
        wrong["rooms"][0]["net_rate"] = {"amount": rate, "currency": "USD"}
        refusal = await plaza.refused("offer.submit", quotation_id=quotation, offer=wrong)
        assert refusal.code == "command.invalid"
        assert (await ana.join(f"quotation:{quotation}"))["snapshot"].get("offers", {}) == {}
        await _goes_on(plaza)


@pytest.mark.parametrize(
    "json_text",
    [
        '{"key":"a-key-of-a-test","title":NaN}',
        '{"a":Infinity}',
        "{",
        '{"a":"\\ud800"}',
        "[" * 5_000,
        '{"a":1}}',
        "\x00",
    ],
)
async def test_what_is_not_json_gets_a_typed_refusal(live_server: Server, json_text: str) -> None:
    """The packet's head says which event it was and that an ack is wanted: it gets one."""
    address = f"{live_server.url}/socket.io/?EIO=4&transport=websocket"
    async with aiohttp.ClientSession() as http, http.ws_connect(address) as socket:
        await socket.receive()
        await socket.send_str("40" + json.dumps({"token": await live_server.token("ana")}))
        await socket.send_str(f'427["quotation.create",{json_text}]')
        await socket.send_str('428["inbox.ack",{"ids":[]}]')
        acks = []
        while len(acks) < 2:
            text = await socket.receive_str(timeout=5)
            if text.startswith("43"):
                acks.append(text)
        refused = json.loads(acks[0].removeprefix("437"))[0]
        assert refused["error"]["code"] == "command.invalid"
        assert json.loads(acks[1].removeprefix("438"))[0]["ok"] is True


async def test_a_command_without_an_ack_is_done_all_the_same(live_server: Server) -> None:
    """Whoever wants no answer gets none."""
    async with live_server.client("ana") as ana:
        await ana.socket.emit("quotation.create", {"key": "without-an-ack", "title": "Nobody waits"})
        await ana.event("quotation.created", lambda frame: "Nobody waits" in str(frame["data"]))
        await _goes_on(ana)


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE quotations; --",
        '"><script>alert(1)</script><img src=x onerror=alert(1)>',
        "{{7*7}} ${7*7} #{7*7} %s %n",
        "\u202e\u0000 \U0001f30e \r\n\t",
        "../../../etc/passwd",
        "=cmd|' /C calc'!A1",
    ],
)
async def test_texts_are_texts(live_server: Server, text: str) -> None:
    """SQL, HTML and templates in every text are kept to the letter, or refused as such."""
    async with live_server.client("ana") as ana:
        answer = await ana.ack(
            "quotation.create",
            {**TERMS, "key": "k" + text.encode().hex()[:40], "title": text, "destination": text, "notes": text},
        )
        if answer["ok"]:
            shown = answer["data"]["quotation"]
            assert [shown["title"], shown["destination"], shown["notes"]] == [text] * 3
        else:
            assert answer["error"]["code"] == "command.invalid"
        await _goes_on(ana)


async def test_others_things_cannot_be_touched(live_server: Server) -> None:
    """[S1] Another agency, an uninvited hotel and another's client: not found, as if it were not there."""
    async with live_server.clients("ana", "carla", "sol", "client") as (ana, carla, sol, client):
        quotation = await published(ana, ("plaza",))
        edit = {"base_version": 1, "changes": [{"field": "title", "value": "mine"}]}
        missing = "01890000-0000-7000-8000-000000000000"
        for who, name, payload in (
            (carla, "quotation.edit", edit),
            (carla, "quotation.close", {}),
            (sol, "offer.submit", {"offer": offer()}),
            (sol, "offer.withdraw", {}),
            (client, "quotation.accept", {}),
        ):
            theirs = await who.refused(name, quotation_id=quotation, **payload)
            nothing = await who.refused(name, quotation_id=missing, **payload)
            assert theirs.code == "quotation.not_found"
            assert theirs.error == nothing.error
        assert (await ana.join(f"quotation:{quotation}"))["snapshot"]["title"] == TERMS["title"]


async def test_a_payload_beyond_the_bound_closes_the_connection_alone(live_server: Server) -> None:
    """A message larger than `max_payload` is not read to its end."""
    async with live_server.client("bruno") as bruno:
        big = Client(live_server.url, await live_server.token("ana"))
        await big.connect()
        await big.socket.emit("quotation.create", {"key": "k" * 8, "title": "x" * 300_000})
        await big.until(lambda: not big.socket.connected)
        await _goes_on(bruno)


async def test_refused_commands_store_nothing(live_server: Server) -> None:
    """The list of quotations is the same after a storm of refusals."""
    async with live_server.client("ana") as ana:
        before = await ana.join("company:andes")
        for name, arguments, _ in NOT_COMMANDS:
            if name.startswith("quotation."):
                await ana.ack(name, *arguments)
        after = await ana.join("company:andes")
        assert after["seq"] == before["seq"]
        await draft(ana)
