"""Bare Socket.IO on the bare Engine.IO clients: into a namespace, and packets with attachments."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tests.wire.engine.echo import Echo
from tests.wire.engine.sessions import Packet, Wire, opened

PATH = "/socket.io/"
PLACEHOLDERS = [{"_placeholder": True, "num": 0}, {"_placeholder": True, "num": 1}]


def compact(value: object) -> str:
    """JSON as JavaScript writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def sid_of(packet: Packet, namespace: str = "/") -> str:
    """The session id in a CONNECT packet to this namespace, which holds nothing else."""
    head = "40" if namespace == "/" else f"40{namespace},"
    assert isinstance(packet, str), packet
    assert packet.startswith(head + "{"), packet
    said = json.loads(packet.removeprefix(head))
    assert set(said) == {"sid"}
    assert isinstance(said["sid"], str)
    sid: str = said["sid"]
    return sid


async def join(wire: Wire, namespace: str = "/") -> str:
    """Connects to a namespace, whose first event says what it was given as `auth`; its session id."""
    prefix = "" if namespace == "/" else f"{namespace},"
    await wire.send(f"40{prefix}")
    sid = sid_of(await wire.receive(), namespace)
    assert await wire.receive() == f'42{prefix}["auth",{{}}]'
    return sid


@asynccontextmanager
async def joined(echo: Echo) -> AsyncIterator[Wire]:
    """A WebSocket that is in the main namespace."""
    async with opened(echo, PATH) as wire:
        await join(wire)
        yield wire


async def working(wire: Wire) -> None:
    """Asserts that the main namespace answers."""
    await wire.send('427["message-with-ack","still there?"]')
    assert await wire.receive() == '437["still there?"]'


async def receive(wire: Wire, count: int) -> Sequence[Packet]:
    return [await wire.receive() for _ in range(count)]
