"""A client of somebody's: it connects, comes back whenever it was lost, and keeps what it saw.

Its commands are repeated with the same key until an answer came, on whichever node it then is.
"""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import aiohttp

from tests.chaos.links import Link
from tests.chaos.people import Person
from tests.chaos.views import Views
from tests.chaos.wire import Lost, Turned, Wire, opened

ANSWER_SECONDS, MOST_SECONDS = 4.0, 32.0
"""After so long without an answer a client gives its connection up; with each time it is twice as patient, up to most.

Who gave up as early every time would never be answered where joining its rooms again takes as long.
"""
PASSING: Final = frozenset(("internal", "rate.limited", "server.draining", "auth.required"))
"""Refusals of a command, or of a connection, after which one tries again."""
_BACKOFF: Final = (0.05, 0.3)


class Actor:
    """One client. `texts` is everything that it was sent, with the time; `away` how long it was away each time,
    `answers` how long it waited for each command's definite answer.

    `inbox` has the items of `inbox.page` by id; `wanted` are the rooms that it goes to by itself.
    """

    def __init__(
        self, http: aiohttp.ClientSession, person: Person, tab: int, token: str, fronts: Sequence[Link], seed: int
    ) -> None:
        self.person = person
        self.name = f"{person.name}/{tab}"
        self.views = Views()
        self.wanted: set[str] = set()
        self.texts: list[tuple[float, str]] = []
        self.inbox: dict[str, dict[str, Any]] = {}
        self.away: list[float] = []
        self.answers: list[float] = []
        self.refused: list[str] = []
        self.repeats = self.connections = self.gave_up = 0
        self.lazy = False
        self.wire: Wire | None = None
        self._http = http
        self.token = token
        self._fronts = fronts
        self._chance = random.Random(f"{seed} {self.name}")  # noqa: S311 - replayable
        self._ready = asyncio.Event()
        self._lost_at: float | None = None
        self._joining: set[asyncio.Task[None]] = set()
        self._asked_for: dict[str, object] = {}

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            with suppress(Lost):
                try:
                    await self._connection()
                except Turned as turned:
                    if turned.code not in PASSING:
                        self.refused.append(f"connect: {turned.code}")
            await asyncio.sleep(self._chance.uniform(*_BACKOFF))

    async def goodbye(self) -> None:
        """Leaves in order."""
        if self.wire is not None:
            await self.wire.close()

    @property
    def here(self) -> bool:
        """Connected, and in every room that it wants."""
        rooms = self.views.rooms
        return self._ready.is_set() and self.wanted <= rooms.keys() and all(kept.live for kept in rooms.values())

    def back(self) -> None:
        """Loses its connection, as somebody in a tunnel does."""
        if self.wire is not None:
            self.wire.abort()

    def want(self, room: str) -> None:
        """Goes to a room, now and whenever it comes back."""
        self.wanted.add(room)
        if self._ready.is_set():
            self._join(room)

    def unwant(self, room: str) -> None:
        """Leaves a room for good."""
        self.wanted.discard(room)
        self._asked_for.pop(room, None)
        self.views.forget(room)
        if self.wire is not None and self._ready.is_set():
            self.wire.ask("room.leave", {"room": room})

    async def ask(self, name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """The definite answer to a command: given again and again until there is one."""
        patience, asked_at = ANSWER_SECONDS, time.monotonic()
        while True:
            await self._ready.wait()
            assert self.wire is not None
            wire = self.wire
            answer: dict[str, Any] | None = None
            try:
                async with asyncio.timeout(patience):
                    answer = await wire.ask(name, payload)
            except TimeoutError:
                patience = min(2 * patience, MOST_SECONDS)
                self.gave_up += 1
                wire.abort()
            except Lost:
                await asyncio.sleep(0.01)
            if answer is not None and (answer["ok"] or answer["error"]["code"] not in PASSING):
                self.answers.append(time.monotonic() - asked_at)
                return answer
            self.repeats += 1
            await asyncio.sleep(self._chance.uniform(*_BACKOFF))

    async def _connection(self) -> None:
        front = self._chance.choice(self._fronts)
        wire = self.wire = await opened(self._http, front.port, self.token, self._text, self._event)
        self.connections += 1
        try:
            await wire.listen()
        finally:
            wire.abort()
            self._ready.clear()
            self.views.pause()
            self._lost_at = self._lost_at or time.monotonic()

    def _text(self, text: str) -> None:
        self.texts.append((time.monotonic(), text))

    def _event(self, name: str, body: Any) -> None:
        if name == "session.ready":
            self._greeted(body)
        elif name == "inbox.page":
            self._page(body)
        elif name == "room.closed":
            self.views.forget(body["room"])
            self.wanted.discard(body["room"])
        elif isinstance(body, dict) and "room" in body:
            self.views.event(name, body)

    def _greeted(self, body: Mapping[str, Any]) -> None:
        for place in body["rooms"]:
            if place["room"] not in self.views.rooms:
                self.views.start(place["room"], place["epoch"], place["seq"], {})
            else:
                self._join(place["room"])
        for room in sorted(self.wanted):
            self._join(room)
        self._ready.set()
        self._arrived()

    def _arrived(self) -> None:
        """Notes how long it was away, once it is in all of its rooms again."""
        if self._lost_at is not None and self.here:
            self.away.append(time.monotonic() - self._lost_at)
            self._lost_at = None

    def _join(self, room: str) -> None:
        """Asks for a room from where its view stands. A passing refusal is asked again."""
        wire = self.wire
        assert wire is not None
        kept = self.views.rooms.get(room)
        if kept is not None:
            kept.live = False
        since = self.views.since(room)
        asked = self._asked_for[room] = object()

        def answered(answer: dict[str, Any]) -> None:
            if self._asked_for.get(room) is not asked:
                return
            if answer["ok"]:
                self.views.joined(answer["data"])
            elif answer["error"]["code"] in PASSING:
                task = asyncio.create_task(self._join_later(wire, room))
                self._joining.add(task)
                task.add_done_callback(self._joining.discard)
            else:
                self.views.forget(room)
                self.wanted.discard(room)
            self._arrived()

        wire.ask("room.join", {"room": room, **({"since": since} if since else {})}, answered)

    async def _join_later(self, wire: Wire, room: str) -> None:
        await asyncio.sleep(0.1)
        if wire is self.wire and not wire.over:
            self._join(room)

    def _page(self, body: Mapping[str, Any]) -> None:
        self.inbox.update((item["id"], item) for item in body["items"])
        if not self.lazy and self.wire is not None and body["items"]:
            self.wire.ask("inbox.ack", {"ids": [item["id"] for item in body["items"]]})
