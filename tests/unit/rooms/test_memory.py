"""What only a broker with a clock in its hands can show: how long things are remembered [D3] [D6]."""

import pytest

import rooms.memory
from rooms.broker import Appended, Outcome, Retention, Spending
from rooms.memory import Hub, MemoryBroker
from rooms.positions import Frame, Position

CHANNEL = "quotation:1/agency"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def broker(clock: Clock) -> MemoryBroker:
    broker = MemoryBroker(Hub(Retention(frames=5, frames_seconds=60, known_seconds=600), clock))
    await broker.seed(CHANNEL, 1, "e", 0)
    return broker


def frame(seq: int) -> Frame:
    return Frame(1, "e", seq, "offer.submitted", b"{}")


async def test_d3_frames_are_kept_as_long_as_the_channel_moves(broker: MemoryBroker, clock: Clock) -> None:
    await broker.append(CHANNEL, [frame(1)])
    clock.now = 59
    await broker.append(CHANNEL, [frame(2)])
    clock.now = 118
    assert await broker.replay(CHANNEL, Position("e", 0)) == (frame(1), frame(2))


async def test_d3_old_frames_go_and_the_position_stays(broker: MemoryBroker, clock: Clock) -> None:
    await broker.append(CHANNEL, [frame(1)])
    clock.now = 60
    assert await broker.replay(CHANNEL, Position("e", 0)) is None
    assert await broker.replay(CHANNEL, Position("e", 1)) == ()
    assert await broker.append(CHANNEL, [frame(1), frame(2)]) == Appended(Outcome.APPENDED, 2)
    assert await broker.replay(CHANNEL, Position("e", 1)) == (frame(2),)


async def test_a_channel_that_rests_long_enough_is_cold(broker: MemoryBroker, clock: Clock) -> None:
    await broker.append(CHANNEL, [frame(1)])
    clock.now = 599
    assert await broker.append(CHANNEL, [frame(1)]) == Appended(Outcome.DUPLICATE, 1)
    clock.now = 600
    assert await broker.append(CHANNEL, [frame(2)]) == Appended(Outcome.COLD, None)


async def test_d6_a_touch_is_what_keeps_somebody_present(broker: MemoryBroker, clock: Clock) -> None:
    await broker.enter("quotation:1", "ana", b"1", ttl=15)
    await broker.enter("quotation:1", "bruno", b"2", ttl=15)
    clock.now = 10
    assert await broker.touch({"quotation:1": ["ana"]}, ttl=15) == {}
    clock.now = 15
    assert await broker.here("quotation:1") == {"ana": b"1"}
    clock.now = 25
    assert await broker.touch({"quotation:1": ["ana"]}, ttl=15) == {"quotation:1": {"ana"}}


async def test_closing_what_never_started_is_harmless(broker: MemoryBroker) -> None:
    await broker.close()


async def test_s2_the_bucket_longest_not_used_is_forgotten(
    broker: MemoryBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms.memory, "BUCKETS", 2)
    asked = {name: Spending(name, rate=0.001, burst=1.0) for name in ("ana", "bruno", "carla")}
    for name in ("ana", "bruno", "ana", "carla"):
        await broker.spend([asked[name]])
    waits = {name: (await broker.spend([asked[name]]))[0].wait for name in ("ana", "carla", "bruno")}
    assert waits["ana"] > 0
    assert waits["carla"] > 0
    assert waits["bruno"] == 0
