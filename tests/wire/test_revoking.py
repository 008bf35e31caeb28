"""[P6] Whoever's rights change, or whose login ends, hears nothing that is committed once that is acked: on any node.

Frames of quotations of the Andes go to Bruno, until his rights change; Ana's, of the same agency, go on.
"""

import signal
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
import socketio

from tests.fixtures.postgres import PostgresServer
from tests.fixtures.redis import RedisServer
from tests.support.client import Client, connected, login
from tests.support.link import Link, link_to
from tests.support.platform import another_node, scaled
from tests.support.server import EMAILS, ROOMY, TWO_STACKS, Server, running
from tests.wire.stories import draft, edit

BRUNO = "bruno-andes-demo"
QUICK: dict[str, object] = {**ROOMY, "compare_interval": 0.5, "tell_patience": 1}
MARK = "not for those who are gone"
AS_BEFORE: dict[str, Any] = {"role": "agent", "company_id": "andes", "active": True}


@dataclass(frozen=True)
class Nodes:
    """`here` is where admins ask; `urls` are all nodes'."""

    here: Server
    urls: tuple[str, ...]

    async def post(self, path: str, body: Any, who: str | None = "admin") -> tuple[int, Any]:
        return await self.request("POST", path, body, who)

    async def change(self, **rights: Any) -> tuple[int, Any]:
        """Changes Bruno's rights."""
        return await self.request("PATCH", f"people/{BRUNO}", rights, "admin")

    async def request(self, method: str, path: str, body: Any, who: str | None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {await self.here.token(who)}"} if who else {}
        url = f"{self.here.url}/api/v1/{path}"
        async with aiohttp.ClientSession() as http, http.request(method, url, json=body, headers=headers) as answer:
            return answer.status, await answer.json()


@pytest.fixture(scope="module", params=TWO_STACKS)
def nodes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """One node embedded; two of the scaled stack."""
    folder = tmp_path_factory.mktemp("revoking")
    with ExitStack() as kept:
        here = kept.enter_context(running(request.param, folder, request, **QUICK))
        if request.param == "sqlite+memory":
            yield Nodes(here, (here.url,))
        else:
            there = kept.enter_context(another_node(here.platform, folder))
            yield Nodes(here, (here.url, there.url))


@asynccontextmanager
async def _watching(nodes: Nodes) -> AsyncIterator[tuple[Client, str, list[Client]]]:
    """Ana, a room, and Bruno in it at every node."""
    token = await login(nodes.here.url, EMAILS["bruno"])
    async with nodes.here.client("ana") as ana:
        room = f"quotation:{await draft(ana)}"
        await ana.join(room)
        brunos = [await Client(url, token).connect() for url in nodes.urls]
        for bruno in brunos:
            await bruno.join(room)
        try:
            yield ana, room, brunos
        finally:
            for bruno in brunos:
                await bruno.socket.disconnect()
            assert (await nodes.change(**AS_BEFORE))[0] == 200


async def _mark(ana: Client, room: str) -> None:
    """Ana writes what those who are gone must not hear, and hears it herself."""
    await edit(ana, room, "notes", MARK)
    await ana.until(lambda: ana.rooms[room].view.get("notes") == MARK)


async def _ended(brunos: list[Client]) -> None:
    """They were told, let go, and heard nothing of what came later."""
    for bruno in brunos:
        await bruno.event("session.closed", lambda body: body == {"code": "auth.revoked"})
        await bruno.until(lambda bruno=bruno: bruno.disconnects)
        assert MARK not in str(bruno.log)


Act = Callable[[Nodes], Awaitable[tuple[int, Any]]]
CHANGES: dict[str, Act] = {
    "another role": lambda nodes: nodes.change(role="guide"),
    "another agency": lambda nodes: nodes.change(company_id="rio"),
    "shut out": lambda nodes: nodes.change(active=False),
    "revoked": lambda nodes: nodes.post(f"people/{BRUNO}/revoke", {}),
}


@pytest.mark.parametrize("what", CHANGES)
async def test_after_the_ack_nothing_goes_to_the_old_session(nodes: Nodes, what: str) -> None:
    async with _watching(nodes) as (ana, room, brunos):
        token = brunos[0].token
        assert (await CHANGES[what](nodes))[0] == 200
        await _mark(ana, room)
        await _ended(brunos)
        for url in nodes.urls:
            again = Client(url, token)
            with pytest.raises(socketio.exceptions.ConnectionError):
                await again.connect()
            assert again.refusals[0]["data"] == {"code": "auth.revoked"}


async def test_who_has_other_rights_comes_back_with_a_new_token(nodes: Nodes) -> None:
    """As what they are by then, also by the refresh token that they had."""
    _, tokens = await nodes.post("auth/login", {"email": EMAILS["bruno"], "password": "demo"}, None)
    async with _watching(nodes) as (ana, room, _):
        assert (await nodes.change(role="guide"))[0] == 200
        status, fresh = await nodes.post("auth/refresh", {"refresh_token": tokens["refresh_token"]}, None)
        assert status == 200
        async with connected(nodes.urls[-1], fresh["access_token"]) as bruno:
            ready = await bruno.event("session.ready")
            assert ready["user"]["role"] == "guide"
            assert "company:andes" not in [one["room"] for one in ready["rooms"]]
            assert (await bruno.refused("room.join", room=room)).code == "room.forbidden"
            await _mark(ana, room)
            assert MARK not in str(bruno.log)


@pytest.mark.parametrize("everywhere", [False, True])
async def test_logging_out_ends_the_sessions_of_that_login(nodes: Nodes, everywhere: bool) -> None:
    """On all nodes; those of another login go on, unless it was meant for everywhere."""
    _, tokens = await nodes.post("auth/login", {"email": EMAILS["bruno"], "password": "demo"}, None)
    async with _watching(nodes) as (ana, room, others):
        mine = [await Client(url, tokens["access_token"]).connect() for url in nodes.urls]
        for bruno in mine:
            await bruno.join(room)
        body = {"refresh_token": tokens["refresh_token"], "everywhere": everywhere}
        assert (await nodes.post("auth/logout", body, None))[0] == 200
        await _mark(ana, room)
        await _ended(mine)
        if everywhere:
            await _ended(others)
        for bruno in () if everywhere else others:
            await bruno.until(lambda bruno=bruno: bruno.rooms[room].view.get("notes") == MARK)


async def test_a_refresh_token_that_comes_back_used_ends_the_sessions_too(nodes: Nodes) -> None:
    """[S1.4] Whoever has a copy of it is not left with a session."""
    _, tokens = await nodes.post("auth/login", {"email": EMAILS["bruno"], "password": "demo"}, None)
    async with _watching(nodes) as (ana, room, others):
        mine = await Client(nodes.urls[-1], tokens["access_token"]).connect()
        await mine.join(room)
        body = {"refresh_token": tokens["refresh_token"]}
        assert [(await nodes.post("auth/refresh", body, None))[0] for _ in range(2)] == [200, 401]
        await _mark(ana, room)
        await _ended([mine])
        await others[0].until(lambda: others[0].rooms[room].view.get("notes") == MARK)


async def test_a_session_takes_no_token_of_rights_that_are_over(nodes: Nodes) -> None:
    """`session.refresh` asks what a person may do now; of a login that ended, too."""
    _, tokens = await nodes.post("auth/login", {"email": EMAILS["bruno"], "password": "demo"}, None)
    assert (await nodes.post("auth/logout", {"refresh_token": tokens["refresh_token"]}, None))[0] == 200
    async with _watching(nodes) as (_, _, brunos):
        for bruno in brunos:
            assert (await bruno.refused("session.refresh", token=tokens["access_token"])).code == "auth.revoked"
            assert await bruno.command("session.refresh", token=bruno.token)


async def test_only_an_admin_changes_people_and_not_themselves(nodes: Nodes) -> None:
    """[S1] Each change is an audit row; what cannot be is refused and changes nothing."""
    assert (await nodes.request("PATCH", f"people/{BRUNO}", {"active": False}, "ana"))[0] == 403
    assert (await nodes.post(f"people/{BRUNO}/revoke", {}, "ana"))[0] == 403
    assert (await nodes.request("PATCH", "people/admin-spirit-demo", {"role": "guide"}, "admin"))[0] == 403
    assert (await nodes.request("PATCH", "people/nobody", {"role": "guide"}, "admin"))[1]["code"] == "person.not_found"
    for wrong in ({"company_id": "nowhere"}, {"role": "hotel"}, {"role": "root"}, {"name": "Bruna"}):
        assert (await nodes.change(**wrong))[1]["code"] == "command.invalid"
    status, person = await nodes.change(role="hotel", hotel_id="plaza")
    assert (status, person["role"], person["hotel_id"]) == (200, "hotel", "plaza")
    assert "company_id" not in person
    assert (await nodes.change(**AS_BEFORE))[0] == 200
    _, audit = await nodes.request("GET", "audit", None, "admin")
    rows = [row for row in audit["items"] if row["subject"] == f"user:{BRUNO}" and row["action"] == "person.change"]
    assert rows[1]["detail"] == {"role": "agent -> hotel", "company_id": "andes -> None", "hotel_id": "None -> plaza"}


@dataclass(frozen=True)
class Apart:
    """Two nodes; the second, `far`, reaches Redis by a link."""

    nodes: Nodes
    far: subprocess.Popen[bytes]
    redis: RedisServer
    link: Link


@pytest.fixture(scope="module")
def apart(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    folder, redis = tmp_path_factory.mktemp("apart"), RedisServer()
    with ExitStack() as kept:
        kept.callback(redis.stop)
        redis.start()
        database = postgres_server.url(kept.enter_context(postgres_server.database()))
        near = kept.enter_context(scaled(folder, database, redis.url, **QUICK))
        link = kept.enter_context(link_to(urlsplit(redis.url).port or 0))
        by_link = {**near.environment, "SPIRIT_BROKER_URL": f"redis://127.0.0.1:{link.port}/0"}
        far = kept.enter_context(another_node(replace(near, environment=by_link), folder))
        yield Apart(Nodes(Server(TWO_STACKS[1], near), (near.url, far.url)), far.web, redis, link)


async def test_a_frozen_node_lets_nothing_out_when_it_goes_on(apart: Apart) -> None:
    """What Bruno asked for meanwhile is not answered either, and nothing that he wrote is stored."""
    async with _watching(apart.nodes) as (ana, room, brunos):
        apart.far.send_signal(signal.SIGSTOP)
        try:
            assert (await apart.nodes.change(active=False))[0] == 200
            await _mark(ana, room)
            far = brunos[1]
            await far.socket.emit("room.join", {"room": room})
            changes = [{"field": "title", "value": "by who is gone"}]
            base = {"quotation_id": room.partition(":")[2], "base_version": far.rooms[room].view["version"]}
            await far.socket.emit("quotation.edit", {**base, "key": "a-key", "changes": changes})
        finally:
            apart.far.send_signal(signal.SIGCONT)
        await _ended(brunos)
        await _mark(ana, room)
        assert ana.rooms[room].view["title"] != "by who is gone"


async def test_a_node_that_is_cut_off_lets_nothing_out(apart: Apart) -> None:
    """It finds in the table what it does not hear, for those who may still have it; and hears again later."""
    token = await apart.nodes.here.token("ana")
    async with _watching(apart.nodes) as (ana, room, brunos), connected(apart.nodes.urls[1], token) as there:
        await there.join(room)
        apart.link.cut()
        assert (await apart.nodes.change(active=False))[0] == 200
        await _mark(ana, room)
        await there.until(lambda: there.rooms[room].view.get("notes") == MARK, within=30)
        await _ended(brunos)
        apart.link.mend()
        await edit(ana, room, "notes", "heard again")
        await there.until(lambda: there.rooms[room].view.get("notes") == "heard again", within=30)


@pytest.mark.parametrize("command", ["quotation.create", "room.join"])
async def test_whatever_is_asked_of_a_node_that_is_cut_off_is_refused(apart: Apart, command: str) -> None:
    """A commit asks the database in its very transaction, a join after it has read."""
    async with _watching(apart.nodes) as (ana, room, brunos):
        apart.link.cut()
        assert (await apart.nodes.change(active=False))[0] == 200
        await _mark(ana, room)
        asked = {"room": room} if command == "room.join" else {"key": "a-key", "title": "by who is gone"}
        await brunos[1].socket.emit(command, asked)
        await _ended(brunos)
        apart.link.mend()


async def test_without_a_broker_a_change_is_pending_and_in_force_with_it(apart: Apart) -> None:
    """It is said that not everybody was told; asked again once the broker is back, it is acked."""
    async with _watching(apart.nodes) as (ana, room, brunos):
        apart.redis.stop()
        status, problem = await apart.nodes.change(active=False)
        assert (status, problem["code"], problem["retry_after"]) == (503, "change.pending", 1.0)
        apart.redis.start()
        for bruno in brunos:
            await bruno.event("session.closed", lambda body: body == {"code": "auth.revoked"}, within=30)
        assert (await apart.nodes.change(active=False))[0] == 200
        await _mark(ana, room)
        await _ended(brunos)
