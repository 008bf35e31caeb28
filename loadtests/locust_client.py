"""A Locust user with a live connection: it keeps its positions, comes back with `since`, and reports to Locust.

What Locust counts: `connect`; every command by its name, until its ack; every fact as `fact <name>`, with the time
since its commit (`at`, so clocks have to agree); REST. A lost or doubled frame and a refusal are failures.
"""

import os
from collections import Counter
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import uuid4

import gevent
import socketio
from gevent.event import AsyncResult, Event
from locust.contrib.fasthttp import FastHttpSession
from locust.contrib.socketio import SocketIOUser
from locust.runners import WorkerRunner

from loadtests.locust_people import person
from loadtests.packets import fact_of
from loadtests.places import Place, Seen, see

PATIENCE = 30.0
_taken: Counter[str] = Counter()


class Wrong(Exception):
    """What Locust shows as a failure: a refusal's code, or what was wrong with a position."""


class LiveUser(SocketIOUser):
    """A person of `role` with one connection, kept from start to stop."""

    abstract = True
    role: ClassVar[str]
    options = {"handle_sigint": False}  # noqa: RUF012 - as the base class has it

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)  # type: ignore[no-untyped-call]  # Locust has no types here
        self.me = person(self.role, _next(self.role, environment.runner), self.host or "")
        self.rest = FastHttpSession(self.host, environment.events.request, self)
        self.places: dict[str, Place] = {}
        self._ready = Event()
        self.sio.on("*", self._event)

    def on_start(self) -> None:
        """Connects. Raises Wrong if there is no session in time."""
        host, auth = str(self.host), lambda: {"token": self.me.token()}
        connect: Any = self.sio.connect  # Locust has no types here
        connect(host, auth=auth, transports=["websocket"], wait_timeout=PATIENCE)
        if not self._ready.wait(PATIENCE):
            raise Wrong("no session")

    def on_stop(self) -> None:
        self.sio.disconnect()

    def ask(self, name: str, **payload: Any) -> Any:
        """Sends a command; the ack's data, or None if it was refused or there was no answer, which is a failure."""
        with self.environment.events.request.measure("command", name) as request:
            answer: AsyncResult = AsyncResult()
            self._send(name, payload, answer.set)
            ack = answer.get(timeout=PATIENCE)
            if ack["ok"]:
                return ack["data"]
            request["exception"] = Wrong(ack["error"]["code"])
        return None

    def change(self, name: str, **payload: Any) -> Any:
        """As `ask`, for commands that change facts."""
        return self.ask(name, key=uuid4().hex, **payload)

    def join(self, room: str) -> None:
        """Enters a room, `since` where it was if it was there."""
        place = self.places.setdefault(room, Place())
        place.waiting = True
        payload: dict[str, Any] = {"room": room}
        if place.epoch:
            payload["since"] = {"epoch": place.epoch.decode(), "seq": place.seq}
        self._send("room.join", payload, lambda ack: self._joined(room, ack))

    def get(self, path: str) -> list[dict[str, Any]]:
        """The first page of a list, by REST."""
        return list(self.read(path, path).get("items", ()))

    def read(self, path: str, name: str) -> dict[str, Any]:
        """One thing by REST, counted under a name; empty if it isn't there."""
        headers = {"Authorization": f"Bearer {self.me.token()}"}
        with self.rest.get(f"/api/v1/{path}", headers=headers, name=f"/api/v1/{name}", catch_response=True) as answer:
            return dict(answer.json()) if answer.status_code == 200 else {}

    def heard(self, frame: dict[str, Any]) -> None:
        """A fact came, in order. Blocks nothing; for subclasses."""

    def _send(self, name: str, payload: dict[str, Any], then: Any) -> None:
        """Past SocketIOUser's own emit, which would count each command a second time, as answered at once."""
        socketio.Client.emit(self.sio, name, payload, callback=then)

    def _event(self, name: str, frame: Any = None, *_: Any) -> None:
        """Runs in a greenlet of its own, but these start in the packets' order and nothing in here waits."""
        if name == "session.ready":
            self._session(frame)
        elif name == "session.expiring":
            gevent.spawn(self.ask, "session.refresh", token=self.me.token())
        elif name == "room.reset":
            self.places[frame["room"]] = Place(frame["epoch"].encode(), frame["seq"])
        elif name == "room.closed":
            self.places.pop(frame["room"], None)
        elif isinstance(frame, dict) and "seq" in frame and "id" in frame:
            self._fact(frame)

    def _session(self, ready: dict[str, Any]) -> None:
        for room in ready["rooms"]:
            if not self._ready.is_set():
                self.places[room["room"]] = Place(room["epoch"].encode(), room["seq"])
        if self._ready.is_set():
            for room in list(self.places):
                self.join(room)
        self._ready.set()

    def _joined(self, room: str, ack: dict[str, Any]) -> None:
        if not ack["ok"]:
            self.places.pop(room, None)
            self._count("command", "room.join", 0.0, Wrong(ack["error"]["code"]))
            return
        data, place = ack["data"], self.places.get(room, Place())
        if data["recovered"]:
            for frame in data["events"]:
                see(place, fact_of(frame))
            if place.seq != data["seq"]:
                self._count("fact", "lost", 0.0, Wrong(f"{data['seq'] - place.seq} were not replayed"))
        self.places[room] = Place(data["epoch"].encode(), data["seq"])

    def _fact(self, frame: dict[str, Any]) -> None:
        place = self.places.get(frame["room"])
        if place is None or place.waiting:
            return
        came = fact_of(frame)
        match see(place, came):
            case Seen.NEXT:
                passed = datetime.now(UTC) - datetime.fromisoformat(frame["at"])
                self._count("fact", frame["name"], passed.total_seconds())
                self.heard(frame)
            case Seen.AGAIN:
                self._count("fact", "doubled", 0.0, Wrong(frame["name"]))
            case Seen.GAP:
                self._count("fact", "lost", 0.0, Wrong(f"{came.seq - place.seq - 1} before {frame['name']}"))
                place.seq = came.seq
            case Seen.FOREIGN:
                self._count("fact", "strange", 0.0, Wrong(frame["name"]))

    def _count(self, kind: str, name: str, seconds: float, wrong: Exception | None = None) -> None:
        self.environment.events.request.fire(
            request_type=kind,
            name=name,
            response_time=max(0.0, seconds * 1000),
            response_length=0,
            exception=wrong,
            context={},
        )


def _next(role: str, runner: Any) -> int:
    """Another number for each user of a role. Locust's workers take turns, LOAD_WORKERS of them at most."""
    number = _taken[role]
    _taken[role] += 1
    if not isinstance(runner, WorkerRunner):
        return number
    return number * int(os.environ.get("LOAD_WORKERS", "16")) + runner.worker_index
