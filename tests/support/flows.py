"""A worker that also knows workflows of the tests', which write into a folder what they did.

`FLOWS_FOLDER` names the folder. Each step leaves a line in `steps`, with the process that did it.
"""

import os
from pathlib import Path
from typing import Final

from backend.domain.refusals import Refusal
from tests.support.wait import until
from workers.__main__ import app
from workers.workflows.catalogue import FLOWS
from workers.workflows.flows import Over, Wait, Work

__all__ = ["app"]
_LONG: Final = 120.0


def told(folder: Path) -> list[str]:
    """What was done so far: workflow and step, in order."""
    return [line.rpartition(" ")[0] for line in _lines(folder)]


def doers(folder: Path, what: str) -> list[int]:
    """The processes that did a step of a workflow, in order."""
    return [int(line.rpartition(" ")[2]) for line in _lines(folder) if line.startswith(f"{what} ")]


def _lines(folder: Path) -> list[str]:
    steps = folder / "steps"
    return steps.read_text().splitlines() if steps.exists() else []


def _folder() -> Path:
    return Path(os.environ["FLOWS_FOLDER"])


def _tell(work: Work, step: str) -> None:
    with (_folder() / "steps").open("a") as steps:
        steps.write(f"{work.turn.workflow_id} {step} {os.getpid()}\n")


async def _let_go() -> None:
    await until(lambda: not (_folder() / "stop").exists(), within=_LONG)


async def three_steps(work: Work, *, stop_in: str = "") -> Over:
    """Does a, b and c; stands still in one of them while there is a file `stop`."""
    for name in ("a", "b", "c"):

        async def do(name: str = name) -> str:
            _tell(work, name)
            if name == stop_in:
                await _let_go()
            return name

        assert await work.step(name, do) == name
    return Over()


async def waiting(work: Work, *, looks: int) -> Over | Wait:
    """Is over after so many looks, each after a word."""

    async def look() -> int:
        _tell(work, "look")
        return work.turn.number

    return Over() if await work.step("look", look) >= looks else Wait()


async def failing(work: Work, *, code: str = "") -> Over:
    """Fails while there is no file `mended`; refuses with a code, if there is one."""

    async def attempt() -> None:
        _tell(work, "attempt")
        if not (_folder() / "mended").exists():
            raise Refusal(code, "Not today.") if code else KeyError("a payload")  # type: ignore[arg-type]

    await work.step("attempt", attempt)
    return Over()


async def deadly(work: Work) -> Over:
    """Kills its worker."""

    async def kill() -> None:
        _tell(work, "kill")
        os.kill(os.getpid(), 9)

    await work.step("kill", kill)
    return Over()


async def long(work: Work) -> Over:
    """Shows how far it is, and stands still while there is a file `stop`."""
    await work.show({"done": 1, "of": 2})

    async def stop() -> None:
        _tell(work, "stop")
        await _let_go()

    await work.step("stop", stop)
    return Over()


FLOWS.update(three_steps=three_steps, waiting=waiting, failing=failing, deadly=deadly, long=long)

if __name__ == "__main__":
    app()
