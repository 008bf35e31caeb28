"""[S2.1] Socket.IO: packets that close the connection, none of them by a timeout.

The document says so of an EVENT without a list, or with an empty one; of the others the official suite does, or else
Node.js. Even that one lets pass an event without payload, and an acknowledgement that is a number.
"""

from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from tests.wire.engine.echo import Echo
from tests.wire.engine.namespaces import join, joined, working
from tests.wire.engine.sessions import Packet

PLACEHOLDER = '{"_placeholder":true,"num":0}'
MALFORMED: dict[str, list[Packet]] = {
    "no Engine.IO packet": ["abc"],
    "an empty frame": [""],
    "an empty packet": ["4"],
    "a letter for a type": ["4abc"],
    "an unknown type": ["47"],
    "an unknown type with a payload": ['49["message"]'],
    "an event that is an object": ["42{}"],
    "an event that is an empty list": ["42[]"],
    "an event without payload": ["42"],
    "an event without payload, with a number": ["4212"],
    "an event that is a text": ['42"message"'],
    "an event that is null": ["42null"],
    "an event whose name is an object": ["42[{}]"],
    "an event whose name is null": ["42[null,1]"],
    "JSON that breaks off": ['42["message"'],
    "JSON with something after it": ['42["message"]x'],
    "a number that is none": ['42abc["message-with-ack",1,"2",{"3":[false]}]'],
    "an acknowledgement that is an object": ["430{}"],
    "an acknowledgement that is a number": ["4307"],
    "a CONNECT with a text": ['40/custom,"text"'],
    "a CONNECT with a list": ["40/custom,[]"],
    "a CONNECT with broken JSON": ["40/custom,{"],
    "a DISCONNECT with a payload": ['41{"really":true}'],
    "attachments without a count": ['45["message",' + PLACEHOLDER + "]"],
    "attachments with a count that is none": ['45x-["message",' + PLACEHOLDER + "]"],
    "attachments with a negative count": ['45-1-["message",' + PLACEHOLDER + "]"],
    "a text instead of an attachment": ['451-["message",' + PLACEHOLDER + "]", '42["message"]'],
    "an attachment that nobody announced": [b"bytes"],
    "more attachments than announced": ['451-["no such event",' + PLACEHOLDER + "]", b"one", b"two"],
    "a placeholder without attachment": ['451-["message",{"_placeholder":true,"num":1}]', b"bytes"],
    "a placeholder with a number below zero": ['451-["message",{"_placeholder":true,"num":-1}]', b"bytes"],
    "a placeholder with a text for its number": ['451-["message",{"_placeholder":true,"num":"0"}]', b"bytes"],
    "attachments without end": ['451000000000-["message"]'],
}


@pytest.mark.parametrize("packets", MALFORMED.values(), ids=MALFORMED)
async def test_it_closes_the_connection(echo: Echo, packets: list[Packet]) -> None:
    """And no other's."""
    async with joined(echo) as other:
        async with joined(echo) as wire:
            await wire.send(*packets)
            await wire.closed()
        await working(other)


@pytest.mark.parametrize("name", ["connect", "disconnect", "connect_error"])
async def test_an_event_cannot_have_a_handlers_name(echo: Echo, name: str) -> None:
    """The server's own handlers are not for clients to call; it closes the connection, as Node.js does."""
    async with joined(echo) as wire:
        await wire.send(f'42["{name}",{{}}]')
        await wire.closed()


async def test_it_closes_every_namespace(echo: Echo) -> None:
    """A connection has one end."""
    async with joined(echo) as wire:
        await join(wire, "/custom")
        await wire.send("42/custom,{}", '42["message"]')
        await wire.closed()


@pytest.mark.parametrize("depth", [200, 1_000, 100_000])
async def test_depth_is_borne_or_refused(long_pings: Echo, depth: int) -> None:
    """Deep JSON closes that connection or does not; the document says nothing of it. The server goes on."""
    async with joined(long_pings) as other:
        async with joined(long_pings) as wire:
            await wire.send('42["no such event",' + "[" * depth + "]" * depth + "]")
            with suppress(ConnectionClosed):
                await working(wire)
        await working(other)
