"""A Socket.IO client bit by bit, as the official one recovers its connection: what it saw, and from where it goes on.

It knows the protocol only, shares no code with the server, and breaks off wherever a test wants it to.
"""

import asyncio
import itertools
import socket
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import aiohttp
import orjson

from tests.support.wait import until

EVENT, ACK, CONNECT, DISCONNECT, REFUSED = "42", "43", "40", "41", "44"


def _narrow(address: Any) -> socket.socket:
    """A socket that takes little of what nobody reads."""
    made = socket.socket(*address[:3])
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    return made


class Returner:
    """`log` is every event that it let itself see, in order: `(name, body)`; `offset` the last string argument of one.

    Of what is on its way `see` limits how many events more it takes; what comes later is lost with the connection.
    For one that is `narrow` the kernel keeps little that it does not read.
    """

    def __init__(self, url: str, token: str, *, narrow: bool = False) -> None:
        self.url = url
        self.token = token
        self.sid: str | None = None
        self.pid: str | None = None
        self.offset: str | None = None
        self.recovered = False
        self.refusal: Any = None
        self.log: list[tuple[str, Any]] = []
        self.left: int | None = None
        self._factory = _narrow if narrow else None
        self._acks: dict[int, asyncio.Future[Any]] = {}
        self._numbers = itertools.count(1)
        self._http: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reading: asyncio.Task[None] | None = None

    async def connect(self, *, seeing: int | None = None, **auth: Any) -> "Returner":
        """Connects, offering what it knows of its session, and waits for `session.ready` or a refusal.

        With `seeing` it sees so many events at most, and waits for them.
        """
        self.refusal, self.left, known = None, seeing, len(self.log)
        self._http = self._http or aiohttp.ClientSession(connector=aiohttp.TCPConnector(socket_factory=self._factory))
        self._socket = await self._http.ws_connect(f"{self.url}/socket.io/?EIO=4&transport=websocket", autoping=False)
        await self._socket.receive_str()
        state = {"pid": self.pid, "offset": self.offset} if self.pid else {}
        given = {name: value for name, value in {**state, "token": self.token, **auth}.items() if value is not None}
        await self._socket.send_str(CONNECT + orjson.dumps(given).decode())
        self._reading = asyncio.create_task(self._read(self._socket))
        await until(lambda: self.refusal or any(name == "session.ready" for name, _ in self.log[known:]))
        if seeing is not None:
            await until(lambda: len(self.log) == known + seeing)
        return self

    def stop_reading(self) -> None:
        """Keeps its connection, and takes nothing more from it."""
        assert self._reading is not None
        self._reading.cancel()

    async def break_off(self) -> None:
        """Goes without a word."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait((self._reading,))
        if self._socket is not None:
            response = self._socket._response
            if response.connection is not None and response.connection.transport is not None:
                response.connection.transport.abort()
            await self._socket.close()

    async def close(self) -> None:
        await self.break_off()
        if self._http is not None:
            await self._http.close()

    async def say_goodbye(self) -> None:
        assert self._socket is not None
        await self._socket.send_str(DISCONNECT)

    async def command(self, name: str, **payload: Any) -> Any:
        """An accepted command's data."""
        answer = await self.ask(name, **payload)
        assert answer["ok"], answer
        return answer["data"]

    async def ask(self, name: str, **payload: Any) -> Any:
        assert self._socket is not None
        if name.partition(".")[0] in ("quotation", "offer", "booking", "announcement"):
            payload.setdefault("key", uuid4().hex)
        number = next(self._numbers)
        answered = self._acks[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_str(f"{EVENT}{number}{orjson.dumps([name, payload]).decode()}")
        async with asyncio.timeout(10):
            return await answered

    async def join(self, room: str) -> Any:
        return await self.command("room.join", room=room)

    @property
    def ready(self) -> Any:
        """The last `session.ready`."""
        return next(body for name, body in reversed(self.log) if name == "session.ready")

    def facts(self, room: str | None = None) -> list[Any]:
        """The facts it saw, of a room if one is given."""
        facts = [body for _, body in self.log if isinstance(body, dict) and "seq" in body and "id" in body]
        return [fact for fact in facts if room in (None, fact["room"])]

    def seqs(self, room: str) -> list[int]:
        return [fact["seq"] for fact in self.facts(room)]

    def named(self, name: str) -> list[Any]:
        return [body for known, body in self.log if known == name]

    async def until(self, condition: Callable[["Returner"], Any], what: str = "") -> None:
        try:
            await until(lambda: condition(self), what=what)
        except AssertionError as failure:
            heard = [(name, body.get("room"), body.get("seq")) for name, body in self.log if isinstance(body, dict)]
            raise AssertionError(f"{failure}: {heard}") from None

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type != aiohttp.WSMsgType.TEXT:
                continue
            text: str = message.data
            if text == "2":
                await socket.send_str("3")
            elif text.startswith(CONNECT):
                told = orjson.loads(text[2:])
                self.recovered = self.pid is not None and told.get("pid") == self.pid
                self.sid, self.pid = told["sid"], told.get("pid")
            elif text.startswith(REFUSED):
                self.refusal = orjson.loads(text[2:])
            elif text.startswith(ACK):
                body = text[2:].lstrip("0123456789")
                answered = self._acks.pop(int(text[2 : -len(body)]), None)
                if answered is not None and not answered.done():
                    answered.set_result(orjson.loads(body)[0])
            elif text.startswith(EVENT):
                self._see(orjson.loads(text[2:]))

    def _see(self, arguments: list[Any]) -> None:
        if self.left is not None:
            if self.left <= 0:
                return
            self.left -= 1
        self.log.append((arguments[0], arguments[1] if len(arguments) > 1 else None))
        if isinstance(arguments[-1], str) and len(arguments) > 1:
            self.offset = arguments[-1]
