"""Who may come back to a session that ended otherwise than by a lost line, or whose rights ended meanwhile. [P6] [D9]

What is said then: another session, `recovered: false`, and a snapshot of each room that is joined.
"""

import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import jwt
import pytest

from tests.support.client import Client, login
from tests.support.returner import Returner
from tests.support.server import EMAILS, ROOMY, Server, running
from tests.wire.stories import draft
from tests.wire.test_recovery import note, same_facts

BRUNO = "bruno-andes-demo"
SECRET = "a-secret-that-the-tests-know-as-well"
AS_BEFORE: dict[str, Any] = {"role": "agent", "company_id": "andes", "active": True}
MISSED = "missed"
SLOW = "spirit_slow_readers_total"


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {**ROOMY, "jwt_secret": SECRET, "expiry_warning": 1, "slow_reader_bytes": 65_536}
    with running("sqlite+memory", tmp_path_factory.mktemp("endings"), request, **settings) as server:
        yield server


async def _request(server: Server, method: str, path: str, body: Any) -> Any:
    headers = {"Authorization": f"Bearer {await server.token('admin')}"}
    url = f"{server.url}/api/v1/{path}"
    async with aiohttp.ClientSession() as http, http.request(method, url, json=body, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def _change(server: Server, **rights: Any) -> None:
    await _request(server, "PATCH", f"people/{BRUNO}", rights)


async def _revoke(server: Server) -> None:
    await _request(server, "POST", f"people/{BRUNO}/revoke", {})


@asynccontextmanager
async def _both(server: Server, *, token: str | None = None, narrow: bool = False) -> AsyncIterator[tuple[Any, ...]]:
    """Ana, Bruno, and a room that both are in."""
    bruno = Returner(server.url, token or await login(server.url, EMAILS["bruno"]), narrow=narrow)
    async with server.client("ana") as ana:
        room = f"quotation:{await draft(ana)}"
        await ana.join(room)
        await bruno.connect()
        await bruno.join(room)
        await ana.event("presence.changed", lambda body: body["room"] == room and body["data"]["joined"])
        await note(ana, room, "both see this")
        await same_facts(bruno, ana, room)
        try:
            yield ana, bruno, room
        finally:
            await bruno.close()


async def _left(ana: Client, room: str) -> None:
    """Ana sees that he is gone."""
    await ana.event("presence.changed", lambda body: body["room"] == room and body["data"]["left"] == [BRUNO])


async def _is_new(server: Server, bruno: Returner, room: str, sid: str | None) -> None:
    """He logs in and offers what he knows of his session: it is another, in no room that he does not ask for."""
    known = len(bruno.log)
    await bruno.connect(token=await login(server.url, EMAILS["bruno"]))
    assert (bruno.recovered, bruno.ready["recovered"]) == (False, False)
    assert bruno.sid != sid
    assert room not in {one["room"] for one in bruno.ready["rooms"]}
    assert not [body for name, body in bruno.log[known:] if name in ("room.reset", "room.closed")]
    assert MISSED not in str(bruno.log[known:])


async def _finds_a_snapshot(bruno: Returner, room: str) -> None:
    joined = await bruno.join(room)
    assert joined["recovered"] is False
    assert MISSED in joined["snapshot"]["notes"]


async def _may_not_join(bruno: Returner, room: str) -> None:
    answer = await bruno.ask("room.join", room=room)
    assert answer["error"]["code"] == "room.forbidden"


Act = Callable[[Server], Awaitable[None]]
Then = Callable[[Returner, str], Awaitable[None]]
KICKS: dict[str, tuple[Act, Then]] = {
    "revoked": (_revoke, _finds_a_snapshot),
    "another role": (lambda server: _change(server, role="guide"), _may_not_join),
    "another agency": (lambda server: _change(server, company_id="rio"), _may_not_join),
}


@pytest.mark.parametrize("broken", [False, True], ids=["connected", "broken"])
@pytest.mark.parametrize("kick", KICKS)
async def test_a_kicked_session_does_not_come_back(server: Server, kick: str, broken: bool) -> None:
    """[P6] [D9.4] Although its client has a valid token again, and knows where it was. Others see at once that it has
    left, also if its connection was broken and its grace not over."""
    act, then = KICKS[kick]
    async with _both(server) as (ana, bruno, room):
        sid = bruno.sid
        if broken:
            await bruno.break_off()
        try:
            await act(server)
            if not broken:
                await bruno.until(lambda it: it.named("session.closed") == [{"code": "auth.revoked"}])
            await _left(ana, room)
            await note(ana, room, MISSED)
            await _is_new(server, bruno, room, sid)
            await then(bruno, room)
        finally:
            await _change(server, **AS_BEFORE)


async def test_a_logged_out_session_does_not_come_back(server: Server) -> None:
    """[P6] Its connection was broken when its login ended; whoever logs in anew in the same tab has a new session."""
    url = f"{server.url}/api/v1/auth/"
    credentials = {"email": EMAILS["bruno"], "password": "demo"}
    async with aiohttp.ClientSession() as http, http.post(f"{url}login", json=credentials) as answer:
        tokens = await answer.json()
    async with _both(server, token=tokens["access_token"]) as (ana, bruno, room):
        sid = bruno.sid
        await bruno.break_off()
        body = {"refresh_token": tokens["refresh_token"]}
        async with aiohttp.ClientSession() as http, http.post(f"{url}logout", json=body) as answer:
            assert answer.status == 200
        await note(ana, room, MISSED)
        await _is_new(server, bruno, room, sid)
        await _finds_a_snapshot(bruno, room)


async def test_another_login_of_the_same_person_comes_back(server: Server) -> None:
    """[D9.4] As long as that by which the session began goes on."""
    async with _both(server) as (ana, bruno, room):
        sid = bruno.sid
        await bruno.break_off()
        await note(ana, room, MISSED)
        await bruno.connect(token=await login(server.url, EMAILS["bruno"]))
        assert (bruno.recovered, bruno.sid) == (True, sid)
        await same_facts(bruno, ana, room)


async def test_a_session_that_ended_with_its_token_does_not_come_back(server: Server) -> None:
    """[P6.4] [D9.4] With a valid token there is a new one."""
    claims = jwt.decode(await server.token("bruno"), options={"verify_signature": False})
    short = jwt.encode({**claims, "exp": int(time.time()) + 3}, SECRET, algorithm="HS256")
    async with _both(server, token=short) as (ana, bruno, room):
        sid = bruno.sid
        await bruno.until(lambda it: it.named("session.closed") == [{"code": "auth.expired"}])
        await _left(ana, room)
        await note(ana, room, MISSED)
        await _is_new(server, bruno, room, sid)
        await _finds_a_snapshot(bruno, room)


async def test_a_slow_reader_comes_back_with_what_it_missed(server: Server) -> None:
    """[D7] [D3] Let go, it is not told anything more, and comes back to each event once; a room in which it missed
    more than it may be sent at once starts anew."""
    async with _both(server, narrow=True) as (ana, bruno, room):
        sid = bruno.sid
        large = await _let_go(server, ana, bruno, room)
        await note(ana, room, MISSED)
        await bruno.connect()
        assert (bruno.recovered, bruno.sid) == (True, sid)
        await same_facts(bruno, ana, room)
        assert [body["room"] for body in bruno.named("room.reset")] == [large]
        assert bruno.named("room.reset")[0]["snapshot"] == ana.rooms[large].view


async def test_a_slow_reader_comes_back_to_nothing_that_is_not_theirs_any_more(server: Server) -> None:
    """[P6] [D7] What became of their rights while they were away counts."""
    async with _both(server, narrow=True) as (ana, bruno, room):
        sid = bruno.sid
        await _let_go(server, ana, bruno, room)
        try:
            await _change(server, company_id="rio")
            await _left(ana, room)
            await note(ana, room, MISSED)
            await _is_new(server, bruno, room, sid)
            await _may_not_join(bruno, room)
        finally:
            await _change(server, **AS_BEFORE)


async def _let_go(server: Server, ana: Client, bruno: Returner, room: str) -> str:
    """Bruno does not read what happens, until he is let go: little in a room, much in another, which is returned."""
    large = f"quotation:{await draft(ana)}"
    await ana.join(large)
    await bruno.join(large)
    bruno.stop_reading()
    await note(ana, room, "on its way")
    slow, number = await _counted(server, SLOW), 0
    while await _counted(server, SLOW) == slow:
        number += 1
        await note(ana, large, f"{number} {'n' * 9_900}")
    await bruno.break_off()
    return large


async def _counted(server: Server, metric: str) -> float:
    """The sum of a counter of the server's, over its labels."""
    async with aiohttp.ClientSession() as http, http.get(f"{server.url}/metrics") as answer:
        return sum(map(float, re.findall(rf"^{metric}(?:\{{.*\}})? (\S+)$", await answer.text(), re.MULTILINE)))
