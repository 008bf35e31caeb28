"""One Redis server, at an address or wherever sentinels say that the master is."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from rooms import resp, sentinel
from rooms.calls import Call, answers_of, refuses
from rooms.commands import Commands, Connect
from rooms.redis_url import Address, Sentinels
from rooms.subscriber import Patience, Subscriber
from rooms.transport import OnLost, OnMessage


class Single:
    """A `Transport` with a connection for commands, and one that hears."""

    publish = "PUBLISH"
    ordered = True

    def __init__(self, place: Address | Sentinels, on_message: OnMessage, on_lost: OnLost, patience: Patience) -> None:
        connect: Connect = (
            partial(resp.connect, place) if isinstance(place, Address) else partial(sentinel.connect, place)
        )
        self._on_lost = on_lost
        self._commands = Commands(connect, patience.timeout)
        self._subscriber = Subscriber(connect, on_message, self._lost, patience)

    async def start(self) -> None:
        await self._subscriber.start()

    async def close(self) -> None:
        await self._subscriber.close()
        await self._commands.close()

    async def run(self, calls: Sequence[Call]) -> list[Any]:
        answers = await answers_of(calls, self._commands.ask)
        if any(refuses(answer, "READONLY") for answer in answers):
            # It is the master no more.
            self._commands.reconnect("the server became a replica")
        return answers

    def server_of(self, name: bytes) -> None:
        """There is one."""

    async def hear(self, names: Collection[bytes]) -> None:
        await self._subscriber.add(names)

    async def hear_no_more(self, names: Collection[bytes]) -> None:
        self._subscriber.remove(names)

    def hears(self, name: bytes) -> bool:
        return name in self._subscriber.names

    def _lost(self) -> None:
        self._on_lost(tuple(self._subscriber.names))
