"""One channel, any order of appends, duplicates, resets, stale writers, seeds and replays: memory, Redis and a cluster
answer alike, as a plain model says, and a subscriber sees each frame once and in order [D1] [D3] [D6] [P4].
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from rooms.broker import Appended, Broker, Outcome, Retention
from rooms.memory import Hub, MemoryBroker
from rooms.positions import Cursor, Frame
from rooms.redis import RedisBroker
from tests.fixtures.cluster import RedisCluster
from tests.fixtures.redis import RedisServer
from tests.support.wait import until

CHANNEL = "quotation:1/agency"
RETENTION = Retention(frames=8)
T = TypeVar("T")


class Truth:
    """The table of frames: every generation from its reset on, as commits wrote it."""

    def __init__(self) -> None:
        self.gens: list[list[Frame]] = [[self._frame(1, 0)]]

    def commit(self) -> None:
        gen = len(self.gens)
        self.gens[-1].append(self._frame(gen, len(self.gens[-1])))

    def reset(self) -> None:
        gen = len(self.gens) + 1
        self.gens.append([self._frame(gen, 0)])

    def all(self) -> list[Frame]:
        return [frame for frames in self.gens for frame in frames]

    @staticmethod
    def _frame(gen: int, seq: int) -> Frame:
        return Frame(gen, f"epoch-{gen}", seq, "offer.submitted" if seq else "room.reset", b"%d/%d\n" % (gen, seq))


class Model:
    """What a broker has to know: how far it is, and how far back it can replay."""

    def __init__(self) -> None:
        self.at: Cursor | None = None
        self.oldest = 0

    def append(self, frames: list[Frame]) -> tuple[Appended, list[Frame]]:
        """The answer, and what is new to subscribers."""
        if self.at is None:
            return Appended(Outcome.COLD, None), []
        new: list[Frame] = []
        outcomes: list[Outcome] = []
        for frame in frames:
            outcomes.append(self._take(frame))
            if outcomes[-1] is Outcome.GAP:
                has = max(self.at.seq, 0) if frame.gen == self.at.gen else 0
                return Appended(Outcome.GAP, has), new
            if outcomes[-1] is Outcome.APPENDED:
                new.append(frame)
        outcome = Outcome.APPENDED if new else outcomes[-1]
        return Appended(outcome, None if outcome is Outcome.STALE else self.at.seq), new

    def seed(self, gen: int, seq: int) -> None:
        if self.at is None or Cursor(gen, seq) > self.at:
            self.at, self.oldest = Cursor(gen, seq), seq

    def replay_from(self, gen: int, seq: int) -> range | None:
        """The seqs that a replay gives."""
        if self.at is None or gen != self.at.gen or not self.oldest <= seq <= self.at.seq:
            return None
        return range(seq + 1, self.at.seq + 1)

    def _take(self, frame: Frame) -> Outcome:
        assert self.at is not None
        arrived = Cursor(frame.gen, frame.seq)
        if frame.gen < self.at.gen:
            return Outcome.STALE
        if arrived <= self.at:
            return Outcome.DUPLICATE
        begins = frame.gen > self.at.gen
        if frame.seq > 1 and (begins or frame.seq != self.at.seq + 1):
            return Outcome.GAP
        if begins:
            self.oldest = 0
        self.at = arrived
        self.oldest = max(self.oldest, frame.seq - RETENTION.frames, 0)
        return Outcome.APPENDED


class Reader:
    """A node's cursor over what it hears."""

    def __init__(self) -> None:
        self.heard: list[Frame] = []

    def on_frame(self, channel: str, frame: Frame) -> None:
        assert channel == CHANNEL
        self.heard.append(frame)


class Brokers(RuleBasedStateMachine):
    """Runs the same script against both brokers. Subclassed with the server's address."""

    server: RedisServer | RedisCluster

    def __init__(self) -> None:
        super().__init__()
        self.truth = Truth()
        self.model = Model()
        self.expected: list[Frame] = []
        self.runner = asyncio.Runner()
        self.run = self.runner.run
        self.memory, self.redis = (
            MemoryBroker(Hub(RETENTION)),
            RedisBroker(self.server.url, prefix=uuid4().hex, retention=RETENTION),
        )
        self.readers = [Reader(), Reader()]
        self.run(self._start())

    async def _start(self) -> None:
        for broker, reader in zip((self.memory, self.redis), self.readers, strict=True):
            broker.listen(reader.on_frame, lambda *_: None, lambda _: None)
            await broker.start()
            await broker.subscribe([CHANNEL])

    def teardown(self) -> None:
        self.run(self._stop())
        self.runner.close()

    async def _stop(self) -> None:
        await self.memory.close()
        await self.redis.close()

    def both(self, ask: Callable[[Broker], Coroutine[Any, Any, T]]) -> T:
        """The answer that both brokers give."""
        answers = [self.run(ask(self.memory)), self.run(ask(self.redis))]
        assert answers[0] == answers[1]
        return answers[0]

    @rule(times=st.integers(1, 4))
    def commit(self, times: int) -> None:
        for _ in range(times):
            self.truth.commit()

    @rule()
    def reset(self) -> None:
        self.truth.reset()

    @rule(data=st.data())
    def append_any_run(self, data: st.DataObject) -> None:
        """A relay, however late or confused, appends consecutive frames of the table."""
        table = self.truth.all()
        start = data.draw(st.integers(0, len(table) - 1))
        self._append(table[start : start + data.draw(st.integers(1, 5))])

    @rule(data=st.data())
    def append_with_holes(self, data: st.DataObject) -> None:
        """A relay that lost some rows on the way appends what is left, in order."""
        table = self.truth.all()
        self._append([frame for frame in table if data.draw(st.booleans())][-6:] or table[:1])

    @precondition(lambda self: self.model.at is not None)
    @rule()
    def append_what_is_missing(self) -> None:
        """The relay as it should be."""
        at = self.model.at
        assert at is not None
        missing = [frame for frame in self.truth.all() if Cursor(frame.gen, frame.seq) > at]
        if missing:
            self._append(missing[:10])

    def _append(self, frames: list[Frame]) -> None:
        answer, new = self.model.append(frames)
        assert self.both(lambda broker: broker.append(CHANNEL, frames)) == answer
        self.expected += new

    @rule(data=st.data(), below=st.booleans())
    def seed(self, data: st.DataObject, below: bool) -> None:
        frame = data.draw(st.sampled_from(self.truth.all()))
        seq = frame.seq - 1 if below else frame.seq
        self.model.seed(frame.gen, seq)
        self.both(lambda broker: broker.seed(CHANNEL, frame.gen, frame.epoch, seq))

    @rule()
    def replay_from_everywhere(self) -> None:
        for since in self.truth.all():
            got = self.both(lambda broker, since=since: broker.replay(CHANNEL, since.position))
            seqs = self.model.replay_from(since.gen, since.seq)
            assert got == (None if seqs is None else tuple(self.truth.gens[since.gen - 1][seq] for seq in seqs))

    @invariant()
    def each_frame_is_heard_once_and_in_order(self) -> None:
        for reader in self.readers:
            self.run(until(lambda reader=reader: len(reader.heard) >= len(self.expected), within=2))
            assert reader.heard == self.expected


@pytest.mark.parametrize(("servers", "examples"), [("redis_server", 200), ("redis_cluster", 50)])
def test_d1_d3_p4_both_brokers_follow_the_model(request: pytest.FixtureRequest, servers: str, examples: int) -> None:
    machine = type("BrokersOnRedis", (Brokers,), {"server": request.getfixturevalue(servers)})
    run_state_machine_as_test(machine, settings=settings(max_examples=examples, stateful_step_count=30, deadline=None))
