"""[D2.7] Workflows outlive their workers: each step's effect is there once a workflow is over, whoever died when."""

import signal

from tests.integration.workflows.crew import LONG_LEASE, Crew


async def test_a_killed_workers_turn_goes_on_elsewhere(crew: Crew) -> None:
    """From the step in which it was: what was done before is not done again."""
    first = crew.worker()
    crew.hold()
    flow = await crew.begin("three_steps", stop_in="b")
    await crew.did(flow, "a", "b")
    second = crew.worker()
    first.send_signal(signal.SIGKILL)
    await crew.did(flow, "a", "b", "b")
    crew.let_go()
    await crew.reaches(flow, "done")
    assert crew.done(flow) == ["a", "b", "b", "c"]
    assert crew.doers(flow, "b") == [first.pid, second.pid]


async def test_who_stops_hands_over_at_once(crew: Crew) -> None:
    """Nobody waits for its lease to end; and what can end before it stops, does."""
    first = crew.worker(worker_lease=LONG_LEASE, drain=0.2)
    crew.hold()
    flow = await crew.begin("three_steps", stop_in="b")
    await crew.did(flow, "a", "b")
    first.terminate()
    assert first.wait(20) == 0
    crew.let_go()
    crew.worker(worker_lease=LONG_LEASE)
    await crew.reaches(flow, "done")
    assert crew.done(flow) == ["a", "b", "b", "c"]


async def test_a_new_version_does_not_go_on_with_an_old_ones_turn(crew: Crew) -> None:
    """While the old version's worker lives it ends what it began; what it leaves is begun anew."""
    old = crew.worker(workflow_version="old")
    crew.hold()
    kept = await crew.begin("three_steps", stop_in="b")
    left = await crew.begin("three_steps", stop_in="c")
    await crew.did(kept, "a", "b")
    await crew.did(left, "a", "b", "c")
    new = crew.worker(workflow_version="new")
    later = await crew.begin("waiting", looks=1)
    await crew.reaches(later, "done")
    assert (crew.done(kept), crew.done(left)) == (["a", "b"], ["a", "b", "c"])
    old.send_signal(signal.SIGKILL)
    await crew.did(left, "a", "b", "c", "a", "b", "c")
    crew.let_go()
    await crew.reaches(left, "done")
    await crew.reaches(kept, "done")
    assert crew.done(kept) == ["a", "b", "a", "b", "c"]
    assert crew.doers(kept, "c") == [new.pid]


async def test_an_old_version_ends_what_it_began(crew: Crew) -> None:
    old = crew.worker(workflow_version="old")
    crew.hold()
    flow = await crew.begin("three_steps", stop_in="b")
    await crew.did(flow, "a", "b")
    crew.worker(workflow_version="new")
    crew.let_go()
    await crew.reaches(flow, "done")
    assert {*crew.doers(flow, "a"), *crew.doers(flow, "b"), *crew.doers(flow, "c")} == {old.pid}


async def test_a_word_is_heard_by_whoever_is_there(crew: Crew) -> None:
    """Between two turns a workflow is nobody's."""
    first = crew.worker()
    flow = await crew.begin("waiting", looks=2)
    await crew.did(flow, "look")
    await crew.reaches(flow, "waiting")
    first.send_signal(signal.SIGKILL)
    crew.worker()
    await crew.workflows.send(flow, "changed", "1")
    await crew.reaches(flow, "done")
    assert crew.done(flow) == ["look", "look"]


async def test_the_urgent_does_not_wait_for_the_mass(crew: Crew) -> None:
    """Nor does anybody run what is in a queue that they were not asked to."""
    crew.worker(queue_concurrency="high=2,normal=2,low=2,bulk=2")
    crew.hold()
    mass = [await crew.begin("long", queue="bulk") for _ in range(5)]
    await crew.reaches(mass[0], "running")
    urgent = await crew.begin("three_steps", queue="high")
    await crew.reaches(urgent, "done")
    assert sum(bool(crew.done(one)) for one in mass) <= 2
    crew.let_go()
    for one in mass:
        await crew.reaches(one, "done")


async def test_a_worker_runs_the_queues_that_it_was_given(crew: Crew) -> None:
    crew.worker("--queues", "high,normal")
    bulk = await crew.begin("three_steps", queue="bulk")
    normal = await crew.begin("three_steps", queue="normal")
    await crew.reaches(normal, "done")
    await crew.reaches(bulk, "waiting")
    assert crew.done(bulk) == []


async def test_progress_is_seen(crew: Crew) -> None:
    crew.worker()
    crew.hold()
    flow = await crew.begin("long")
    await crew.did(flow, "stop")
    assert (await crew.reaches(flow, "running")).progress == {"done": 1, "of": 2}
    crew.let_go()
    await crew.reaches(flow, "done")


async def test_the_house_is_kept(crew: Crew) -> None:
    """By a workflow that waits for its hour."""
    crew.worker()
    found = await crew.reaches("housekeeping", "waiting")
    while found.wake_at == found.begun_at:
        found = await crew.reaches("housekeeping", "waiting")
    assert found.wake_at is not None
    assert found.wake_at.minute == 17
