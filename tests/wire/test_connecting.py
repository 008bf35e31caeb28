"""Connecting: who gets in, what they are told first, and what keeps others out."""

import asyncio
import base64
import json
from typing import Any

import aiohttp
import jwt
import pytest
import socketio

from tests.support.client import Client
from tests.support.server import Server


def _forged(token: str) -> str:
    """The token's claims, signed with another key."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(claims, "another-secret-that-is-long-enough", algorithm="HS256")


def _unsigned(token: str) -> str:
    """The token's claims under `alg: none`."""
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    return f"{head}.{token.split('.')[1]}."


def _promoted(token: str) -> str:
    """The token with other claims under the signature of the first."""
    head, claims, signature = token.split(".")
    body = json.loads(base64.urlsafe_b64decode(claims + "=="))
    changed = base64.urlsafe_b64encode(json.dumps({**body, "role": "admin"}).encode()).rstrip(b"=").decode()
    return f"{head}.{changed}.{signature}"


@pytest.mark.parametrize("forge", [_forged, _unsigned, _promoted, lambda _: "not-a-token", lambda _: "x" * 100_000])
async def test_a_token_that_is_not_genuine_is_refused(live_server: Server, forge: Any) -> None:
    """[S1] [S2] CONNECT_ERROR says `auth.invalid` and nothing else."""
    client = Client(live_server.url, forge(await live_server.token("ana")))
    with pytest.raises(socketio.exceptions.ConnectionError):
        await client.connect()
    assert client.refusals[0]["data"] == {"code": "auth.invalid"}
    assert client.events == []


@pytest.mark.parametrize(
    "auth", [None, {}, {"token": None}, {"token": 7}, {"token": ["a"]}, [], "token", {"token": ""}]
)
async def test_without_a_token_nobody_gets_in(live_server: Server, auth: Any) -> None:
    """[S1] [S2]"""
    client = Client(live_server.url, "")
    with pytest.raises(socketio.exceptions.ConnectionError):
        await client.socket.connect(live_server.url, auth=auth, transports=["websocket"], wait_timeout=5)
    assert client.refusals[0]["data"] == {"code": "auth.required"}


@pytest.mark.parametrize("transports", [("websocket",), ("polling",), ("polling", "websocket")])
async def test_the_session_is_told_who_it_is_and_where(live_server: Server, transports: tuple[str, ...]) -> None:
    """`session.ready` comes first, with the automatic rooms and their positions, over each transport."""
    async with live_server.client("ana", transports=transports) as ana:
        name, ready = ana.events[0]
        assert name == "session.ready"
        assert ready["user"]["name"] == "Ana Quispe"
        assert ready["user"]["role"] == "agent"
        rooms = {place["room"] for place in ready["rooms"]}
        assert rooms == {f"user:{ready['user']['id']}", "company:andes", "public:announcements"}
        assert all(place["epoch"] and place["seq"] >= 0 for place in ready["rooms"])
        assert ready["expires_at"].endswith("Z")
        await ana.event("inbox.page")


@pytest.mark.parametrize(
    ("who", "own"), [("plaza", {"hotel:plaza"}), ("client", set()), ("guide", set()), ("admin", set())]
)
async def test_everybody_is_in_the_rooms_of_their_kind(live_server: Server, who: str, own: set[str]) -> None:
    """A hotel's staff in their hotel's, the others in none but their own and the announcements."""
    async with live_server.client(who) as client:
        ready = await client.event("session.ready")
        rooms = {place["room"] for place in ready["rooms"]}
        assert rooms == {f"user:{ready['user']['id']}", "public:announcements"} | own


async def test_another_namespace_is_refused(live_server: Server) -> None:
    """[S2]"""
    client = Client(live_server.url, await live_server.token("ana"))
    with pytest.raises(socketio.exceptions.ConnectionError):
        await client.socket.connect(
            live_server.url, auth=client._auth, transports=["websocket"], namespaces=["/admin"], wait_timeout=5
        )


@pytest.mark.parametrize(
    "text",
    [
        "40{",
        "4",
        "49",
        "42",
        "42{}",
        "42[]",
        "42[7]",
        '451-["x",{"_placeholder":true,"num":0}]',
        '4599999999999-["x"]',
        "4" + "[" * 100_000,
        "40" + "[" * 100_000,
        "9",
        "x",
        '42/nowhere,["x"]',
        "44",
        '43999["ack of nothing"]',
    ],
)
async def test_a_broken_packet_ends_at_most_its_own_connection(live_server: Server, text: str) -> None:
    """[S2] No hang, no crash: the connection is closed or goes on, and others are served."""
    address = f"{live_server.url}/socket.io/?EIO=4&transport=websocket"
    async with aiohttp.ClientSession() as http, http.ws_connect(address) as socket:
        await socket.receive()
        await socket.send_str("40" + json.dumps({"token": await live_server.token("ana")}))
        assert (await socket.receive_str()).startswith("40{")
        await socket.send_str(text)
        await socket.send_str('427["inbox.ack",{"ids":[]}]')
        async with asyncio.timeout(5):
            async for message in socket:
                if message.type == aiohttp.WSMsgType.TEXT and message.data.startswith("437["):
                    break
    async with live_server.client("ana") as ana:
        assert await ana.command("inbox.ack", ids=[]) is not None
