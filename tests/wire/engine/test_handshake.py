"""Engine.IO: how a session is opened, and who is sent away."""

import pytest

from tests.wire.engine.echo import MAX_PAYLOAD, Echo
from tests.wire.engine.sessions import Http, alive, opened, polling, refused, upgrade_query

KEYS = {"sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"}
NOT_VERSION_4 = ["transport={}", "EIO=abc&transport={}", "EIO=&transport={}", "EIO=3&transport={}"]
NO_TRANSPORT = ["EIO=4", "EIO=4&transport=abc", "EIO=4&transport="]


async def test_polling_opens_a_session(echo: Echo, path: str) -> None:
    """The open packet has these five keys and no other, and times in milliseconds."""
    async with polling(echo, path) as poller:
        said = poller.handshake
    assert set(said) == KEYS
    assert isinstance(said["sid"], str)
    assert said["upgrades"] == ["websocket"]
    assert (said["pingInterval"], said["pingTimeout"]) == (echo.interval * 1000, echo.timeout * 1000)
    assert said["maxPayload"] == MAX_PAYLOAD


async def test_websocket_opens_a_session(echo: Echo, path: str) -> None:
    """The same, and nothing to upgrade to."""
    async with polling(echo, path) as poller, opened(echo, path) as wire:
        first, second = poller.handshake, wire.handshake
    assert isinstance(second["sid"], str)
    assert first["sid"] != second["sid"]
    assert second == {**first, "sid": second["sid"], "upgrades": []}


async def test_texts_are_texts(long_pings: Echo, path: str) -> None:
    """What a poll brings is declared as plain text, so that no browser takes it for a page."""
    http = Http(long_pings, path)
    reply = await http.request("GET", "EIO=4&transport=polling")
    await http.close()
    assert reply.kind.lower().startswith("text/plain")


@pytest.mark.parametrize("query", [query.format("polling") for query in NOT_VERSION_4] + NO_TRANSPORT)
async def test_a_query_that_is_wrong_is_refused(echo: Echo, path: str, query: str) -> None:
    """The version and the transport must be there, and known: 400."""
    http = Http(echo, path)
    reply = await http.request("GET", query)
    await http.close()
    assert reply.status == 400


@pytest.mark.parametrize("query", [query.format("websocket") for query in NOT_VERSION_4] + NO_TRANSPORT)
async def test_a_websocket_whose_query_is_wrong_is_refused(echo: Echo, path: str, query: str) -> None:
    """By HTTP or by a close; it gets no packet."""
    await refused(echo, path, query)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_only_a_get_opens_a_session(echo: Echo, path: str, method: str) -> None:
    """400, also for methods that are never right."""
    http = Http(echo, path)
    reply = await http.request(method, "EIO=4&transport=polling")
    await http.close()
    assert reply.status == 400


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_unknown_session_is_refused(echo: Echo, path: str, method: str) -> None:
    """400 to a poll and to what is posted."""
    http = Http(echo, path)
    reply = await http.request(method, "EIO=4&transport=polling&sid=nobody", "4hello" if method == "POST" else None)
    await http.close()
    assert reply.status == 400


async def test_an_unknown_session_is_refused_a_websocket(echo: Echo, path: str) -> None:
    """It neither opens a session nor takes one over."""
    await refused(echo, path, upgrade_query("nobody"))


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_websockets_session_has_no_polling(echo: Echo, path: str, method: str) -> None:
    """400, and the session goes on."""
    async with opened(echo, path) as wire, polling(echo, path) as poller:
        body = "4hello" if method == "POST" else None
        reply = await poller.http.request(method, f"EIO=4&transport=polling&sid={wire.handshake['sid']}", body)
        assert reply.status == 400
        await alive(wire, path)
