"""Appending to a broker that may have forgotten something: what it lacks comes from the table of frames."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import groupby

from backend.services.ports import Snapshots
from rooms.broker import Appended, Broker, Outcome
from rooms.positions import Frame

_MOST_FILLED = 500
_MOST_TRIES = 10


class NotAppended(Exception):
    """The broker kept forgetting, or others kept changing it, while it was being filled."""


async def append_filling(database: Snapshots, broker: Broker, batch: Mapping[str, Sequence[Frame]]) -> None:
    """Appends frames by channel, at least one each, in one round trip where the broker lacks nothing.

    Raises:
        NotAppended, BrokerUnavailable, and what the database raises: some may be appended; all may be repeated.
    """
    answers = await broker.append_many(batch)
    lacking = [channel for channel, answer in answers.items() if answer.outcome in (Outcome.COLD, Outcome.GAP)]
    for channel in lacking:
        for _, frames in groupby(batch[channel], lambda frame: frame.gen):
            await _append_generation(database, broker, channel, tuple(frames))


async def _append_generation(database: Snapshots, broker: Broker, channel: str, frames: Sequence[Frame]) -> None:
    """Appends frames of one generation, telling or giving the broker what it lacks before them."""
    for _ in range(_MOST_TRIES):
        answer = await broker.append(channel, frames)
        match answer.outcome:
            case Outcome.COLD:
                await _seed_before(broker, channel, frames[0])
            case Outcome.GAP:
                frames = await _fill(database, broker, channel, frames, answer)
            case _:
                return
        await asyncio.sleep(0)
    raise NotAppended(channel)


async def _fill(
    database: Snapshots, broker: Broker, channel: str, frames: Sequence[Frame], answer: Appended
) -> Sequence[Frame]:
    """What to append after a gap. Where the table cannot fill it, the broker starts anew behind it."""
    has = answer.seq or 0
    left = [frame for frame in frames if frame.seq > has]
    missing = left[0].seq - has - 1
    if missing <= _MOST_FILLED:
        found = await database.frames(channel, left[0].epoch, has, missing)
        if [frame.seq for frame in found] == list(range(has + 1, left[0].seq)):
            return (*found, *left)
    await _seed_before(broker, channel, left[0])
    return left


async def _seed_before(broker: Broker, channel: str, frame: Frame) -> None:
    """Makes the one before this frame the base; the reset, seq 0, opens its generation."""
    await broker.seed(channel, frame.gen, frame.epoch, frame.seq - 1)
