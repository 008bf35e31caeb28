"""What the people around a quotation do, through real commands: one life after the other, a step every `pause` seconds.

A life is a generator: it yields who sends which command, and is sent the ack's data, or None for a refusal.
"""

import time
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from loadtests.clients import Client
from loadtests.crowd import Crowd
from loadtests.packets import mark
from loadtests.payloads import offer, terms

EDITS = 10
"""Edits in one life, before hotels revise and after."""


class Step(NamedTuple):
    """A command of one of the team. Texts with `{mark}` in them get the time at which it was due."""

    who: Client
    name: str
    payload: dict[str, Any]


Life = Generator[Step, Any, None]


class Story:
    """One team's lives, until stopped. Each step is due `pause` seconds after the one before was due."""

    def __init__(self, crowd: Crowd, team: tuple[Client, ...], pause: float, first: float) -> None:
        self._crowd = crowd
        self._team = team
        self._pause = pause
        self._due = first
        self._life = _life(crowd, team)
        self._stopped = False
        self._next(None)

    def stop(self) -> None:
        """No more steps."""
        self._stopped = True

    def _next(self, answer: Any) -> None:
        try:
            step = self._life.send(answer)
        except StopIteration:
            self._crowd.tally.counts["quotations done"] += 1
            self._life = _life(self._crowd, self._team)
            step = next(self._life)
        self._crowd.swarm.at(self._due, lambda: self._send(step))

    def _send(self, step: Step) -> None:
        if self._stopped:
            return
        due = self._due
        self._due += self._pause
        payload = marked(step.payload, mark(due))
        if step.name != "presence.update":
            payload["key"] = uuid4().hex
        self._crowd.ask(step.who, step.name, payload, self._next, due)


def marked(value: Any, text: str) -> Any:
    """The value with `{mark}` replaced in all of its texts."""
    if isinstance(value, str):
        return value.replace("{mark}", text)
    if isinstance(value, dict):
        return {name: marked(one, text) for name, one in value.items()}
    return [marked(one, text) for one in value] if isinstance(value, list) else value


def _life(crowd: Crowd, team: tuple[Client, ...]) -> Life:
    """From the first draft to the client's yes. A refusal where it cannot go on ends it."""
    ana, bruno, *hotels, client = team
    answer = yield Step(ana, "quotation.create", terms("Cusco in March", crowd.person(client).id))
    if answer is None:
        return
    quotation = answer["quotation"]["id"]
    room, on = f"quotation:{quotation}".encode(), {"quotation_id": quotation}
    desks = [crowd.person(hotel).hotel for hotel in hotels]
    deadline = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    yield Step(ana, "quotation.publish", {**on, "hotel_ids": desks, "deadline": deadline})
    for one in team:
        crowd.join(one, room)
    best = None
    for cents in ("00", "50"):
        for hotel in hotels:
            answer = yield Step(
                hotel, "offer.submit", {**on, "offer": offer(cents, "Held for you until Friday. {mark}")}
            )
            best = answer["offer"]["id"] if answer else best
        yield from _edits((ana, bruno), on, room)
    yield Step(ana, "quotation.close", on)
    if best is not None:
        yield Step(bruno, "quotation.award", {**on, "offer_id": best})
        yield Step(client, "quotation.accept", on)
    for one in team:
        crowd.leave(one, room, forget=True)


def _edits(agents: tuple[Client, Client], on: dict[str, Any], room: bytes) -> Life:
    """Two agents at the same quotation, in turns."""
    version = 1
    for count in range(EDITS // 2):
        agent, field = agents[count % 2], ("title", "notes")[count % 2]
        yield Step(agent, "presence.update", {"room": room.decode(), "focus": field, "typing": True})
        changes = [{"field": field, "value": f"Cusco in March {count} {{mark}}"}]
        answer = yield Step(agent, "quotation.edit", {**on, "base_version": version, "changes": changes})
        version = answer["version"] if answer else version


def start(crowd: Crowd, teams: list[tuple[Client, ...]], pause: float) -> list[Story]:
    """Starts every team's story, spread over one pause."""
    now = time.monotonic()
    return [Story(crowd, team, pause, now + pause * at / len(teams)) for at, team in enumerate(teams)]
