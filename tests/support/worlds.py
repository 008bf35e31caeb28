"""Two worlds side by side: plays a scenario on a fresh stage and writes down all that one person can observe.

Ids, epochs and references are random, so each is written as the number of its first appearance to that person.
"""

import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from backend.adapters.db import open_database
from backend.adapters.db.migrate import migrate
from backend.domain.refusals import Refusal
from backend.services import inbox
from backend.services.joining import automatic_rooms, room_state
from backend.services.reactions import react
from tests.support.stage import Stage

_RANDOM = re.compile(r'"(epoch|reference)":"([^"]+)"')
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


@asynccontextmanager
async def fresh_stage() -> AsyncIterator[Stage]:
    """A stage on an SQLite database of its own."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "world.db"
        shutil.copy(await _template(), path)
        database = open_database(f"sqlite:///{path}")
        await database.start()
        try:
            yield await Stage(database).set_up()
        finally:
            await database.close()


@cache
def _kept() -> TemporaryDirectory[str]:
    return TemporaryDirectory()


async def _template() -> Path:
    path = Path(_kept().name) / "template.db"
    if not path.exists():
        await migrate(f"sqlite:///{path}")
    return path


class Observer:
    """Writes down what `who` sees: answers, refusals, frames, positions, snapshots, inbox. `log` is to be compared."""

    def __init__(self, stage: Stage, who: str) -> None:
        self.stage = stage
        self.who = who
        self.log: list[str] = []
        self._known: dict[str, str] = {}
        self._read: dict[tuple[str, str], int] = {}

    async def do(self, command: str, **payload: Any) -> Any:
        """Does something as that person and notes the answer."""
        return await self._noted(command, lambda: self.stage.do(self.who, command, **payload))

    async def look(self, quotation_id: str) -> None:
        """Notes everything there is to see now: rooms with their frames since the last look, and the inbox."""
        await settle(self.stage)
        principal = self.stage.people[self.who]
        for room in (f"quotation:{quotation_id}", *automatic_rooms(principal)):
            await self._noted(f"join {room}", lambda room=room: self._room(room))
        self._note("inbox", await inbox.page(self.stage.deps, principal))

    async def _room(self, room: str) -> Any:
        state = await room_state(self.stage.deps, self.stage.people[self.who], room)
        place = state.position
        after = self._read.get((state.channel, place.epoch), 0)
        frames = await self.stage.db.frames(state.channel, place.epoch, after, 1_000)
        self._read[state.channel, place.epoch] = place.seq
        seen = [orjson.loads(frame.body) for frame in frames]
        return {
            "channel": state.channel,
            "epoch": place.epoch,
            "seq": place.seq,
            "frames": seen,
            "view": state.snapshot,
        }

    async def _noted(self, what: str, doing: Callable[[], Any]) -> Any:
        try:
            done = await doing()
        except Refusal as refusal:
            self._note(what, {"refused": [refusal.code, refusal.message, refusal.data]})
            return None
        self._note(what, done)
        return done

    def _note(self, what: str, seen: Any) -> None:
        text = f"{what} {orjson.dumps(seen).decode()}"
        text = _RANDOM.sub(lambda match: f'"{match[1]}":"{self._number(match[2])}"', text)
        self.log.append(_ID.sub(lambda match: self._number(match[0]), text))

    def _number(self, random: str) -> str:
        return self._known.setdefault(random, f"#{len(self._known)}")


async def settle(stage: Stage) -> None:
    """Does what the relay would: hands the events to the reactions and empties the outbox."""
    while rows := await stage.db.outbox(100):
        for row in rows:
            for event in row.events:
                await react(stage.deps, event)
        await stage.db.forget([row.id for row in rows])


async def quietly(doing: Awaitable[Any]) -> Any:
    """The answer, or None for a refusal: what was refused did not happen, which is all that a scenario needs."""
    try:
        return await doing
    except Refusal:
        return None
