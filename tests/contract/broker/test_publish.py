"""What subscribers hear: every new frame once and in order, signals beside it, wake-ups [D1] [D6]."""

import asyncio
from typing import Any

import pytest

from rooms.broker import Broker
from rooms.positions import Frame
from tests.contract.broker.conftest import CHANNEL, Ear, World, frames
from tests.support.wait import until

OTHER = "quotation:2/agency"


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
async def node(world: World, ear: Ear) -> Broker:
    return await world.node(ear)


@pytest.fixture
async def writer(world: World) -> Broker:
    relay = await world.node()
    await relay.seed(CHANNEL, 1, "epoch-1", 0)
    await relay.seed(OTHER, 1, "epoch-1", 0)
    return relay


async def test_d1_every_node_hears_each_frame_once_and_in_order(world: World, writer: Broker) -> None:
    ears = [Ear(), Ear()]
    nodes = [await world.node(ear) for ear in ears]
    for node in nodes:
        await node.subscribe([CHANNEL])
    await writer.append(CHANNEL, frames([1, 2]))
    await writer.append(CHANNEL, frames([2, 3]))
    await writer.append(CHANNEL, frames([5]))
    await writer.append(CHANNEL, frames([3, 4, 5]))
    for ear in ears:
        await until(lambda ear=ear: len(ear.frames) >= 5)
        assert ear.frames == [(CHANNEL, frame) for frame in frames([1, 2, 3, 4, 5])]


async def test_d1_racing_writers_publish_once(world: World, writer: Broker, node: Broker, ear: Ear) -> None:
    rival = await world.node()
    await node.subscribe([CHANNEL])
    for seq in range(1, 30):
        await asyncio.gather(*(relay.append(CHANNEL, frames([seq])) for relay in (writer, rival, writer)))
    await until(lambda: len(ear.frames) >= 29)
    assert ear.seqs() == [(1, seq) for seq in range(1, 30)]


async def test_a_node_hears_only_what_it_subscribed_to(writer: Broker, node: Broker, ear: Ear) -> None:
    await node.subscribe([CHANNEL])
    await writer.append_many({OTHER: frames([1]), CHANNEL: frames([1])})
    await until(lambda: ear.frames)
    assert [channel for channel, _ in ear.frames] == [CHANNEL]


async def test_a_subscription_is_in_force_when_it_returns(writer: Broker, node: Broker, ear: Ear) -> None:
    for seq in range(1, 20):
        await asyncio.gather(node.subscribe([CHANNEL]), node.subscribe([CHANNEL, OTHER]))
        await writer.append(CHANNEL, frames([seq]))
        await until(lambda seq=seq: ear.seqs()[-1:] == [(1, seq)])
        await node.unsubscribe([CHANNEL])
    assert ear.seqs() == [(1, seq) for seq in range(1, 20)]


async def test_nothing_is_heard_after_unsubscribing(writer: Broker, node: Broker, ear: Ear) -> None:
    await node.subscribe([CHANNEL, OTHER])
    await writer.append(CHANNEL, frames([1]))
    await writer.signal(CHANNEL, "typing.changed", b"{}")
    await node.unsubscribe([CHANNEL])
    heard = len(ear.frames), len(ear.signals)
    await writer.append(CHANNEL, frames([2]))
    await writer.append(OTHER, frames([1]))
    await until(lambda: ear.seqs(OTHER))
    assert (len(ear.seqs(CHANNEL)), len(ear.signals)) == heard
    await node.unsubscribe([])


async def test_a_subscription_given_up_and_renewed_misses_nothing(writer: Broker, node: Broker, ear: Ear) -> None:
    await node.subscribe([CHANNEL])
    await asyncio.gather(node.unsubscribe([CHANNEL]), node.subscribe([CHANNEL]))
    await writer.append(CHANNEL, frames([1]))
    await until(lambda: ear.seqs() == [(1, 1)])


async def test_d6_signals_reach_subscribers_as_they_are_and_are_not_kept(
    writer: Broker, node: Broker, ear: Ear
) -> None:
    await writer.signal(CHANNEL, "focus.changed", b"nobody hears it")
    await node.subscribe([CHANNEL])
    await writer.signal(OTHER, "focus.changed", b"somewhere else")
    await writer.signal(CHANNEL, "typing.changed", b'{"by":"ana"}\n\x00')
    await until(lambda: ear.signals)
    assert ear.signals == [(CHANNEL, "typing.changed", b'{"by":"ana"}\n\x00')]
    assert ear.frames == []


async def test_facts_and_signals_keep_their_order(writer: Broker, node: Broker, ear: Ear) -> None:
    await node.subscribe([CHANNEL])
    await writer.append(CHANNEL, frames([1]))
    await writer.signal(CHANNEL, "typing.changed", b"{}")
    await until(lambda: ear.signals)
    assert ear.seqs() == [(1, 1)]


async def test_a_callback_that_fails_stops_nothing(world: World, writer: Broker) -> None:
    failures: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context))
    ear = Ear()

    class Broken(Ear):
        def on_frame(self, channel: str, frame: Frame) -> None:
            ear.on_frame(channel, frame)
            if frame.seq == 1:
                raise LookupError("a mistake of ours")

    node = await world.node(Broken())
    await node.subscribe([CHANNEL])
    await writer.append(CHANNEL, frames([1, 2]))
    await until(lambda: ear.seqs() == [(1, 1), (1, 2)])
    assert [type(context["exception"]) for context in failures] == [LookupError]


async def test_a_wake_reaches_everybody_who_waits_for_it(world: World, writer: Broker) -> None:
    ears = [Ear(), Ear()]
    nodes = [await world.node(ear) for ear in ears]
    await writer.wake()
    await until(lambda: all(ear.wakes for ear in ears))
    await nodes[0].wake()
    await until(lambda: [ear.wakes for ear in ears] == [2, 2])


async def test_p6_what_is_told_to_all_is_heard_ahead_of_what_is_appended_later(world: World, writer: Broker) -> None:
    """By everybody, whatever they subscribed to, and whoever it is that appends."""

    class Order(Ear):
        def __init__(self) -> None:
            super().__init__()
            self.order: list[int] = []

        def on_told(self, body: bytes) -> None:
            self.order.append(-int(body))

        def on_frame(self, channel: str, frame: Frame) -> None:
            self.order.append(2 * frame.seq - (channel == OTHER))

    ears, deaf = [Order(), Order()], Ear()
    nodes = [await world.node(ear) for ear in ears]
    await world.node(deaf)
    for node in nodes:
        await node.subscribe([CHANNEL, OTHER])
    for number in range(1, 30):
        await nodes[number % 2].tell_all(b"%d" % number)
        await writer.append((CHANNEL, OTHER)[number % 2], frames([(number + 1) // 2]))
    for ear in ears:
        await until(lambda ear=ear: len(ear.order) >= 58)
        told = [-step for step in ear.order if step < 0]
        assert told == list(range(1, 30))
        assert all(ear.order.index(-number) < ear.order.index(number) for number in told)
    assert deaf.told == [b"%d" % number for number in range(1, 30)]


async def test_nobody_needs_to_listen(world: World, writer: Broker) -> None:
    deaf = await world.node()
    await deaf.subscribe([CHANNEL, OTHER])
    await writer.append(CHANNEL, frames([1]))
    await writer.signal(CHANNEL, "typing.changed", b"{}")
    await writer.wake()
    ear = Ear()
    node = await world.node(ear)
    await node.subscribe([CHANNEL])
    await writer.append(CHANNEL, frames([2]))
    await until(lambda: ear.seqs() == [(1, 2)])


async def test_a_closed_broker_calls_nobody(world: World, writer: Broker) -> None:
    quiet, witness = Ear(), Ear()
    node, other = await world.node(), await world.node(witness)
    node.listen(quiet.on_frame, quiet.on_signal, quiet.on_lost)
    await node.subscribe([CHANNEL])
    await other.subscribe([CHANNEL])
    await node.close()
    await writer.append(CHANNEL, frames([1]))
    await until(lambda: witness.frames)
    assert quiet.frames == []
