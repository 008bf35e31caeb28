"""`python -m workers relay` and `python -m workers worker`: the processes beside the web nodes (see the Procfile)."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import typer
import uvloop

from backend.adapters import logs
from backend.adapters.exits import refuse, refuse_after
from backend.bootstrap import Platform, platform
from backend.config import BadSettings, Settings, load
from workers.roles import clock_of, shared_relay_of

Role = Callable[[Platform], Coroutine[Any, Any, None]]

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help="The processes beside the web nodes.")


@app.command()
def relay() -> None:
    """Carries what was committed from the database to the broker."""
    _run(shared_relay_of)


@app.command()
def worker() -> None:
    """Does what time makes due."""
    _run(clock_of)


def _run(role: Role) -> None:
    try:
        settings = load()
    except BadSettings as wrong:
        refuse(str(wrong))
    if settings.embedded:
        refuse("the embedded mode has its workers inside: `python -m realtime`")
    logs.configure(settings.log_level)
    uvloop.run(_work(settings, role))


async def _work(settings: Settings, role: Role) -> None:
    """Runs until SIGTERM or Ctrl-C, or until the work fails."""
    async with _started(settings, role) as working:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, working.cancel)
        await asyncio.wait((working,))
        if not working.cancelled():
            working.result()


@asynccontextmanager
async def _started(settings: Settings, role: Role) -> AsyncIterator[asyncio.Future[None]]:
    """The work under way. What keeps it from starting is told in one line."""
    working: asyncio.Future[None] | None = None
    try:
        async with platform(settings) as built:
            work = role(built)
            try:
                await built.broker.start()
            except BaseException:
                work.close()
                raise
            working = asyncio.ensure_future(work)
            yield working
    except Exception as failure:
        if working is not None or settings.log_level == "debug":
            raise
        refuse_after(failure)


if __name__ == "__main__":
    app()
