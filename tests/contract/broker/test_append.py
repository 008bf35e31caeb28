"""What a broker takes, what it refuses, and what it can give back [D1] [D3] [P4]."""

import pytest

from rooms.broker import Appended, Broker, Outcome
from rooms.positions import Position
from tests.contract.broker.conftest import CHANNEL, RETENTION, Ear, World, frames
from tests.support.wait import until

OTHER = "quotation:2/admin"


@pytest.fixture
async def seeded(broker: Broker) -> Broker:
    await broker.seed(CHANNEL, 1, "epoch-1", 0)
    return broker


async def test_p4_a_cold_broker_takes_no_frame_as_its_base(broker: Broker) -> None:
    for seqs in ([0], [1], [7, 8]):
        assert await broker.append(CHANNEL, frames(seqs)) == Appended(Outcome.COLD, None)
    assert await broker.replay(CHANNEL, Position("epoch-1", 0)) is None


async def test_d3_what_was_appended_is_replayed_byte_for_byte(seeded: Broker) -> None:
    assert await seeded.append(CHANNEL, frames([1, 2, 3])) == Appended(Outcome.APPENDED, 3)
    assert await seeded.replay(CHANNEL, Position("epoch-1", 0)) == tuple(frames([1, 2, 3]))
    assert await seeded.replay(CHANNEL, Position("epoch-1", 2)) == tuple(frames([3]))
    assert await seeded.replay(CHANNEL, Position("epoch-1", 3)) == ()


async def test_d3_a_position_that_cannot_be_replayed_whole_is_not_replayed(seeded: Broker) -> None:
    await seeded.append(CHANNEL, frames(range(1, 9)))
    kept = RETENTION.frames
    assert await seeded.replay(CHANNEL, Position("epoch-1", 8 - kept)) == tuple(frames(range(9 - kept, 9)))
    assert await seeded.replay(CHANNEL, Position("epoch-1", 8 - kept - 1)) is None
    assert await seeded.replay(CHANNEL, Position("epoch-1", 9)) is None
    assert await seeded.replay(CHANNEL, Position("epoch-0", 8)) is None
    assert await seeded.replay(OTHER, Position("epoch-1", 8)) is None


async def test_d1_a_frame_that_it_has_is_ignored(seeded: Broker) -> None:
    await seeded.append(CHANNEL, frames([1, 2]))
    assert await seeded.append(CHANNEL, frames([1])) == Appended(Outcome.DUPLICATE, 2)
    assert await seeded.append(CHANNEL, frames([1, 2, 3])) == Appended(Outcome.APPENDED, 3)
    assert await seeded.replay(CHANNEL, Position("epoch-1", 0)) == tuple(frames([1, 2, 3]))


async def test_p4_a_gap_takes_what_comes_before_it_and_says_where_it_begins(seeded: Broker) -> None:
    assert await seeded.append(CHANNEL, frames([2])) == Appended(Outcome.GAP, 0)
    assert await seeded.append(CHANNEL, frames([1, 2, 4, 5])) == Appended(Outcome.GAP, 2)
    assert await seeded.append(CHANNEL, frames([3, 4, 5])) == Appended(Outcome.APPENDED, 5)


async def test_p6_a_writer_of_a_generation_that_is_over_is_refused(seeded: Broker) -> None:
    await seeded.append(CHANNEL, frames([1, 2]))
    assert await seeded.append(CHANNEL, frames([0], gen=3)) == Appended(Outcome.APPENDED, 0)
    assert await seeded.append(CHANNEL, frames([3])) == Appended(Outcome.STALE, None)
    assert await seeded.append(CHANNEL, frames([1], gen=2)) == Appended(Outcome.STALE, None)
    assert await seeded.replay(CHANNEL, Position("epoch-1", 2)) is None
    assert await seeded.replay(CHANNEL, Position("epoch-3", 0)) == ()


async def test_p6_a_generation_has_one_epoch(seeded: Broker) -> None:
    await seeded.append(CHANNEL, frames([1]))
    assert await seeded.append(CHANNEL, frames([2], epoch="another")) == Appended(Outcome.STALE, None)


async def test_a_stale_frame_does_not_hold_up_those_behind_it(seeded: Broker) -> None:
    await seeded.append(CHANNEL, frames([0], gen=2))
    late = [*frames([4]), *frames([1, 2], gen=2)]
    assert await seeded.append(CHANNEL, late) == Appended(Outcome.APPENDED, 2)


@pytest.mark.parametrize("first", [0, 1])
async def test_a_generation_begins_with_its_reset_or_its_first_frame(seeded: Broker, first: int) -> None:
    await seeded.append(CHANNEL, frames([1, 2, 3]))
    assert await seeded.append(CHANNEL, frames([first], gen=2)) == Appended(Outcome.APPENDED, first)
    assert await seeded.append(CHANNEL, frames([0], gen=2)) == Appended(Outcome.DUPLICATE, first)
    assert await seeded.append(CHANNEL, frames([1, 2], gen=2)) == Appended(Outcome.APPENDED, 2)
    assert await seeded.replay(CHANNEL, Position("epoch-2", 0)) == tuple(frames([1, 2], gen=2))


async def test_a_generation_does_not_begin_in_its_middle(seeded: Broker) -> None:
    await seeded.append(CHANNEL, frames([1, 2, 3]))
    assert await seeded.append(CHANNEL, frames([2], gen=2)) == Appended(Outcome.GAP, 0)
    mixed = [*frames([4]), *frames([2], gen=2)]
    assert await seeded.append(CHANNEL, mixed) == Appended(Outcome.GAP, 0)
    assert await seeded.append(CHANNEL, frames([5])) == Appended(Outcome.APPENDED, 5)


async def test_one_append_may_cross_a_reset(world: World) -> None:
    ear = Ear()
    node = await world.node(ear)
    await node.subscribe([CHANNEL])
    await node.seed(CHANNEL, 1, "epoch-1", 6)
    crossing = [*frames([7]), *frames([0, 1, 2], gen=2)]
    assert await node.append(CHANNEL, crossing) == Appended(Outcome.APPENDED, 2)
    await until(lambda: ear.seqs() == [(1, 7), (2, 0), (2, 1), (2, 2)])
    assert await node.replay(CHANNEL, Position("epoch-2", 0)) == tuple(frames([1, 2], gen=2))


async def test_a_seed_is_where_appends_go_on(broker: Broker) -> None:
    await broker.seed(CHANNEL, 2, "epoch-2", 40)
    assert await broker.replay(CHANNEL, Position("epoch-2", 40)) == ()
    assert await broker.replay(CHANNEL, Position("epoch-2", 39)) is None
    assert await broker.append(CHANNEL, frames([41], gen=2)) == Appended(Outcome.APPENDED, 41)
    assert await broker.append(CHANNEL, frames([43], gen=2)) == Appended(Outcome.GAP, 41)


async def test_a_seed_below_a_reset_lets_the_reset_through(broker: Broker) -> None:
    await broker.seed(CHANNEL, 2, "epoch-2", -1)
    assert await broker.replay(CHANNEL, Position("epoch-2", 0)) is None
    assert await broker.append(CHANNEL, frames([2], gen=2)) == Appended(Outcome.GAP, 0)
    assert await broker.append(CHANNEL, frames([0, 1], gen=2)) == Appended(Outcome.APPENDED, 1)


@pytest.mark.parametrize("lower", [(1, "epoch-1", 9), (2, "epoch-2", 2), (2, "epoch-2", 3), (2, "another", 9)])
async def test_a_seed_never_lowers_anything(broker: Broker, lower: tuple[int, str, int]) -> None:
    await broker.seed(CHANNEL, 2, "epoch-2", 1)
    await broker.append(CHANNEL, frames([2, 3], gen=2))
    await broker.seed(CHANNEL, *lower)
    assert await broker.replay(CHANNEL, Position("epoch-2", 1)) == tuple(frames([2, 3], gen=2))


@pytest.mark.parametrize("higher", [(1, "epoch-1", 9), (2, "epoch-2", 0), (2, "epoch-2", 1)])
async def test_d3_a_seed_past_missing_frames_leaves_no_hole(seeded: Broker, higher: tuple[int, str, int]) -> None:
    await seeded.append(CHANNEL, frames([1, 2]))
    await seeded.seed(CHANNEL, *higher)
    gen, epoch, seq = higher
    assert await seeded.replay(CHANNEL, Position("epoch-1", 1)) is None
    assert await seeded.append(CHANNEL, frames([seq + 1], gen)) == Appended(Outcome.APPENDED, seq + 1)
    assert await seeded.replay(CHANNEL, Position(epoch, seq - 1)) is None
    assert await seeded.replay(CHANNEL, Position(epoch, seq)) == tuple(frames([seq + 1], gen))


async def test_many_channels_are_answered_each_for_itself(seeded: Broker) -> None:
    answers = await seeded.append_many({CHANNEL: frames([1]), OTHER: frames([1]), "quotation:3/admin": frames([2])})
    assert answers == {
        CHANNEL: Appended(Outcome.APPENDED, 1),
        OTHER: Appended(Outcome.COLD, None),
        "quotation:3/admin": Appended(Outcome.COLD, None),
    }
    assert await seeded.append_many({}) == {}


async def test_an_append_of_nothing_is_a_mistake(seeded: Broker) -> None:
    with pytest.raises(ValueError, match="nothing"):
        await seeded.append(CHANNEL, [])


async def test_p4_audiences_of_a_room_do_not_share_a_position(seeded: Broker) -> None:
    await seeded.append(CHANNEL, frames([1, 2]))
    assert await seeded.append("quotation:1/hotel:77", frames([3])) == Appended(Outcome.COLD, None)


async def test_a_broker_that_forgot_everything_is_cold_and_goes_on_from_a_seed(world: World) -> None:
    node = await world.node()
    await node.seed(CHANNEL, 1, "epoch-1", 0)
    await node.append(CHANNEL, frames([1, 2]))
    await world.forget()
    assert await node.append(CHANNEL, frames([3])) == Appended(Outcome.COLD, None)
    assert await node.replay(CHANNEL, Position("epoch-1", 2)) is None
    await node.seed(CHANNEL, 1, "epoch-1", 2)
    assert await node.append(CHANNEL, frames([3])) == Appended(Outcome.APPENDED, 3)


async def test_channels_say_which_server_they_are_on(broker: Broker, request: pytest.FixtureRequest) -> None:
    """So that one that is away holds up its own channels only."""
    shards = {broker.shard_of(f"quotation:{number}/agency") for number in range(100)}
    clustered = "cluster" in request.node.callspec.id
    assert len(shards) == (3 if clustered else 1)
