"""A switch between clients and nodes: decides which node a connection goes to, and breaks connections in two ways."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class Switch:
    """Forwards TCP to `target`, the address of a node as a URL; `url` is its own."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.url = ""
        self._links: set[_Link] = set()

    def cut(self) -> None:
        """Breaks every connection, for both sides."""
        for link in self._links.copy():
            link.cut()

    def abandon(self) -> None:
        """Breaks every connection for the client; the node notices nothing, as when a phone leaves its network."""
        for link in self._links:
            link.abandon()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = urlsplit(self.target)
        try:
            onward = await asyncio.open_connection(address.hostname, address.port)
        except OSError:
            writer.transport.abort()
            return
        link = _Link((reader, writer), onward)
        self._links.add(link)
        try:
            await link.run()
        finally:
            self._links.discard(link)


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Link:
    def __init__(self, client: Streams, node: Streams) -> None:
        self._client, self._node = client, node
        self._abandoned = False
        self._over = asyncio.Event()

    def cut(self) -> None:
        self._abandoned = False
        self._client[1].transport.abort()
        self._node[1].transport.abort()
        self._over.set()

    def abandon(self) -> None:
        self._abandoned = True
        self._client[1].transport.abort()

    async def run(self) -> None:
        ways = [
            asyncio.create_task(self._forward(self._client[0], self._node[1])),
            asyncio.create_task(self._forward(self._node[0], self._client[1])),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        if self._abandoned:
            await self._over.wait()
        self.cut()
        await asyncio.wait(ways)

    @staticmethod
    async def _forward(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65_536):
                to.write(data)
                await to.drain()


@asynccontextmanager
async def switch(target: str) -> AsyncIterator[Switch]:
    """A switch for the length of a block."""
    made = Switch(target)
    server = await asyncio.start_server(made.accept, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()
        made.cut()
        await server.wait_closed()
