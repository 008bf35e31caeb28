"""Missed frames: from the broker if it has them all, else from the table, else not at all [D3]."""

from collections.abc import Sequence

from backend.services.ports import Snapshots
from rooms.broker import Broker, BrokerUnavailable
from rooms.positions import Frame, Position


async def missed(
    broker: Broker, db: Snapshots, channel: str, since: Position, upto: int, limit: int
) -> tuple[Frame, ...] | None:
    """The frames of a channel after `since`, without a hole, to the seq `upto` at least.

    None if they are more than `limit` or cannot all be had: a snapshot has to do.
    """
    if upto < since.seq or upto - since.seq > limit:
        return None
    if upto == since.seq:
        return ()
    frames = await _cached(broker, channel, since)
    if not _complete(frames, since.seq, upto):
        frames = await db.frames(channel, since.epoch, since.seq, limit)
    return frames if _complete(frames, since.seq, upto) and len(frames) <= limit else None


async def _cached(broker: Broker, channel: str, since: Position) -> tuple[Frame, ...]:
    try:
        return await broker.replay(channel, since) or ()
    except BrokerUnavailable:
        return ()


def _complete(frames: Sequence[Frame], since: int, upto: int) -> bool:
    return since + len(frames) >= upto and all(frame.seq == since + 1 + n for n, frame in enumerate(frames))
