"""A balancer without sticky sessions: each HTTP request and each WebSocket goes to the next server, by turns."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import count
from urllib.parse import parse_qs, urlsplit

_END = b"\r\n\r\n"


class Balancer:
    """Those of one session go round among the servers in its own turn; a server that is not there is passed over."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = list(ports)
        self._turns: Counter[str] = Counter()
        self._new = count()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A client's connection: one request."""
        with suppress(EOFError, ConnectionError):
            head = await reader.readuntil(_END)
            far_reader, far_writer = await self._next(head)
            far_writer.write(_closing(head))
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        writer.close()

    async def _next(self, head: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        sid = parse_qs(urlsplit(head.split(b" ", 2)[1].decode()).query).get("sid", [""])[0]
        self._turns[sid] += 1
        turn = self._turns[sid] if sid else next(self._new)
        for step in range(len(self._ports)):
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", self._ports[(turn + step) % len(self._ports)])
        raise ConnectionError("no server")


@asynccontextmanager
async def balanced(ports: Sequence[int]) -> AsyncIterator[int]:
    """The port of a balancer before servers of this machine."""
    balancer = Balancer(ports)
    tasks: set[asyncio.Task[None]] = set()

    def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(balancer.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accepted, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _closing(head: bytes) -> bytes:
    """The request, after whose answer the connection ends, so that the client opens another for the next."""
    lines = head[: -len(_END)].split(b"\r\n")
    if any(line.lower().startswith(b"upgrade:") for line in lines):
        return head
    kept = [line for line in lines if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*kept, b"connection: close"]) + _END


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(65_536):
            writer.write(piece)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()
