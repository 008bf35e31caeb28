"""`python -m workers relay` and `python -m workers worker`: the processes beside the web nodes (see the Procfile)."""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

import typer
import uvloop

from backend.adapters import logs
from backend.bootstrap import Platform, platform
from backend.config import BadSettings, Settings, load
from workers.roles import clock_of, relay_of

BAD_START = 2

app = typer.Typer(add_completion=False, help="The processes beside the web nodes.")


@app.command()
def relay() -> None:
    """Carries what was committed from the database to the broker."""
    _run(lambda built: relay_of(built).run())


@app.command()
def worker() -> None:
    """Does what time makes due."""
    _run(clock_of)


def _run(role: Callable[[Platform], Coroutine[Any, Any, None]]) -> None:
    try:
        settings = load()
    except BadSettings as wrong:
        _refuse(str(wrong))
    if settings.embedded:
        _refuse("the embedded mode has its workers inside: `python -m realtime`")
    logs.configure(settings.log_level)
    uvloop.run(_work(settings, role))


async def _work(settings: Settings, role: Callable[[Platform], Coroutine[Any, Any, None]]) -> None:
    """Runs until SIGTERM or Ctrl-C, or until the work fails."""
    async with platform(settings) as built:
        working = asyncio.ensure_future(role(built))
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, working.cancel)
        await built.broker.start()
        await asyncio.wait((working,))
        if not working.cancelled():
            working.result()


def _refuse(why: str) -> NoReturn:
    sys.stderr.write(f"spirit: {why}\n")
    raise SystemExit(BAD_START)


if __name__ == "__main__":
    app()
