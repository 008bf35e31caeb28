"""A stage with the real server on it, in this process: people come in by sockets and HTTP, the test holds the clock."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import aiohttp
import uvicorn

from backend.api.app import create_app
from backend.config import Settings
from backend.services.ports import Database
from backend.services.reactions import react
from realtime import serving
from realtime.app import SOCKET_PATH, Application
from realtime.node import Node
from realtime.web import WebApp
from rooms.memory import MemoryBroker
from rooms.positions import Cursor
from tests.support.asgi import Answer
from tests.support.client import Client, RoomView
from tests.support.net import listening
from tests.support.notes import Notes
from tests.support.stage import Stage
from tests.support.wait import until
from tests.support.worlds import READS, SIGNER, fresh_stage, rest_application
from workers.relay import Relay

SETTINGS = Settings(command_rate=1_000_000, command_burst=1_000_000, compare_interval=3_600.0, presence_ttl=3_600.0)


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: the process is the tests'."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass
class LiveStage(Stage):
    """People who enter a room do so by a client of their own, which stays connected."""

    url: str = ""
    node: Node = field(init=False)
    clients: dict[str, Client] = field(default_factory=dict)

    async def client(self, who: str) -> Client:
        if who not in self.clients:
            client = await Client(self.url, self.token(who)).connect()
            await client.event("inbox.page")
            self.clients[who] = client
        return self.clients[who]

    def token(self, who: str) -> str:
        return SIGNER.issue(self.people[who], self.now)

    async def enter(self, who: str, quotation_id: str, focus: str | None = None) -> None:
        client, room = await self.client(who), f"quotation:{quotation_id}"
        if room in client.rooms or (await client.ack("room.join", {"room": room}))["ok"]:
            await client.ack("presence.update", {"room": room, "focus": focus, "typing": focus is not None})

    async def settle(self) -> None:
        """Waits until all that was done has reached everybody whom it is meant for."""
        await until(self._settled, within=30, what="everything was told")
        for client in self.clients.values():
            if client.socket.connected:
                await client.ack("inbox.ack", {"ids": []})

    async def _settled(self) -> bool:
        return self._idle() and not await self.db.outbox(1) and await self._passed_on() and self._idle()

    def _idle(self) -> bool:
        """Nothing is under way in the node's fan-out and presence."""
        presence, fanout = self.node.live.presence, self.node.live.fanout
        telling = any(room.dirty for room in presence._rooms.values()) or not presence._nudges.idle
        waiting = presence._coalescer.next_due() is not None
        settling = any(stream.settling for stream in fanout._streams.values())
        return not (telling or waiting or settling or presence._tasks._running or fanout._tasks._running)

    async def _passed_on(self) -> bool:
        streams = self.node.live.fanout._streams
        truth = await self.db.position(tuple(streams)) if streams else {}
        return all(streams[name].cursor >= Cursor(place.gen, place.seq) for name, place in truth.items())


@asynccontextmanager
async def live_stage(kind: Callable[[Database], LiveStage] = LiveStage) -> AsyncIterator[LiveStage]:
    """A fresh stage with node, relay and REST behind a port of its own."""
    async with AsyncExitStack() as kept:
        broker = MemoryBroker()
        stage = await kept.enter_async_context(fresh_stage(kind))
        stage.deps = replace(stage.deps, wake=broker.hear_wake)
        stage.node = Node(stage.deps, broker, rest_application(stage).auth, SETTINGS)
        relay = Relay(stage.db, broker, partial(react, stage.deps))
        await broker.start()
        kept.push_async_callback(broker.close)
        kept.push_async_callback(_stopped, asyncio.create_task(relay.run()))
        await kept.enter_async_context(stage.node)
        stage.url = await kept.enter_async_context(_served(stage))
        kept.push_async_callback(_gone, stage)
        yield stage


@asynccontextmanager
async def _served(stage: LiveStage) -> AsyncIterator[str]:
    application = Application(stage.node, create_app(rest_application(stage)), WebApp())
    with listening() as socket:
        engines = {SOCKET_PATH: stage.node.server.eio}
        config = serving.config(application, engines=engines, host="127.0.0.1", port=0, proxies=[])
        server = _Server(config)
        running = asyncio.create_task(server.serve(sockets=[socket]))
        await until(lambda: server.started, what="the server answers")
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
        server.should_exit = True
        await running


async def _stopped(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _gone(stage: LiveStage) -> None:
    for client in stage.clients.values():
        await client.close()


Heard = tuple[str, str, Any, str]


def _heard(client: Client) -> list[Heard]:
    """The log, with the offsets of its events."""
    return [(*entry, client.offsets.get(place, "")) for place, entry in enumerate(client.log)]


def _place(offset: str, refs: dict[str, int]) -> list[Any]:
    """An offset without its node and its clock; a room's references to channels are numbered as they come."""
    _, _, *place = offset.split(".") if offset else ("", "")
    return [[refs.setdefault(place[0], len(refs)), *place[1:]]] if place else [len(offset) > 0]


class LiveObserver:
    """As `tests.support.worlds.Observer`, by a socket and HTTP: whatever came, room by room, and every answer."""

    def __init__(self, stage: LiveStage, who: str) -> None:
        self.stage = stage
        self.who = who
        self.booking = "none"
        self._answers: list[tuple[str, Answer]] = []
        self._gone: list[Heard] = []
        self._tags: dict[str, str] = {}

    @property
    def log(self) -> list[str]:
        """Answers in their order, then the facts of each room and its signals, in theirs.

        Between these there is no order: facts of two channels may pass each other, signals any fact.
        """
        notes = Notes()
        streams: dict[tuple[str, bool], list[tuple[str, Any]]] = {}
        refs: dict[str, dict[str, int]] = {}
        for kind, name, body, offset in [*self._gone, *_heard(self.stage.clients[self.who])]:
            if kind == "ack":
                notes.note(f"ack {name}", body)
            else:
                noted = [body, *_place(offset, refs.setdefault(body.get("room", ""), {}))]
                streams.setdefault((body.get("room", ""), "seq" in body), []).append((name, noted))
        for path, answer in self._answers:
            notes.answer(path, answer)
        for stream in sorted(streams, key=lambda stream: (notes.written(stream[0]), stream[1])):
            for name, body in streams[stream]:
                notes.note(name, body)
        return notes.lines

    async def do(self, command: str, **payload: Any) -> Any:
        """The ack's data; None for a refusal."""
        client = await self.stage.client(self.who)
        answer = await client.ack(command, {"key": self.stage.new_id(), **payload})
        return answer["data"] if answer["ok"] else None

    async def post(self, path: str, body: Any = None) -> Any:
        answer = await self._http("POST", path, json=body if body is not None else {})
        return answer.json if answer.status < 300 else None

    async def look(self, quotation_id: str, *more: str) -> None:
        """Waits for all that is to come; reads by REST when asked for `more`."""
        await self.stage.settle()
        for path in (*READS, *more) if more else ():
            read = path.format(quotation=quotation_id, booking=self.booking)
            answer = await self._http("GET", read, headers={"If-None-Match": self._tags.get(read, '"none"')})
            self._tags[read] = answer.headers.get("etag", "")
            if path == "bookings" and answer.body and (items := answer.json["items"]):
                self.booking = items[0]["id"]

    async def again(self, quotation_id: str, how: str) -> None:
        """Comes to the room again: `fresh`, with `since`, or `back` by a new connection after the old one broke."""
        room = f"quotation:{quotation_id}"
        client = await self.stage.client(self.who)
        known = client.rooms.get(room)
        if how == "back":
            await client.break_off()
            self._gone += _heard(self.stage.clients.pop(self.who))
            client = await self.stage.client(self.who)
        elif known:
            await client.ack("room.leave", {"room": room})
        await self._join(client, room, known if how != "fresh" else None)

    async def read_inbox(self) -> None:
        """Acks all that is waiting."""
        items = (await self._http("GET", "inbox")).json["items"]
        await (await self.stage.client(self.who)).ack("inbox.ack", {"ids": [item["id"] for item in items]})

    async def _join(self, client: Client, room: str, known: RoomView | None) -> None:
        client.rooms.pop(room, None)
        payload: dict[str, Any] = {"room": room}
        if known is not None:
            client.rooms[room] = known
            payload["since"] = {"epoch": known.epoch, "seq": known.seq}
        await client.ack("room.join", payload)

    async def _http(self, method: str, path: str, **given: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.stage.token(self.who)}", **given.pop("headers", {})}
        url = f"{self.stage.url}/api/v1/{path}"
        async with aiohttp.ClientSession() as http, http.request(method, url, headers=headers, **given) as got:
            named = {name.lower(): value for name, value in got.headers.items()}
            answer = Answer(got.status, named, await got.read())
        self._answers.append((f"{method} {path}", answer))
        return answer
