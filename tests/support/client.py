"""A client of the live server, as other people's are: python-socketio's, with what tests ask of it.

It knows the protocol from DESIGN.md alone and shares no code with the server, the reducer included.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
import socketio

PATIENCE = 10.0
FACT_COMMANDS = frozenset(("quotation", "offer", "booking", "announcement", "guide"))


class Refused(AssertionError):
    """A command was refused: `code`, `error` (all of it)."""

    def __init__(self, name: str, error: Mapping[str, Any]) -> None:
        super().__init__(f"{name}: {error}")
        self.code: str = error["code"]
        self.error = error


def merge_patch(target: Any, patch: Any) -> Any:
    """RFC 7396."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


@dataclass
class RoomView:
    """A room as its frames make it. `frames` are those applied since the last snapshot, in order."""

    epoch: str
    seq: int
    view: Any
    frames: list[dict[str, Any]] = field(default_factory=list)
    recovered: bool = False
    closed: str | None = None

    def apply(self, frame: dict[str, Any]) -> None:
        """Takes the next frame. Raises AssertionError for any other [D1]."""
        assert frame["epoch"] == self.epoch, f"a frame of epoch {frame['epoch']} in {self.epoch}"
        assert frame["seq"] == self.seq + 1, f"seq {frame['seq']} after {self.seq}"
        self.seq = frame["seq"]
        self.frames.append(frame)
        if "change" in frame["data"]:
            self.view = merge_patch(self.view, frame["data"]["change"])


class Client:
    """A connected client. `log` holds all that came, in order: `("event", name, body)` and `("ack", name, body)`.

    `offsets` are the strings after events' bodies, by their place in the log.
    `rooms` holds every joined room's view, kept by the frames; `wrong` what broke the rules of positions.
    """

    def __init__(self, url: str, token: str | Callable[[], str], **options: Any) -> None:
        self.url = url
        self.token = token
        self.socket = socketio.AsyncClient(
            reconnection=options.pop("reconnection", False), handle_sigint=False, **options
        )
        self.log: list[tuple[str, str, Any]] = []
        self.offsets: dict[int, str] = {}
        self.rooms: dict[str, RoomView] = {}
        self.wrong: list[str] = []
        self.disconnects: list[str] = []
        self._came = asyncio.Event()
        self.socket.on("*", self._event)
        self.socket.on("disconnect", self._disconnected)
        self.socket.on("connect_error", lambda data: self._note("connect_error", "", data))

    async def connect(self, transports: Sequence[str] = ("websocket",)) -> "Client":
        """Connects and waits for `session.ready`. Raises ConnectionError; `refusals` then has what was said."""
        known = len(self.log)
        await self.socket.connect(self.url, auth=self._auth, transports=list(transports), wait_timeout=PATIENCE)
        await self.event("session.ready", after=known)
        return self

    async def close(self) -> None:
        """Says goodbye. Raises AssertionError if anything broke the rules of positions meanwhile."""
        await self.socket.disconnect()
        assert not self.wrong, self.wrong

    async def break_off(self) -> None:
        """Goes without a word, as a lost network does."""
        eio = self.socket.eio
        if eio.ws is not None:
            await eio.ws.close()
        await self.until(lambda: not self.socket.connected)

    @property
    def events(self) -> list[tuple[str, Any]]:
        """All events so far, in order."""
        return [(name, body) for kind, name, body in self.log if kind == "event"]

    @property
    def frames(self) -> list[dict[str, Any]]:
        """All facts so far, in order."""
        return [body for name, body in self.events if isinstance(body, dict) and "seq" in body and "id" in body]

    @property
    def refusals(self) -> list[Any]:
        """What CONNECT_ERROR packets said."""
        return [body for kind, _, body in self.log if kind == "connect_error"]

    async def ack(self, name: str, *arguments: Any, within: float = PATIENCE) -> dict[str, Any]:
        """Sends a command as it is and returns the ack's object."""
        answered: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

        def on_ack(*answer: Any) -> None:
            self._note("ack", name, answer[0] if answer else None)
            if name == "room.join":
                self._joined(answer[0])
            if not answered.done():
                answered.set_result(answer[0])

        data = arguments[0] if len(arguments) == 1 else arguments or None
        await self.socket.emit(name, data, callback=on_ack)
        return await asyncio.wait_for(answered, within)

    async def command(self, name: str, payload: Mapping[str, Any] | None = None, /, **fields: Any) -> Any:
        """Sends a command, with a fresh key where it changes facts; the ack's data. Raises Refused."""
        body = {**(payload or {}), **fields}
        if name.partition(".")[0] in FACT_COMMANDS:
            body.setdefault("key", uuid4().hex)
        answer = await self.ack(name, body)
        if not answer["ok"]:
            raise Refused(name, answer["error"])
        return answer["data"]

    async def refused(self, name: str, payload: Mapping[str, Any] | None = None, /, **fields: Any) -> Refused:
        """Sends a command that has to be refused."""
        try:
            data = await self.command(name, payload, **fields)
        except Refused as refusal:
            return refusal
        raise AssertionError(f"{name} was not refused: {data}")

    async def join(self, room: str, since: RoomView | Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Joins a room; its view is kept in `rooms` from then on. With `since`, the view given goes on."""
        payload: dict[str, Any] = {"room": room}
        if isinstance(since, RoomView):
            self.rooms[room] = since
            payload["since"] = {"epoch": since.epoch, "seq": since.seq}
        elif since is not None:
            payload["since"] = dict(since)
        data: dict[str, Any] = await self.command("room.join", payload)
        return data

    async def event(
        self, name: str, where: Callable[[Any], bool] = lambda _: True, *, after: int = 0, within: float = PATIENCE
    ) -> Any:
        """The body of the first event of that name for which `where` holds, from entry `after` of the log on."""

        def found() -> list[Any]:
            log = self.log[after:]
            return [body for kind, known, body in log if kind == "event" and known == name and where(body)]

        return (await self.until(found, within=within, what=name))[0]

    async def reaches(self, room: str, seq: int, within: float = PATIENCE) -> RoomView:
        """Waits until a room's view is at `seq`, or beyond."""
        await self.until(lambda: self.rooms[room].seq >= seq, within=within, what=f"{room} at {seq}")
        return self.rooms[room]

    async def until(self, condition: Callable[[], Any], *, within: float = PATIENCE, what: str = "") -> Any:
        """The first truthy value of `condition`, asked again whenever something came."""
        deadline = asyncio.get_running_loop().time() + within
        while not (value := condition()):
            left = deadline - asyncio.get_running_loop().time()
            assert left > 0, f"not within {within} s: {what or condition} (log: {[entry[:2] for entry in self.log]})"
            self._came.clear()
            try:
                await asyncio.wait_for(self._came.wait(), left)
            except TimeoutError:
                continue
        return value

    def _auth(self) -> dict[str, str]:
        return {"token": self.token() if callable(self.token) else self.token}

    def _note(self, kind: str, name: str, body: Any) -> None:
        self.log.append((kind, name, body))
        self._came.set()

    def _disconnected(self, reason: str) -> None:
        self.disconnects.append(reason)
        self._came.set()

    def _event(self, name: str, *arguments: Any) -> None:
        body = arguments[0] if arguments else None
        if len(arguments) > 1:
            self.offsets[len(self.log)] = arguments[1]
        if isinstance(body, dict) and body.get("room") in self.rooms:
            self._keep(name, self.rooms[body["room"]], body)
        self._note("event", name, body)

    def _keep(self, name: str, room: RoomView, body: dict[str, Any]) -> None:
        if name == "room.reset":
            self.rooms[body["room"]] = RoomView(body["epoch"], body["seq"], body["snapshot"])
        elif name == "room.closed":
            room.closed = body["code"]
        elif "seq" in body:
            try:
                room.apply(body)
            except AssertionError as broken:
                self.wrong.append(f"{body['room']}: {broken}")

    def _joined(self, answer: dict[str, Any]) -> None:
        if not answer["ok"]:
            return
        data = answer["data"]
        known = self.rooms.get(data["room"])
        if not data["recovered"] or known is None:
            self.rooms[data["room"]] = RoomView(data["epoch"], data["seq"], data["snapshot"])
            return
        known.recovered = True
        for frame in data["events"]:
            known.apply(frame)
        if known.seq != data["seq"]:
            self.wrong.append(f"{data['room']}: replayed to {known.seq}, the ack says {data['seq']}")


async def login(url: str, email: str) -> str:
    """An access token of a demo account."""
    body = {"email": email, "password": "demo"}
    async with aiohttp.ClientSession() as http, http.post(f"{url}/api/v1/auth/login", json=body) as answer:
        assert answer.status == 200, await answer.text()
        token: str = (await answer.json())["access_token"]
        return token


@asynccontextmanager
async def connected(url: str, token: str, **options: Any) -> AsyncIterator[Client]:
    """A client for the length of a block."""
    transports = options.pop("transports", ("websocket",))
    client = await Client(url, token, **options).connect(transports)
    try:
        yield client
    finally:
        await client.close()
