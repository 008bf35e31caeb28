"""Acknowledgements of clients on other nodes."""

from typing import Any

import pytest
import socketio

from tests.integration.socketio.nodes import BYTES, World, world
from tests.support.wait import until

__all__ = ["world"]


async def test_acknowledgements(world: World) -> None:
    """Of a client elsewhere, of a room with members everywhere, as `call` and with bytes."""
    one, two, a, b = await world.pair()
    answers: list[Any] = []

    async def note(*arguments: Any) -> None:
        answers.append(arguments)

    assert await one.server.call("ask", (1, BYTES), to=b.sid()) == (1, BYTES)
    assert await two.server.call("ask", to=a.sid()) is None
    for client, node in ((a, one), (b, two)):
        await node.server.enter_room(client.sid(), "x")
    await one.server.emit("ask", "room", to="x", callback=note)
    await until(lambda: len(answers) == 2, what="both answered")
    await two.server.emit("ask", "list", to=[a.sid(), b.sid()], callback=lambda *arguments: answers.append(arguments))
    await until(lambda: len(answers) == 4, what="both answered")
    assert answers == [("room",), ("room",), ("list",), ("list",)]
    with pytest.raises(ValueError, match="a client or a room"):
        await one.server.emit("ask", callback=note)
    with pytest.raises(socketio.exceptions.TimeoutError):
        await one.server.call("ask", to=b.sid()[:-1] + "*", timeout=0.05)


async def test_a_callback_that_raises_harms_nobody(world: World) -> None:
    one, _, _, b = await world.pair()

    def broken(*_: Any) -> None:
        raise RuntimeError("planted")

    await one.server.emit("ask", to=b.sid(), callback=broken)
    assert await one.server.call("ask", 1, to=b.sid()) == 1
