"""Every channel counts 1, 2, 3 … in its epoch, whatever else commits at the same time. [P4] [D1]"""

import asyncio
import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.services.ports import Database
from backend.services.records import Change, ChannelPosition, Target
from rooms.positions import Frame
from tests.support.commits import always, create, edit, frame, mark_of, new_id, quotation, sending


async def all_frames(database: Database, channel: str) -> tuple[Frame, ...]:
    """The channel's frames of its present epoch."""
    at = (await database.position([channel]))[channel]
    return await database.frames(channel, at.epoch, 0, 10_000)


async def test_concurrent_commits_number_without_holes(database: Database) -> None:
    """[P4] Forty commits at once, each to some of six channels, in any order."""
    chance = random.Random(7)  # noqa: S311 - not a secret
    channels = [f"c{number}" for number in range(6)]
    wanted = [chance.sample(channels, chance.randint(1, 6)) for _ in range(40)]
    await asyncio.gather(*(database.commit(Target(), sending(*names)) for names in wanted))
    counted = Counter(name for names in wanted for name in names)
    for channel in channels:
        assert [found.seq for found in await all_frames(database, channel)] == list(range(1, counted[channel] + 1))
        assert (await database.position([channel]))[channel].seq == counted[channel]


async def test_channels_named_crosswise_do_not_deadlock(database: Database) -> None:
    """No command fails because another ran at the same time: half name the channels backwards, some reset them."""
    forwards = [f"c{number}" for number in range(8)]
    sends = [sending(*forwards), sending(*reversed(forwards))] * 15
    resets = [always(Change(answer=b"", resets=("c7", "c0")))] * 3
    await database.position(forwards)
    await asyncio.gather(*(database.commit(Target(), decide) for decide in (*sends, *resets)))
    at = await database.position(forwards)
    assert {at[name].seq for name in forwards[1:7]} == {30}
    assert (at["c0"].gen, at["c7"].gen) == (4, 4)


async def test_commands_on_one_quotation_take_turns(database: Database) -> None:
    """Each decides on what the one before it left; none fails."""
    made = await create(database, quotation())
    await asyncio.gather(*(database.commit(Target(quotation_id=made.id), edit("q")) for _ in range(30)))
    after = await database.quotation(made.id)
    assert after
    assert (after.version, after.serial) == (31, 31)
    assert [mark_of(found.body) for found in await all_frames(database, "q")] == list(range(2, 32))


async def test_commands_on_two_quotations_of_one_company_both_succeed(database: Database) -> None:
    made = [await create(database, quotation()) for _ in range(2)]
    channels = ("company:andes/agency", "quotation:a/agency", "quotation:b/agency")
    await asyncio.gather(
        *(
            database.commit(Target(quotation_id=one.id), edit(*channels[:: 1 if one is made[0] else -1]))
            for one in made * 10
        )
    )
    for channel in channels:
        assert [found.seq for found in await all_frames(database, channel)] == list(range(1, 21))


async def test_several_frames_of_a_channel_in_one_commit_follow_each_other(database: Database) -> None:
    many = always(Change(answer=b"", frames=tuple(frame("ab"[mark % 2], mark) for mark in range(6))))
    await asyncio.gather(*(database.commit(Target(), many) for _ in range(5)))
    assert [mark_of(found.body) for found in await all_frames(database, "a")] == [0, 2, 4] * 5
    assert [mark_of(found.body) for found in await all_frames(database, "b")] == [1, 3, 5] * 5


async def test_a_reset_begins_a_new_epoch(database: Database) -> None:
    """[P6] The gen rises, the epoch is another, the seq begins again; the old epoch's frames stay where they were."""
    await database.commit(Target(), sending("a", "b"))
    before = await database.position(["a", "b"])
    await database.commit(Target(), always(Change(answer=b"", resets=("a",), frames=(frame("b"),))))
    after = await database.position(["a", "b"])
    assert after["a"] == ChannelPosition(2, after["a"].epoch, 0)
    assert after["a"].epoch != before["a"].epoch
    assert after["b"] == ChannelPosition(1, before["b"].epoch, 2)
    await database.commit(Target(), sending("a", mark="new"))
    assert [(found.gen, found.seq) for found in await all_frames(database, "a")] == [(2, 1)]
    assert len(await database.frames("a", before["a"].epoch, 0, 9)) == 1


async def test_a_reset_of_a_channel_that_never_was_opens_it(database: Database) -> None:
    await database.commit(Target(), always(Change(answer=b"", resets=("a",))))
    at = (await database.position(["a"]))["a"]
    assert (at.gen, at.seq) == (1, 0)


async def test_a_channel_is_reset_or_written_to_not_both(database: Database) -> None:
    """[P6] Nothing of the commit that changes rights leaves under either of them."""
    both = Change(answer=b"", frames=(frame("a"),), resets=("a",))
    with pytest.raises(ValueError, match="resets a"):
        await database.commit(Target(), always(both))
    assert await database.outbox(1) == ()


commits = st.lists(
    st.tuples(
        st.lists(st.sampled_from("abcd"), max_size=5),
        st.sets(st.sampled_from("abcd"), max_size=2),
    ),
    max_size=8,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(commits)
async def test_positions_are_what_counting_gives(
    database: Database, given_commits: list[tuple[list[str], set[str]]]
) -> None:
    """[P4] Against the simplest model: a dictionary that counts; every frame's body says its place."""
    prefix = new_id()
    expected: dict[str, list[tuple[int, int]]] = {name: [(1, 0)] for name in "abcd"}
    known: set[str] = set()
    for sent, reset in given_commits:
        frames = [name for name in sent if name not in reset]
        for name in sorted({*frames, *reset}):
            gen, seq = expected[name][-1]
            if name in reset:
                expected[name] = [*expected[name], (gen + (name in known), 0)]
            expected[name] += [(gen, seq + 1 + number) for number in range(frames.count(name))]
            known.add(name)
        change = Change(
            answer=b"",
            frames=tuple(frame(prefix + name) for name in frames),
            resets=tuple(prefix + name for name in reset),
        )
        await database.commit(Target(), always(change))
    at = await database.position([prefix + name for name in "abcd"])
    for name, places in expected.items():
        here = at[prefix + name]
        assert (here.gen, here.seq) == places[-1]
        found = await all_frames(database, prefix + name)
        assert [(one.gen, one.seq) for one in found] == [place for place in places if place[0] == here.gen and place[1]]
