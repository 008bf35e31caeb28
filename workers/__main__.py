"""`python -m workers relay` and `python -m workers run`: the processes beside the web nodes (see the Procfile)."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Annotated, Any

import typer
import uvloop

from backend.adapters import logs
from backend.adapters.exits import refuse, refuse_after
from backend.bootstrap import Platform, board_of, platform
from backend.config import BadSettings, Settings, load
from backend.queues_source import QUEUES, queue_names
from backend.services.ops import Role
from workers.letters import letters
from workers.roles import shared_relay_of, worker_of

Work = Callable[[Platform], Coroutine[Any, Any, None]]

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help="The processes beside the web nodes.")
app.add_typer(letters, name="dead-letters")


@app.command()
def relay() -> None:
    """Carries what was committed from the database to the broker."""
    _run("relay", shared_relay_of)


@app.command()
def run(
    queues: Annotated[str, typer.Option(help="Queues of workflows to run, separated by commas.")] = ",".join(QUEUES),
) -> None:
    """Runs workflows, and does what time makes due."""
    try:
        names = queue_names(queues)
    except ValueError as wrong:
        refuse(f"--queues: {wrong}")
    _run("worker", lambda built: worker_of(built, names))


def _run(role: Role, work: Work) -> None:
    try:
        settings = load()
    except BadSettings as wrong:
        refuse(str(wrong))
    if settings.embedded:
        refuse("the embedded mode has its workers inside: `python -m realtime`")
    logs.configure(settings.log_level)
    uvloop.run(_work(settings, role, work))


async def _work(settings: Settings, role: Role, work: Work) -> None:
    """Runs until SIGTERM or Ctrl-C, or until the work fails."""
    async with _started(settings, role, work) as working:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, working.cancel)
        await asyncio.wait((working,))
        if not working.cancelled():
            working.result()


@asynccontextmanager
async def _started(settings: Settings, role: Role, work: Work) -> AsyncIterator[asyncio.Future[None]]:
    """The work under way. What keeps it from starting is told in one line."""
    working: asyncio.Future[None] | None = None
    try:
        async with platform(settings) as built:
            running = work(built)
            try:
                await built.broker.start()
            except BaseException:
                running.close()
                raise
            working = asyncio.ensure_future(running)
            telling = asyncio.create_task(board_of(built, role).keep_telling())
            try:
                yield working
            finally:
                telling.cancel()
                await asyncio.wait((telling,))
    except Exception as failure:
        if working is not None or settings.log_level == "debug":
            raise
        refuse_after(failure)


if __name__ == "__main__":
    app()
