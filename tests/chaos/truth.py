"""What the database says, read past all links: the frames of every channel, where channels stand, what still waits."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from tests.chaos.people import Person

_UNDER_WAY: Final = """
    SELECT id FROM workflows WHERE state = 'running' OR (state = 'waiting' AND (attempts > 0 OR wake_at <= now()))
"""


@dataclass(frozen=True)
class Frame:
    """A committed frame."""

    id: str
    seq: int
    name: str
    body: str


@dataclass(frozen=True)
class Truth:
    """`frames` by (channel, epoch) in order; `places` are (epoch, seq) by channel; `waiting` counts outbox rows.

    `under_way` are the workflows that do something, could, or failed lately; `dead` those that were given up.
    """

    frames: Mapping[tuple[str, str], list[Frame]]
    places: Mapping[str, tuple[str, int]]
    waiting: int
    under_way: Sequence[str] = ()
    dead: Sequence[str] = ()


async def read(url: str) -> Truth:
    """All of it, as of one moment."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            frames = await connection.fetch(
                "SELECT channel, epoch, seq, name, body FROM frames WHERE seq > 0 ORDER BY channel, epoch, seq"
            )
            places = await connection.fetch("SELECT name, epoch, seq FROM channels")
            waiting = await connection.fetchval("SELECT count(*) FROM outbox")
            under_way = await connection.fetch(_UNDER_WAY)
            dead = await connection.fetch("SELECT id || ' ' || code AS id FROM workflows WHERE state = 'dead'")
    finally:
        await connection.close()
    by_channel: dict[tuple[str, str], list[Frame]] = defaultdict(list)
    for channel, epoch, seq, name, body in frames:
        by_channel[channel, epoch].append(Frame(json.loads(body)["id"], seq, name, body))
    return Truth(
        by_channel,
        {name: (epoch, seq) for name, epoch, seq in places},
        waiting,
        [row["id"] for row in under_way],
        [row["id"] for row in dead],
    )


async def value(url: str, question: str, *arguments: Any) -> Any:
    """The one answer to a question in SQL."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question, *arguments)
    finally:
        await connection.close()


def channel_of(person: Person, room: str) -> str:
    """The channel that somebody has of a room."""
    kind = room.partition(":")[0]
    audience = {"user": "self", "company": "agency", "public": "public", "hotel": room}.get(kind)
    if audience is None:
        audience = {
            "admin": "admin",
            "agent": "agency",
            "hotel": f"hotel:{person.place}",
            "client": f"client:{person.id}",
        }[person.role]
    return f"{room}/{audience}"
