"""`python -m workers dead-letters`: workflows that were given up, to look at, to try again, or to drop."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

import msgspec
import typer

from backend.adapters.db import open_database
from backend.adapters.exits import refuse, refuse_after
from backend.adapters.ids import new_id
from backend.config import BadSettings, load
from backend.services.letters import audit_row
from backend.services.ports import Database
from backend.services.records import Workflow

_MOST: Final = 1_000
letters = typer.Typer(help="Workflows that were given up.", no_args_is_help=True)
WorkflowId = Annotated[str, typer.Argument(help="The workflow's id.")]


@letters.command("list")
def list_letters() -> None:
    """One line each, the last one first: id, when, how often it failed, with what and in which step."""
    for one in _with_database(lambda database: database.dead_letters(_MOST)):
        at = one.changed_at.isoformat(timespec="seconds")
        typer.echo(f"{one.id}  {at}  {one.attempts}  {one.code}  {one.step}")


@letters.command()
def show(workflow_id: WorkflowId) -> None:
    """All that is known of one, and of any other workflow."""
    found = _with_database(lambda database: database.workflow(workflow_id))
    if found is None:
        refuse(f"there is no workflow {workflow_id}")
    for line in _lines(found):
        typer.echo(line)


@letters.command()
def retry(workflow_id: WorkflowId) -> None:
    """Has it tried again by the next worker that is free."""
    _decide("retry", workflow_id)


@letters.command()
def drop(workflow_id: WorkflowId) -> None:
    """Has it be over: nobody tries it again."""
    _decide("drop", workflow_id)


def _decide(verb: Literal["retry", "drop"], workflow_id: str) -> None:
    """Does that, and leaves an audit row."""
    now = datetime.now(UTC)

    async def decided(database: Database) -> bool:
        done = await (database.revive if verb == "retry" else database.drop)(workflow_id, now)
        if done:
            database.record(audit_row(new_id(), now, "operator", verb, workflow_id))
        return done

    if not _with_database(decided):
        refuse(f"{workflow_id} is no dead letter")


def _lines(found: Workflow) -> Iterator[str]:
    for name, value in msgspec.to_builtins(found).items():
        yield f"{name:10}  {value if isinstance(value, str) else msgspec.json.encode(value).decode()}"


def _with_database(ask: Callable[[Database], Awaitable[Any]]) -> Any:
    """What the database of the settings answers. Ends the process if it cannot be asked."""
    try:
        url = load().database_url
        return asyncio.run(_asked(url, ask))
    except BadSettings as wrong:
        refuse(str(wrong))
    except Exception as failure:
        refuse_after(failure)


async def _asked(url: str, ask: Callable[[Database], Awaitable[Any]]) -> Any:
    database = open_database(url)
    await database.start()
    try:
        return await ask(database)
    finally:
        await database.close()
