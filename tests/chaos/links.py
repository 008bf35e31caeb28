"""Links that tests can spoil: a TCP proxy between two processes.

A fresh link passes everything on. What is done to it concerns the connections that there are and those to come, until
`mend`.
"""

import asyncio
import socket
import struct
from contextlib import suppress
from typing import Self

_CHUNK = 65_536
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER for a close that the other side sees as a reset."""


class Link:
    """Connections to `port` lead to `target`, a port of this machine that may change.

    `connections` are those that there are, `passed` the bytes that went through, both ways.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.passed = 0
        self.connections = 0
        self._delay = 0.0
        self._refusing = False
        self._whole = asyncio.Event()
        self._whole.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        self.sever()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Nothing passes any more and nobody is told, as when a cable is pulled; it arrives once the link is mended."""
        self._whole.clear()

    def delay(self, seconds: float) -> None:
        """Everything takes so much longer, each way."""
        self._delay = seconds

    def refuse(self) -> None:
        """Connections are reset, new ones too."""
        self._refusing = True
        self.sever()

    def sever(self) -> None:
        """The connections that there are are reset; new ones are as good as before."""
        for writer in tuple(self._writers):
            _reset(writer)

    def mend(self) -> None:
        """As good as new."""
        self._delay = 0.0
        self._refusing = False
        self._whole.set()

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refusing:
            _reset(writer)
            return
        self._writers.add(writer)
        self.connections += 1
        try:
            await self._whole.wait()
            await self._lead_on(reader, writer)
        except OSError:
            _reset(writer)
        finally:
            self.connections -= 1
            self._writers.discard(writer)
            writer.close()

    async def _lead_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        their_reader, theirs = await asyncio.open_connection("127.0.0.1", self.target)
        self._writers.add(theirs)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pump(reader, theirs, writer))
                both.create_task(self._pump(their_reader, writer, theirs))
        finally:
            self._writers.discard(theirs)
            theirs.close()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, back: asyncio.StreamWriter
    ) -> None:
        """What comes from one side goes to the other, its end too; a reset resets both."""
        try:
            while data := await reader.read(_CHUNK):
                await self._through(len(data))
                if writer.is_closing():
                    raise ConnectionResetError
                writer.write(data)
                await writer.drain()
            await self._through(0)
            if writer.can_write_eof() and not writer.is_closing():
                writer.write_eof()
        except OSError:
            await self._whole.wait()
            _reset(writer)
            _reset(back)

    async def _through(self, size: int) -> None:
        if self._delay:
            await asyncio.sleep(self._delay)
        await self._whole.wait()
        self.passed += size


def _reset(writer: asyncio.StreamWriter) -> None:
    held = writer.get_extra_info("socket")
    if held is not None:
        with suppress(OSError, ValueError):  # it may be closed already
            held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
