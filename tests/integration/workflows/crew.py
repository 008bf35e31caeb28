"""Workers as real processes on either database, and the workflows of `tests.support.flows` that they run."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.services.ports import Database
from backend.services.records import QueueName, Workflow
from backend.services.workflows import StoredWorkflows
from tests.support import flows
from tests.support.commits import new_id
from tests.support.platform import Running, process
from tests.support.wait import until

QUICK: dict[str, object] = {
    "queue_poll": 0.05,
    "worker_lease": 0.9,
    "workflow_pause": 0.05,
    "workflow_attempts": 2,
    "drain": 5,
    "jwt_secret": "a-secret-of-tests-that-is-long-enough",
}
LONG_LEASE = 60


@dataclass
class Crew:
    """Workers over one database. `folder` is where their workflows tell what they do."""

    database: Database
    folder: Path
    environment: dict[str, str]
    kept: ExitStack = field(default_factory=ExitStack)

    def worker(self, *arguments: str, **settings: object) -> Running:
        """One more, until the test ends."""
        given = {**self.environment, **_named(settings)}
        log = self.folder / "worker.log"
        return self.kept.enter_context(process("flows", "run", *arguments, environment=given, log=log))

    async def begin(self, name: str, *, queue: QueueName = "normal", **args: Any) -> str:
        """A new workflow; its id."""
        workflow_id = new_id()
        await self.workflows.begin(name, workflow_id, args, queue=queue)
        return workflow_id

    @property
    def workflows(self) -> StoredWorkflows:
        return StoredWorkflows(self.database, lambda: datetime.now(UTC), lambda: None)

    def hold(self) -> None:
        """From now on workflows stand still where they may."""
        (self.folder / "stop").touch()

    def let_go(self) -> None:
        (self.folder / "stop").unlink()

    def mend(self) -> None:
        """From now on nothing fails."""
        (self.folder / "mended").touch()

    def done(self, workflow_id: str) -> list[str]:
        """The steps that were done of it, in order."""
        return [what.partition(" ")[2] for what in flows.told(self.folder) if what.startswith(workflow_id)]

    def doers(self, workflow_id: str, step: str) -> list[int]:
        """Which processes did a step of it, in order."""
        return flows.doers(self.folder, f"{workflow_id} {step}")

    async def did(self, workflow_id: str, *steps: str) -> None:
        """Waits until it has done these steps, and no others."""
        await until(lambda: self.done(workflow_id) == list(steps), within=30, what=f"{steps} are done")

    async def reaches(self, workflow_id: str, state: str) -> Workflow:
        """Waits until it is in a state."""

        async def found() -> Workflow | None:
            one = await self.database.workflow(workflow_id)
            return one if one is not None and one.state == state else None

        reached = await until(found, within=30, what=f"the workflow is {state}")
        assert reached is not None
        return reached


@contextmanager
def crew(database: Database, database_url: str, broker_url: str, folder: Path) -> Iterator[Crew]:
    """Nobody yet; all are ended with the block."""
    named = _named({**QUICK, "database_url": database_url, "broker_url": broker_url, "data": folder})
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SPIRIT_")}
    with ExitStack() as kept:
        yield Crew(database, folder, {**inherited, **named, "FLOWS_FOLDER": str(folder)}, kept)


def _named(settings: dict[str, object]) -> dict[str, str]:
    return {f"SPIRIT_{name.upper()}": str(value) for name, value in settings.items()}
