"""A workflow that is a plan: asked again and again what is to be done now, until there is nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from functools import partial
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

import msgspec

from workers.workflows.flows import Outcome, Over, Refused, Wait, Work

_MOST: Final = 100
"""Looks at the plan in one turn; what then is left is the next one's."""


class Action(Protocol):
    """Something to do."""

    @property
    def id(self) -> str:
        """Tells it from the others of its plan."""


class Plan(Protocol):
    """What is to be done now, side by side. Without anything, it waits for something to happen or for `wake_at`."""

    @property
    def actions(self) -> tuple[Any, ...]: ...

    @property
    def wake_at(self) -> datetime | None: ...

    @property
    def over(self) -> bool: ...


A = TypeVar("A", bound=Action)
P = TypeVar("P", bound=Plan)


class Acting(NamedTuple, Generic[P, A]):
    """How a plan of a kind is made and carried out. `failed` is told of an action that was refused, with the code."""

    kind: type[P]
    plan: Callable[[], Awaitable[P]]
    perform: Callable[[A], Coroutine[Any, Any, None]]
    failed: Callable[[A, str], Coroutine[Any, Any, None]]


async def carry_out(work: Work, acting: Acting[P, A]) -> Outcome:
    """Does what the plan says.

    Raises:
        Broken: an action failed as often as it was tried; the others were done.
    """
    for _ in range(_MOST):
        plan = await _look(work, acting)
        if not plan.actions:
            return Over() if plan.over else Wait(plan.wake_at)
        await _do_all(work, acting, plan.actions)
    return Wait(await work.now())


async def _look(work: Work, acting: Acting[P, A]) -> P:
    async def look() -> Any:
        return msgspec.to_builtins(await acting.plan())

    return msgspec.convert(await work.step("plan", look), acting.kind)


async def _do_all(work: Work, acting: Acting[P, A], actions: tuple[A, ...]) -> None:
    """Side by side; what was refused is told afterwards, in the plan's order, as a replay would."""
    doing = [work.step(action.id, partial(acting.perform, action)) for action in actions]
    ends = await asyncio.gather(*doing, return_exceptions=True)
    for action, end in zip(actions, ends, strict=True):
        if isinstance(end, Refused):
            await work.step(f"failed {action.id}", partial(acting.failed, action, end.failure.code))
    for end in ends:
        if isinstance(end, BaseException) and not isinstance(end, Refused):
            raise end
