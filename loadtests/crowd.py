"""Clients on a swarm: they connect, check every position, come back after a break with `since`, and send commands.

Each behaves as a client should: heartbeats, back-off with jitter, another node after a failure, a new token before
the old one expires, commands repeated with their key after a break. What is noticed goes into a `Tally`.
"""

import random
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

from loadtests.clients import Asked, Client, Deployment, Then
from loadtests.following import Places, entered, live
from loadtests.packets import Fact, ack_of, body_of, command, fact, name_of
from loadtests.people import Person, auth, token
from loadtests.places import Place
from loadtests.sockets import Connection, Swarm
from loadtests.tally import Tally

FIRST_PAUSE, LONGEST_PAUSE, JITTER = 1.0, 5.0, 0.5
"""Seconds before a reconnect, doubled each time, and the share by which they vary: as socket.io-client has it."""
FULL = "refused: HTTP/1.1 503"
"""A node without room says when to ask again, and a load balancer would go on to the next."""
PATIENCE = 30.0
"""Seconds in which a connection has to become a session."""
SWEEP = 5.0


class Crowd:
    """The clients of one process; the handler of its swarm."""

    def __init__(self, deployment: Deployment, sources: Sequence[str]) -> None:
        self.swarm = Swarm(self, sources=sources)
        self.tally = Tally()
        self.clients: dict[int, Client] = {}
        self.online: dict[int, Client] = {}
        self._deployment = deployment
        self._connecting: dict[Client, float] = {}
        self._last: tuple[bytes, Fact | None] = (b"", None)
        self.swarm.at(0.0, self._sweep)

    def person(self, client: Client) -> Person:
        """Whose client it is."""
        return self._deployment.people.person(client.number)

    def come(self, number: int, scheduled: float) -> Client:
        """Has somebody connect for the first time."""
        client = self.clients[number] = Client(number, number % len(self._deployment.nodes))
        self._connect(client, scheduled)
        return client

    def ask(
        self, client: Client, name: str, payload: dict[str, Any], then: Then | None = None, scheduled: float = 0.0
    ) -> None:
        """Sends a command, at once or after coming back. `then` gets the ack's data, or None for a refusal."""
        client.numbers += 1
        client.asked = client.asked or {}
        client.asked[client.numbers] = Asked(name, payload, scheduled or time.monotonic(), then)
        if client.connection is not None and client.number in self.online:
            self.swarm.send(client.connection, command(client.numbers, name, payload))

    def join(self, client: Client, room: bytes, back: int = 0) -> None:
        """Joins a room, also after a break in between; if it was there, `since` that place or `back` frames before."""
        places = client.places = client.places or {}
        place = places.setdefault(room, Place())
        place.waiting, place.left = place.waiting or not place.epoch, False
        payload: dict[str, Any] = {"room": room.decode()}
        if place.epoch:
            payload["since"] = {"epoch": place.epoch.decode(), "seq": max(0, place.seq - back)}
        client.joining += 1
        self.ask(client, "room.join", payload, lambda data: self._joined(client, room, data))

    def leave(self, client: Client, room: bytes, *, forget: bool) -> None:
        """Leaves a room; what is under way then is ignored. Unless forgotten, it can be joined `since`."""
        places = client.places or {}
        if room not in places:
            return
        places[room].waiting = places[room].left = True
        then = partial(_forget, places, room) if forget else None
        self.ask(client, "room.leave", {"room": room.decode()}, then)

    def cut(self, client: Client) -> None:
        """Breaks its connection without a word; it comes back as after any break."""
        if client.connection is not None:
            self.swarm.close(client.connection)
            self._broken(client, "cut")

    def ready(self, connection: Connection) -> None:
        """CONNECT was answered; `session.ready` is what counts."""

    def lost(self, connection: Connection, reason: str) -> None:
        self._broken(connection.tag, reason)

    def message(self, connection: Connection, text: bytes) -> None:
        client: Client = connection.tag
        known, same = self._last
        if text != known:
            same = fact(text)
            self._last = (text, same)
        if same is not None:
            live(self.tally, client.places or {}, same)
        elif text.startswith(b"3"):
            self._acked(client, *ack_of(text))
        else:
            self._told(client, text)

    def heads(self, room: bytes) -> Counter[tuple[bytes, int]]:
        """How many of those online are at each position of a room."""
        found: Counter[tuple[bytes, int]] = Counter()
        for client in self.online.values():
            place = (client.places or {}).get(room)
            if place is not None and not place.waiting:
                found[place.epoch, place.seq] += 1
        return found

    def _connect(self, client: Client, scheduled: float) -> None:
        deployment = self._deployment
        who = auth(self.person(client), deployment.secret, deployment.ttl)
        self._connecting[client] = time.monotonic()
        address = deployment.nodes[client.node]
        client.connection = self.swarm.connect(address, who, scheduled=scheduled, tag=client)

    def _broken(self, client: Client, reason: str) -> None:
        self.tally.counts[f"lost {reason}"] += 1
        client.broke_at = client.broke_at or time.monotonic()
        client.connection = None
        client.joining = 0
        self.online.pop(client.number, None)
        self._connecting.pop(client, None)
        for number, asked in list((client.asked or {}).items()):
            if asked.name == "room.join" and client.asked:
                del client.asked[number]
        pause = FIRST_PAUSE
        if not reason.startswith(FULL):
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0**client.attempts)
            client.attempts += 1
        pause *= random.uniform(1 - JITTER, 1 + JITTER)
        nodes = len(self._deployment.nodes)
        if nodes > 1:
            client.node = (client.node + random.randrange(1, nodes)) % nodes
        due = time.monotonic() + pause
        self.swarm.at(due, lambda: self._connect(client, due))

    def _sweep(self) -> None:
        """Gives up what takes too long to become a session."""
        late = time.monotonic() - PATIENCE
        for client in [client for client, begun in self._connecting.items() if begun < late]:
            if client.connection is not None:
                self.swarm.close(client.connection)
            self._broken(client, "timeout")
        self.swarm.at(time.monotonic() + SWEEP, self._sweep)

    def _told(self, client: Client, text: bytes) -> None:
        match name_of(text):
            case b"session.ready":
                self._session(client, body_of(text))
            case b"session.expiring":
                fresh = token(self.person(client), self._deployment.secret, self._deployment.ttl)
                self.ask(client, "session.refresh", {"token": fresh})
            case b"session.closed":
                self.tally.counts[f"closed {body_of(text)['code']}"] += 1
            case b"room.reset":
                body = body_of(text)
                (client.places or {})[body["room"].encode()] = Place(body["epoch"].encode(), body["seq"])
                self.tally.counts["resets"] += 1
            case b"room.closed":
                (client.places or {}).pop(body_of(text)["room"].encode(), None)
                self.tally.counts["rooms closed"] += 1
            case b"inbox.page":
                if waiting := [item["id"] for item in body_of(text)["items"]]:
                    self.ask(client, "inbox.ack", {"ids": waiting})
            case _:
                self.tally.counts["signals"] += 1

    def _session(self, client: Client, ready: dict[str, Any]) -> None:
        """Takes positions where it has none, and joins rooms again where it missed something."""
        connection = client.connection
        if connection is None:
            return
        now, first = time.monotonic(), client.places is None
        self._connecting.pop(client, None)
        self.online[client.number] = client
        client.attempts = 0
        self.tally.time("connect" if not client.broke_at else "reconnect", now - connection.scheduled)
        self.tally.counts["connected"] += not client.broke_at
        for number, asked in (client.asked or {}).items():
            self.swarm.send(connection, command(number, asked.name, asked.payload))
        places = client.places = client.places or {}
        stand = {room["room"].encode(): (room["epoch"].encode(), room["seq"]) for room in ready["rooms"]}
        for room, (epoch, seq) in stand.items():
            if first or room not in places:
                places[room] = Place(epoch, seq)
        for room, place in places.items():
            behind = stand.get(room) != (place.epoch, place.seq)
            place.waiting = behind or place.left
            if behind and not place.left:
                self.join(client, room)
        self._maybe_back(client)

    def _joined(self, client: Client, room: bytes, data: Any) -> None:
        client.joining -= 1
        places = client.places or {}
        if data is None:
            places.pop(room, None)
        else:
            entered(self.tally, places, room, data)
        self._maybe_back(client)

    def _maybe_back(self, client: Client) -> None:
        """Notes when somebody who was away has all that they missed."""
        if client.broke_at and not client.joining and client.number in self.online:
            self.tally.time("back", time.monotonic() - client.broke_at)
            self.tally.counts["back"] += 1
            client.broke_at = 0.0

    def _acked(self, client: Client, number: int, body: dict[str, Any]) -> None:
        asked = (client.asked or {}).pop(number, None)
        if asked is None:
            return
        self.tally.time(f"command {asked.name}", time.monotonic() - asked.scheduled)
        if not body["ok"]:
            self.tally.counts[f"refused {asked.name} {body['error']['code']}"] += 1
        if asked.then is not None:
            asked.then(body["data"] if body["ok"] else None)


def _forget(places: Places, room: bytes, _: Any) -> None:
    places.pop(room, None)
