"""Wherever a connection breaks, the last event that its client saw tells exactly what it had received [D3].

The real fan-out of a node with one session in some channels: frames come, some late, the session joins, joins again,
leaves, is reset; all of it interleaved. Then its connection breaks after any number of packets. What another node can
tell of a dead one is never too much, and exact where it was told everything.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.presence import Scope
from realtime import wire
from realtime.presence import Presence
from realtime.recovery.offsets import Offset, offset_of
from realtime.recovery.parking import Places
from realtime.recovery.records import record_in, session_key
from realtime.recovery.trails import FRAMES_KEPT, Trail, steps_of
from realtime.returning import Returning
from realtime.sessions import Session, Sessions
from realtime.subscriptions import Subscriptions
from realtime.timers import Timers
from rooms.memory import Hub
from rooms.positions import Frame, Position
from tests.support.wait import until
from tests.unit.realtime.node import Cell, Table, Wire, ignore, session

CHANNELS = tuple(f"quotation:{number}/agency" for number in range(3))
STEPS = ("commit", "relay", "join", "leave", "reset", "beat")
Step = tuple[str, int, int]
"""What happens, in which channel, and how many turns of the loop follow."""


def _now() -> datetime:
    return datetime(2027, 1, 1, tzinfo=UTC)


@dataclass
class Life:
    """A node, and what its session's client is told by acks: those of joins say in which stay they are."""

    cell: Cell
    returning: Returning
    wire: Wire
    who: Session
    late: dict[str, list[Frame]] = field(default_factory=dict)
    stays: dict[str, int] = field(default_factory=dict)

    async def step(self, what: str, channel: str) -> None:
        act: Callable[[str], Awaitable[None]] = getattr(self, f"_{what}")
        await act(channel)

    async def _commit(self, channel: str) -> None:
        self.late.setdefault(channel, []).extend(self.cell.table.commit(channel))

    async def _relay(self, channel: str) -> None:
        if late := self.late.pop(channel, []):
            await self.cell.relay(channel, *late)

    async def _join(self, channel: str) -> None:
        again = channel in self.who.channels
        self.stays[channel] = self.stays.get(channel, 0) + (not again)
        self.who.enter(channel)
        await self.cell.fanout.hold(self.who, (channel,))
        place = (await self.cell.table.position((channel,)))[channel]
        self.cell.marks.expect(self.who, channel, place, again=False)
        await asyncio.sleep(0)
        told = {"channel": channel, "stay": self.stays[channel], "epoch": place.epoch, "seq": place.seq, "again": again}
        self.who.link.send(wire.ack(1, orjson.dumps(told)))
        self.cell.fanout.release(self.who, channel, place)

    async def _leave(self, channel: str) -> None:
        if self.who.leave(channel.partition("/")[0]):
            self.cell.fanout.leave(self.who, (channel,))

    async def _reset(self, channel: str) -> None:
        await self._relay(channel)
        reset = self.cell.table.reset(channel)
        await self.cell.broker.seed(channel, reset.gen - 1, f"epoch-{reset.gen - 1}", 0)
        await self.cell.broker.append(channel, [reset])

    async def _beat(self, _: str) -> None:
        await self.returning.beat()

    async def quiet(self) -> None:
        """Waits until everything has arrived and is written down."""
        for channel in CHANNELS:
            await self._relay(channel)

        def settled() -> bool:
            fanout = self.cell.fanout
            return not fanout._tasks._running and all(fanout.sent(self.who, channel) for channel in self.who.channels)

        await until(settled)
        await self.returning.beat()
        await until(lambda: self.returning.keeper._writing is None)


async def _stands(*_: object) -> bool:
    return True


@asynccontextmanager
async def _life() -> AsyncIterator[Life]:
    hub = Hub()
    cell = Cell(Table(), hub)
    await cell.broker.start()
    timers = Timers(asyncio.get_running_loop())
    registry = Sessions(asyncio.get_running_loop(), _now, 60.0, ignore)
    presence = Presence(
        cell.broker, Subscriptions(cell.broker), timers, _scope, ignore, bool, _now, lambda: "id", grace=60, ttl=60
    )
    returning = Returning(
        cell.broker,
        timers,
        cell.trails,
        cell.marks,
        registry,
        cell.fanout,
        presence,
        ignore,
        _stands,
        _now,
        grace=60.0,
        heartbeat=(30.0, 20.0),
    )
    cell.changed = returning.keeper.changed
    wire_ = Wire()
    who = session("bruno", wire_)
    registry.add(who)
    who.link.send(wire.event("session.ready", b"{}", cell.trails.ready()))
    try:
        yield Life(cell, returning, wire_, who)
    finally:
        await asyncio.sleep(0)
        registry.close()
        timers.close()
        await returning.keeper.close()
        await returning.handover.close()
        await presence.close()
        await cell.fanout.close()
        await cell.broker.close()


async def _scope(_: str) -> Scope:
    return Scope()


@dataclass
class Client:
    """What a client knows that saw the first packets of a connection."""

    offset: Offset | None = None
    places: dict[str, Position] = field(default_factory=dict)
    stays: dict[str, int] = field(default_factory=dict)

    def see(self, text: str) -> None:
        if text.startswith("3"):
            told = orjson.loads(text[2:])[0]
            self.places[told["channel"]] = Position(told["epoch"], told["seq"])
            self.stays[told["channel"]] = told["stay"]
            return
        name, body, offset = orjson.loads(text[1:])
        self.offset = offset_of(offset)
        if name != "session.ready":
            self.places[f"{body['room']}/agency"] = Position(body["epoch"], body["seq"])


def _seen(texts: list[str]) -> list[Client]:
    """What the client knows after each number of packets, from the first on."""
    clients = []
    for count in range(1, len(texts) + 1):
        client = Client()
        for text in texts[:count]:
            client.see(text)
        clients.append(client)
    return clients


def _told_anew_after(texts: list[str], count: int, channel: str) -> bool:
    """Whether the client was told something else of a channel after the last offset that it saw."""
    last = max(place for place in range(count) if texts[place].startswith("2"))
    for text in texts[last + 1 :]:
        if text.startswith("3"):
            told = orjson.loads(text[2:])[0]
            if told["channel"] == channel and told["again"]:
                return True
        elif text.startswith('2["room.reset"') and channel.startswith(orjson.loads(text[1:])[1]["room"]):
            return True
    return False


def _check(life: Life, places: Places, client: Client, texts: list[str], count: int, *, exact: bool) -> None:
    for channel in life.who.channels:
        if client.stays.get(channel) != life.stays[channel]:
            continue
        place, known = places[channel], client.places[channel]
        where = f"{channel} after {count} of {texts}"
        if place is None or (place.epoch != known.epoch and not exact):
            assert _told_anew_after(texts, count, channel) or life.cell.fanout.sent(life.who, channel) is None, where
        elif exact:
            assert place == known, where
        else:
            assert place.seq <= known.seq, where


async def _play(steps: list[Step], *, quiet: bool) -> None:
    async with _life() as life:
        for what, number, turns in steps:
            await life.step(what, CHANNELS[number])
            for _ in range(turns):
                await asyncio.sleep(0)
        if quiet:
            await life.quiet()
        texts = life.wire.texts
        record = (await life.cell.broker.kept([session_key("bruno")])).get(session_key("bruno"))
        life.returning.park(life.who)
        parked = life.returning._parking.of("bruno")
        assert parked is not None
        for count, client in enumerate(_seen(texts), 1):
            assert client.offset is not None
            places = parked.places(client.offset, life.cell.trails.node)
            _check(life, places, client, texts, count, exact=True)
            if quiet and record is not None:
                written: Any = await life.returning._written(record_in(record), client.offset)
                _check(life, written, client, texts, count, exact=False)


_STEPS = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2), st.integers(0, 4)), max_size=40)


@settings(max_examples=200)
@given(_STEPS, st.booleans())
def test_what_was_received_is_told_exactly(steps: list[Step], quiet: bool) -> None:
    """[D3] By the node itself; by what it wrote down, never more than was received."""
    asyncio.run(_play([("join", 0, 1), ("join", 1, 1), *steps], quiet=quiet))


@pytest.mark.parametrize("count", [3, 5_000])
def test_a_trail_forgets_its_oldest(count: int) -> None:
    """Who saw nothing since then is told a reset; what others read of it says less, never more."""
    trail = Trail("quotation:1/agency", "e", 10, 0)
    for number in range(count):
        trail.add(100 + number * 10)
    steps = steps_of(trail, 64)
    assert len(trail.stamps) <= FRAMES_KEPT
    assert steps.seqs[-1] == trail.last == 10 + count
    for stamp in range(0, 120 + count * 10, 7):
        truth = 10 + len(range(100, min(stamp, 90 + count * 10) + 1, 10)) if stamp >= 100 else 10
        assert trail.at(stamp) in (truth, None)
        assert (trail.at(stamp) is None) == (stamp < trail.since)
        told = steps.at(stamp)
        assert told is None or told <= truth
