"""A workflow that is a plan: what is done, told and left, whatever fails."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from backend.domain.refusals import Refusal
from workers.workflows import flows
from workers.workflows.flows import Broken, Over, Wait, Work
from workers.workflows.plans import Acting, carry_out

LATER = datetime(2026, 11, 23, tzinfo=UTC)


class Action(msgspec.Struct, frozen=True):
    name: str

    @property
    def id(self) -> str:
        return self.name


class Plan(msgspec.Struct, frozen=True):
    actions: tuple[Action, ...] = ()
    wake_at: datetime | None = None
    over: bool = False


class World:
    """Stages of actions; each stage is planned until all of its actions were done or failed."""

    def __init__(self, *stages: tuple[str, ...], end: Plan) -> None:
        self.stages = stages
        self.end = end
        self.steps: list[str] = []
        self.done: list[str] = []
        self.refusing: set[str] = set()
        self.broken: set[str] = set()

    async def plan(self) -> Plan:
        for stage in self.stages:
            if left := [name for name in stage if name not in self.done]:
                return Plan(tuple(Action(name) for name in left))
        return self.end

    async def perform(self, action: Action) -> None:
        await asyncio.sleep(0)
        if action.name in self.refusing:
            raise Refusal("quotation.wrong_state", "No.")
        if action.name in self.broken:
            raise KeyError
        self.done.append(action.name)

    async def failed(self, action: Action, code: str) -> None:
        self.done += [action.name, code]

    async def turn(self) -> Any:
        async def does(name: str, work: Any) -> Any:
            self.steps.append(name)
            return await work()

        work = Work(None, None, does)  # type: ignore[arg-type]  # neither is asked for
        return await carry_out(work, Acting(Plan, self.plan, self.perform, self.failed))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows, "_FIRST_PAUSE", 0.001)


async def test_does_what_is_planned_until_there_is_nothing() -> None:
    world = World(("a", "b"), ("c",), end=Plan(over=True))
    assert await world.turn() == Over()
    assert world.steps == ["plan", "a", "b", "plan", "c", "plan"]
    assert world.done == ["a", "b", "c"]


async def test_waits_for_the_plans_time() -> None:
    assert await World(("a",), end=Plan(wake_at=LATER)).turn() == Wait(LATER)
    assert await World(end=Plan()).turn() == Wait(None)


async def test_tells_what_was_refused_and_goes_on() -> None:
    world = World(("a", "b", "c"), end=Plan(over=True))
    world.refusing = {"a", "c"}
    assert await world.turn() == Over()
    assert world.steps == ["plan", "a", "b", "c", "failed a", "failed c", "plan"]
    assert world.done == ["b", "a", "quotation.wrong_state", "c", "quotation.wrong_state"]


async def test_what_breaks_holds_up_nothing_beside_it() -> None:
    world = World(("a", "b"), ("c",), end=Plan(over=True))
    world.broken = {"a"}
    with pytest.raises(Broken) as broken:
        await world.turn()
    assert (broken.value.failure.code, broken.value.failure.step) == ("KeyError", "a")
    assert world.done == ["b"]
    world.broken = set()
    assert await world.turn() == Over()
    assert world.done == ["b", "a", "c"]
