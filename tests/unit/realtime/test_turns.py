"""Handlers share tasks only as long as nobody can tell."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import pytest

from realtime.turns import Turns
from tests.support.wait import until

about: ContextVar[str] = ContextVar("about", default="nothing")


class Tasks:
    """The tasks that were made."""

    def __init__(self) -> None:
        self.all: list[asyncio.Task[Any]] = []

    def start(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.all.append(asyncio.create_task(function(*arguments)))

    async def done(self) -> list[Any]:
        """What they ended with, those that they led to included."""
        await asyncio.sleep(0)
        results = []
        for task in self.all:
            results += await asyncio.gather(task, return_exceptions=True)
        return results


@pytest.fixture
async def tasks() -> Tasks:
    return Tasks()


async def test_those_that_do_not_wait_share_a_task_in_order(tasks: Tasks) -> None:
    turns, ran = Turns(tasks.start), list[int]()

    async def quick(number: int) -> None:
        ran.append(number)

    for number in range(100):
        turns.run(quick(number))
    await tasks.done()
    turns.run(quick(100))
    await tasks.done()
    assert ran == list(range(101))
    assert len(tasks.all) == 2


async def test_nobody_waits_for_one_that_waits(tasks: Tasks) -> None:
    """Each has its own task from then on: a time-out is its own, whoever began before it in the same task."""
    turns, ran, gate = Turns(tasks.start), list[str](), asyncio.Event()

    async def waits(name: str) -> None:
        own = asyncio.current_task()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await asyncio.Event().wait()
        await gate.wait()
        assert asyncio.current_task() is own
        ran.append(name)

    async def quick() -> None:
        ran.append("quick")

    for work in (quick(), waits("first"), quick(), waits("second"), quick()):
        turns.run(work)
    await asyncio.sleep(0.05)
    assert ran == ["quick"] * 3
    gate.set()
    assert await tasks.done() == [None] * len(tasks.all)
    assert sorted(ran) == ["first", "quick", "quick", "quick", "second"]
    assert len(tasks.all) == 4


async def test_what_comes_while_one_waits_goes_on(tasks: Tasks) -> None:
    turns, ran, gate = Turns(tasks.start), list[str](), asyncio.Event()

    async def waits() -> None:
        await gate.wait()
        ran.append("waited")

    async def quick() -> None:
        ran.append("quick")

    turns.run(waits())
    await asyncio.sleep(0)
    turns.run(quick())
    await asyncio.sleep(0.01)
    assert ran == ["quick"]
    gate.set()
    await tasks.done()
    assert ran == ["quick", "waited"]


async def test_context_variables_stay_with_their_handler(tasks: Tasks) -> None:
    turns, seen = Turns(tasks.start), list[str]()

    async def tells(name: str) -> None:
        seen.append(about.get())
        about.set(name)

    for name in ("one", "two", "three"):
        turns.run(tells(name))
    await until(lambda: len(seen) == 3)
    assert seen == ["nothing"] * 3


async def test_a_failure_or_a_cancellation_is_its_own(tasks: Tasks) -> None:
    turns, ran = Turns(tasks.start), list[str]()

    async def fails() -> None:
        raise LookupError

    async def ends_itself() -> None:
        task = asyncio.current_task()
        assert task
        task.cancel()

    async def quick() -> None:
        await asyncio.sleep(0)
        ran.append("quick")

    for work in (fails(), quick(), ends_itself(), quick()):
        turns.run(work)
    await until(lambda: len(ran) == 2)
    ended = [type(result) for result in await tasks.done()]
    assert ended.count(LookupError) == 1
    assert ran == ["quick", "quick"]


async def test_what_has_not_begun_can_be_let_go(tasks: Tasks) -> None:
    turns, ran = Turns(tasks.start), list[str]()

    async def quick() -> None:
        ran.append("quick")

    turns.run(quick())
    turns.run(quick())
    for task in tasks.all:
        task.cancel()
    turns.close()
    await tasks.done()
    assert not ran
