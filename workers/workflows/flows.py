"""What a workflow is made of: a function that is called for each of its turns, and says when it is to be called next.

Whatever it does, it does in steps. A step that was done is not done again when the turn is gone on with elsewhere, and
is done twice only if a worker died in the middle of it: so it is idempotent, and returns plain JSON. Between its steps
the function decides by their results alone, never by a clock or by chance.
"""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from backend.domain.refusals import Refusal
from backend.services.deps import Deps
from backend.services.records import Failure, Turn
from workers.backoff import pause

_TRIES: Final = 4
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 2.0
_PLACES: Final = 4


class Wait(NamedTuple):
    """The next turn is then, or when something is said to the workflow, if that is earlier."""

    until: datetime | None = None


class Over(NamedTuple):
    """The workflow is over."""


class Refused(Exception):
    """A step was refused: it is of no use to try it again."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


class Broken(Exception):
    """A step failed as often as it was tried."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


Outcome = Wait | Over
Flow = Callable[..., Coroutine[Any, Any, Outcome]]
"""Called with a `Work`, and with the workflow's `args` by name."""

Does = Callable[[str, Callable[[], Coroutine[Any, Any, Any]]], Awaitable[Any]]


class Work:
    """One turn, for the workflow's function."""

    def __init__(self, deps: Deps, turn: Turn, does: Does) -> None:
        self.deps = deps
        self.turn = turn
        self._does = does

    async def step(self, name: str, work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """Does something once; it is tried a few times if it fails.

        Raises:
            Refused: with the refusal's code.
            Broken: it failed each time.
        """
        told = await self._does(name, lambda: _tried(name, work))
        if "value" in told:
            return told["value"]
        failure = Failure(**told["failure"])
        raise Refused(failure) if told["refused"] else Broken(failure)

    async def now(self) -> datetime:
        """The time of this step: the same when the turn is gone on with elsewhere."""

        async def tell() -> str:
            return self.deps.now().isoformat()

        return datetime.fromisoformat(await self.step("now", tell))

    async def show(self, progress: Mapping[str, Any]) -> None:
        """Tells operators how far it is."""

        async def tell() -> None:
            await self.deps.db.show_progress(self.turn, progress)

        await self.step("progress", tell)


def failure_of(error: Exception, step: str) -> Failure:
    """What is told of a failure of ours: its kind and where it happened; its message may hold a payload. [P3]"""
    frames = traceback.extract_tb(error.__traceback__)[-_PLACES:]
    where = "; ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames)
    return Failure(code=type(error).__name__, reason=where, step=step)


async def _tried(name: str, work: Callable[[], Coroutine[Any, Any, Any]]) -> dict[str, Any]:
    """How it ended, as plain JSON: what a step returned has to be kept, and so has what it raised."""
    tries = 0
    while True:
        try:
            return {"value": await work()}
        except Refusal as refusal:
            return {"refused": True, "failure": {"code": refusal.code, "reason": refusal.message, "step": name}}
        except Exception as error:
            tries += 1
            if tries == _TRIES:
                failed = failure_of(error, name)
                return {"refused": False, "failure": {"code": failed.code, "reason": failed.reason, "step": name}}
            await asyncio.sleep(pause(tries, _FIRST_PAUSE, _LONGEST_PAUSE))
