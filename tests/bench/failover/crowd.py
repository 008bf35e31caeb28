"""Who writes and who watches: clients that come back by themselves, on another node if theirs is gone."""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.chaos.actors import Actor
from tests.chaos.wire import Lost, Turned, Wire, opened


@dataclass
class Room:
    """What one watcher has of a quotation: its position, and when each of its edits came, counted from 1."""

    epoch: str
    seq: int
    arrived: list[float] = field(default_factory=list)
    twice: int = 0
    lost: int = 0
    resets: int = 0
    live: bool = True

    def take(self, frame: dict[str, Any]) -> None:
        """An edit's number is its text."""
        number = int(frame["data"]["change"]["notes"])
        self.seq = frame["seq"]
        if number <= len(self.arrived):
            self.twice += 1
            return
        self.lost += number - len(self.arrived) - 1
        self._come(number)

    def reset(self, epoch: str, seq: int, snapshot: dict[str, Any]) -> None:
        """Begins anew, with whatever the snapshot has."""
        self.epoch, self.seq = epoch, seq
        self.resets += 1
        self._come(int(snapshot.get("notes") or 0))

    def _come(self, number: int) -> None:
        self.arrived += [time.perf_counter()] * (number - len(self.arrived))


class Watcher:
    """Watches quotations, at the first of the ports and, whenever it loses its connection, at the next."""

    def __init__(
        self, http: aiohttp.ClientSession, token: str, ports: Sequence[int], quotations: Sequence[str]
    ) -> None:
        self.rooms: dict[str, Room] = {}
        self._http = http
        self._token = token
        self._ports = ports
        self._wanted = [f"quotation:{quotation}" for quotation in quotations]
        self._wire: Wire | None = None
        self._turn = 0

    @property
    def here(self) -> bool:
        """In every room."""
        return len(self.rooms) == len(self._wanted) and all(room.live for room in self.rooms.values())

    def go_home(self) -> None:
        """Back to the first of the ports."""
        if self._wire is not None and self._turn:
            self._turn = -1
            self._pause()
            self._wire.abort()

    async def run(self) -> None:
        """Until cancelled. Comes back when npm's client does: half a second to one and a half after each loss."""
        while True:
            with suppress(Lost, Turned):
                await self._connection(self._ports[self._turn])
            self._turn = (self._turn + 1) % len(self._ports)
            await asyncio.sleep(random.uniform(0.5, 1.5))  # noqa: S311 - no secret

    async def _connection(self, port: int) -> None:
        wire = await opened(self._http, port, self._token, lambda _: None, self._event)
        self._wire = wire
        try:
            await wire.listen()
        finally:
            wire.abort()
            self._pause()

    def _pause(self) -> None:
        for room in self.rooms.values():
            room.live = False

    def _event(self, name: str, body: Any) -> None:
        if name == "session.ready":
            for room in self._wanted:
                self._join(room)
        elif name == "room.reset" and body["room"] in self.rooms:
            self.rooms[body["room"]].reset(body["epoch"], body["seq"], body["snapshot"])
        elif name == "quotation.edited" and (known := self.rooms.get(body["room"])) and known.live:
            known.take(body)

    def _join(self, room: str) -> None:
        known = self.rooms.get(room)
        since = {"since": {"epoch": known.epoch, "seq": known.seq}} if known else {}
        assert self._wire is not None
        self._wire.ask("room.join", {"room": room, **since}, self._joined)

    def _joined(self, answer: dict[str, Any]) -> None:
        if not answer["ok"]:
            # It comes back and asks again.
            assert self._wire is not None
            self._wire.abort()
            return
        data = answer["data"]
        known = self.rooms.get(data["room"])
        if known is None:
            known = self.rooms[data["room"]] = Room(data["epoch"], data["seq"])
        elif not data["recovered"]:
            known.reset(data["epoch"], data["seq"], data["snapshot"])
        for frame in data["events"]:
            known.take(frame)
        known.live = True


class Author:
    """Edits a quotation; `due` has when each of the edits was, counted from 1."""

    def __init__(self, actor: Actor, quotation: str, version: int) -> None:
        self.room = f"quotation:{quotation}"
        self.due: list[float] = []
        self._actor = actor
        self._quotation = quotation
        self._version = version

    async def write(self, times: Iterator[float], over: asyncio.Event) -> None:
        """An edit at each of these times, or as soon as the one before was answered, until it is over."""
        for at in times:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(at - time.perf_counter() + asyncio.get_running_loop().time()):
                    await over.wait()
            if over.is_set():
                return
            text = str(len(self.due) + 1)
            self.due.append(at)
            change = {"field": "notes", "value": text}
            edit = {"quotation_id": self._quotation, "base_version": self._version, "changes": [change]}
            answer = await self._actor.ask("quotation.edit", {**edit, "key": f"{self._quotation}-{text}"})
            if not answer["ok"]:
                raise RuntimeError(f"an edit was refused: {answer['error']}")
            self._version = answer["data"]["version"]


async def author(actor: Actor, number: int) -> Author:
    """An author with a quotation of its own."""
    payload = {"title": f"Measured {number}", "key": f"create-{number}"}
    answer = await actor.ask("quotation.create", payload)
    made = answer["data"]["quotation"]
    return Author(actor, made["id"], made["version"])
