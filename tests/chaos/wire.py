"""One connection of a client, packet by packet: Socket.IO over a WebSocket, with everything kept that came.

It knows the protocol from its specification alone. What came is handled in its order, acks among the events, since a
join's ack says which frames count.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import aiohttp
import orjson

OPENING_SECONDS = 5.0
Answered = Callable[[dict[str, Any]], None]


class Lost(ConnectionError):
    """The connection is over, or never came to be."""


class Turned(Exception):
    """The server refused the connection: `code`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Wire:
    """An open connection. `texts` is told each packet as it came, `heard` each event, its name and its body.

    While `reading` is not set nothing is read; while `answering` is false heartbeats are not answered.
    """

    def __init__(
        self,
        socket: aiohttp.ClientWebSocketResponse,
        texts: Callable[[str], None],
        heard: Callable[[str, Any], None],
    ) -> None:
        self.reading = asyncio.Event()
        self.reading.set()
        self.answering = True
        self.over = False
        self._socket = socket
        self._texts = texts
        self._heard = heard
        self._patience = OPENING_SECONDS
        self._waiting: dict[int, tuple[Answered, asyncio.Future[dict[str, Any]]]] = {}
        self._asked = 0

    async def greet(self, token: str) -> None:
        """The handshakes. Raises Lost and Turned."""
        opened = orjson.loads((await self._receive())[1:])
        self._patience = (opened["pingInterval"] + opened["pingTimeout"]) / 1000
        await self._send("40" + orjson.dumps({"token": token}).decode())
        while not (text := await self._receive()).startswith(("40", "44")):
            await self._engine(text)
        if text.startswith("44"):
            refusal = orjson.loads(text[2:])
            raise Turned(refusal.get("data", {}).get("code", refusal.get("message")))

    async def listen(self) -> None:
        """Handles what comes until the connection is over. Raises Lost."""
        try:
            while True:
                await self.reading.wait()
                text = await self._receive()
                if text.startswith("42"):
                    self._heard(*orjson.loads(text[2:])[:2])
                elif text.startswith("43"):
                    self._answer(text)
                elif text == "41":
                    raise Lost("disconnected by the server")
                else:
                    await self._engine(text)
        finally:
            self._end()

    def ask(self, name: str, payload: Mapping[str, Any], answered: Answered | None = None) -> asyncio.Future[Any]:
        """Sends a command; its ack's object, or Lost. `answered` is called with it in its place among the events."""
        self._asked += 1
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        if self.over:
            future.set_exception(Lost("over"))
            return future
        self._waiting[self._asked] = (answered or (lambda _: None), future)
        text = f"42{self._asked}" + orjson.dumps([name, payload]).decode()
        sending = asyncio.ensure_future(self._send(text))
        sending.add_done_callback(lambda task: task.cancelled() or task.exception())
        return future

    def abort(self) -> None:
        """Goes without a word."""
        self.reading.set()
        if (response := self._socket._response).connection is not None and response.connection.transport is not None:
            response.connection.transport.abort()

    async def close(self) -> None:
        """Says goodbye."""
        with suppress(Lost):
            await self._send("41")
        with suppress(Exception):
            await asyncio.wait_for(self._socket.close(), 1)

    async def _engine(self, text: str) -> None:
        if text == "2" and self.answering:
            await self._send("3")
        elif text == "1":
            raise Lost("closed by the server")

    async def _receive(self) -> str:
        try:
            async with asyncio.timeout(self._patience):
                message = await self._socket.receive()
        except TimeoutError:
            self.abort()
            raise Lost("silence") from None
        except (OSError, aiohttp.ClientError) as failure:
            raise Lost(repr(failure)) from None
        if message.type != aiohttp.WSMsgType.TEXT:
            raise Lost(f"{message.type.name} {message.data}")
        self._texts(message.data)
        text: str = message.data
        return text

    async def _send(self, text: str) -> None:
        try:
            await self._socket.send_str(text)
        except (OSError, aiohttp.ClientError) as failure:
            raise Lost(repr(failure)) from None

    def _answer(self, text: str) -> None:
        start = text.index("[")
        answered, future = self._waiting.pop(int(text[2:start]))
        answer = orjson.loads(text[start:])[0]
        answered(answer)
        if not future.done():
            future.set_result(answer)

    def _end(self) -> None:
        self.over = True
        for _, future in self._waiting.values():
            if not future.done():
                future.set_exception(Lost("over"))
                future.exception()
        self._waiting.clear()


async def opened(
    http: aiohttp.ClientSession,
    port: int,
    token: str,
    texts: Callable[[str], None],
    heard: Callable[[str, Any], None],
) -> Wire:
    """A connection to the server at a port of this machine. Raises Lost and Turned."""
    url = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
    try:
        async with asyncio.timeout(OPENING_SECONDS):
            socket = await http.ws_connect(url, max_msg_size=0, autoping=True)
    except (OSError, aiohttp.ClientError, TimeoutError) as failure:
        raise Lost(repr(failure)) from None
    wire = Wire(socket, texts, heard)
    try:
        async with asyncio.timeout(OPENING_SECONDS):
            await wire.greet(token)
    except TimeoutError:
        wire.abort()
        raise Lost("no greeting") from None
    except (Lost, Turned):
        wire.abort()
        raise
    return wire
