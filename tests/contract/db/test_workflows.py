"""What workers run: taken once, woken by words, handed on when an executor dies."""

import asyncio
from datetime import timedelta

from backend.services.ports import Database
from backend.services.records import Executor, Failure, QueueName, Turn, Workflow
from backend.services.workflows import StoredWorkflows
from tests.support.commits import NOW

ME = Executor(id="me", version="1", queues=("high", "normal"))
OTHER = Executor(id="other", version="1", queues=("normal",))
LATER = NOW + timedelta(hours=1)
LONG, NEVER = timedelta(minutes=1), timedelta(microseconds=-1)
BROKEN = Failure(code="KeyError", reason="somewhere", step="plan")


def begun(database: Database) -> StoredWorkflows:
    return StoredWorkflows(database, lambda: NOW, lambda: None)


async def begin(database: Database, *ids: str, queue: QueueName = "normal") -> None:
    for workflow_id in ids:
        await begun(database).begin("trivial", workflow_id, {"of": workflow_id}, queue=queue)


async def take(database: Database, by: Executor = ME, *, later: bool = False) -> tuple[Turn, ...]:
    return await database.take_turns(by, by.queues, LATER if later else NOW, 9)


async def state_of(database: Database, workflow_id: str = "a") -> Workflow:
    found = await database.workflow(workflow_id)
    assert found is not None
    return found


async def test_begun_twice_is_begun_once(database: Database) -> None:
    await begin(database, "a", "a")
    (turn,) = await take(database)
    begun = round(NOW.timestamp() * 1_000)
    assert turn == Turn(
        workflow_id="a", name="trivial", queue="normal", args={"of": "a"}, begun=begun, number=1, heard=0, attempts=0
    )
    await begin(database, "a")
    assert await take(database) == ()
    await database.finish(turn, NOW)
    await begin(database, "a")
    assert await take(database) == ()
    assert (await state_of(database)).state == "done"


async def test_of_two_who_take_each_gets_others(database: Database) -> None:
    ids = [f"a{number}" for number in range(20)]
    await begin(database, *ids)
    taken = await asyncio.gather(*(database.take_turns(ME, ("normal",), NOW, 5) for _ in range(8)))
    assert sorted(turn.workflow_id for some in taken for turn in some) == sorted(ids)


async def test_queues_that_nobody_asked_for_are_left(database: Database) -> None:
    await begin(database, "a", queue="bulk")
    await begin(database, "b", queue="high")
    assert [turn.workflow_id for turn in await take(database)] == ["b"]


async def test_the_earliest_comes_first(database: Database) -> None:
    for minutes, workflow_id in ((3, "c"), (1, "a"), (2, "b")):
        await StoredWorkflows(database, lambda minutes=minutes: NOW + minutes * LONG, lambda: None).begin(
            "trivial", workflow_id, {}
        )
    first = await database.take_turns(ME, ME.queues, LATER, 1)
    second = await database.take_turns(ME, ME.queues, LATER, 1)
    assert [turn.workflow_id for turn in (*first, *second)] == ["a", "b"]


async def test_between_turns_it_waits_for_its_time(database: Database) -> None:
    await begin(database, "a", "b")
    a, b = sorted(await take(database), key=lambda turn: turn.workflow_id)
    await database.park(a, LATER, NOW)
    await database.park(b, None, NOW)
    assert await take(database) == ()
    (again,) = await take(database, later=True)
    assert (again.workflow_id, again.number) == ("a", 2)


async def test_a_word_wakes_it_once(database: Database) -> None:
    await begin(database, "a")
    (turn,) = await take(database)
    await database.park(turn, None, NOW)
    for _ in range(2):
        await begun(database).send("a", "changed", "e1")
    (again,) = await take(database)
    assert (again.number, again.heard) == (2, 1)
    await database.park(again, None, NOW)
    await begun(database).send("a", "changed", "e1")
    assert await take(database) == ()


async def test_a_word_during_a_turn_has_it_followed_by_another(database: Database) -> None:
    """Whatever the turn ended with: it may have looked before."""
    await begin(database, "a")
    for once, end in enumerate((lambda turn: database.park(turn, LATER, NOW), lambda turn: database.finish(turn, NOW))):
        (turn,) = await take(database)
        await begun(database).send("a", "changed", str(once))
        await end(turn)
    (turn,) = await take(database)
    await database.finish(turn, NOW)
    await begun(database).send("a", "changed", "too late")
    assert await take(database, later=True) == ()


async def test_nothing_is_said_to_what_never_was(database: Database) -> None:
    await begun(database).send("a", "changed", "1")
    assert await database.workflow("a") is None


async def test_a_failed_one_waits_whatever_is_said(database: Database) -> None:
    await begin(database, "a")
    (turn,) = await take(database)
    await database.fail(turn, BROKEN, LATER, NOW)
    await begun(database).send("a", "changed", "1")
    assert await take(database) == ()
    (again,) = await take(database, later=True)
    assert again.attempts == 1
    await database.park(again, None, LATER)
    assert ((await state_of(database)).attempts, (await state_of(database)).code) == (0, "")


async def test_a_dead_letter_tells_why_and_is_tried_again_when_asked(database: Database) -> None:
    await begin(database, "a", "b")
    for turn in await take(database):
        await database.fail(turn, BROKEN, None, NOW if turn.workflow_id == "a" else LATER)
    assert await take(database, later=True) == ()
    last, first = await database.dead_letters(9)
    assert (last.id, first.id) == ("b", "a")
    assert (first.state, first.code, first.reason, first.step, first.attempts) == ("dead", *_told(BROKEN), 1)
    assert await database.dead_letters(1) == (last,)
    assert await database.revive("a", NOW)
    assert not await database.revive("a", NOW)
    assert not await database.revive("c", NOW)
    (turn,) = await take(database)
    assert (turn.workflow_id, turn.number, turn.attempts) == ("a", 2, 0)


async def test_a_dead_letter_that_is_dropped_is_over_for_good(database: Database) -> None:
    """Nothing that is said to it, and no second beginning, brings it back."""
    await begin(database, "a", "b")
    (dead, _) = sorted(await take(database), key=lambda turn: turn.workflow_id)
    await database.fail(dead, BROKEN, None, NOW)
    assert await database.drop("a", LATER)
    assert not await database.drop("a", LATER)
    assert not await database.drop("b", LATER)
    assert not await database.drop("c", LATER)
    assert await database.dead_letters(9) == ()
    assert not await database.tell_workflow("a", "changed 1", LATER)
    await begin(database, "a")
    assert await take(database, later=True) == ()
    found = await state_of(database)
    assert (found.state, found.code, found.changed_at) == ("done", BROKEN.code, LATER)


async def test_what_ended_elsewhere_is_left_alone(database: Database) -> None:
    """A worker that stood still comes too late with the end of a turn that another has begun again."""
    await begin(database, "a")
    (old,) = await take(database)
    await database.turn_again("a", 1, NOW)
    (new,) = await take(database, OTHER)
    for late in (database.finish(old, NOW), database.park(old, None, NOW), database.fail(old, BROKEN, None, NOW)):
        await late
    await database.bury("a", 1, BROKEN, NOW)
    await database.turn_again("a", 1, NOW)
    found = await state_of(database)
    assert (found.state, found.turns) == ("running", new.number)


async def test_who_is_alive_is_known_until_it_is_not_seen(database: Database) -> None:
    await database.beat(ME)
    await database.beat(OTHER)
    await database.beat(ME)
    assert sorted(await database.executors(LONG), key=lambda one: one.id) == [ME, OTHER]
    assert await database.executors(NEVER) == ()
    await database.leave("me")
    assert await database.executors(LONG) == (OTHER,)


async def test_the_turns_of_the_dead_are_found_and_taken_over_once(database: Database) -> None:
    await begin(database, "a")
    await take(database)
    assert await database.strays(["me", "other"], 9) == ()
    (stray,) = await database.strays(["other"], 9)
    assert (stray.workflow_id, stray.number) == ("a", 1)
    counts = await asyncio.gather(*(database.take_over("a", 1, LONG) for _ in range(5)))
    assert sorted(counts, key=bool) == [None, None, None, None, 1]
    assert await database.take_over("a", 1, NEVER) == 2
    assert await database.take_over("a", 2, NEVER) is None
    await database.adopt(["a"], "other")
    assert await database.strays(["other"], 9) == ()


async def test_a_turn_that_kills_its_workers_is_buried(database: Database) -> None:
    await begin(database, "a")
    (turn,) = await take(database)
    await database.bury("a", turn.number, BROKEN, NOW)
    assert [one.id for one in await database.dead_letters(9)] == ["a"]


async def test_progress_and_numbers_are_told(database: Database) -> None:
    await begin(database, "a", "b")
    await begin(database, "c", queue="high")
    first = await database.take_turns(ME, ("high",), NOW, 9)
    await database.show_progress(first[0], {"done": 3, "of": 10})
    assert [(one.id, one.progress) for one in await database.running(9)] == [("c", {"done": 3, "of": 10})]
    assert await database.counted() == {("normal", "waiting"): 2, ("high", "running"): 1}
    await database.park(first[0], None, NOW)
    assert (await state_of(database, "c")).progress == {}


async def test_what_is_over_is_forgotten_in_time(database: Database) -> None:
    await begin(database, "a", "b", "c")
    a, b, c = sorted(await take(database), key=lambda turn: turn.workflow_id)
    await database.finish(a, NOW)
    await database.finish(b, LATER)
    await database.fail(c, BROKEN, None, NOW)
    assert await database.forget_workflows(LATER) == 1
    assert await database.workflow("a") is None
    assert [one.id for one in await database.dead_letters(9)] == ["c"]


def _told(failure: Failure) -> tuple[str, str, str]:
    return failure.code, failure.reason, failure.step
