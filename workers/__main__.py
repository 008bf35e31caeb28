"""`python -m workers relay` and `python -m workers worker`: the processes beside the web nodes (see the Procfile)."""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, NoReturn

import typer
import uvloop

from backend.bootstrap import Platform, platform
from backend.config import BadSettings, load
from backend.services.reactions import react
from workers.clock import run_clock
from workers.relay import Relay, RelaySettings

app = typer.Typer(add_completion=False, help="The processes beside the web nodes.")


@app.command()
def relay() -> None:
    """Carries what was committed from the database to the broker."""
    _run(_relay)


@app.command()
def worker() -> None:
    """Does what time makes due."""
    _run(_worker)


async def _relay(built: Platform) -> None:
    settings = RelaySettings(batch=built.settings.relay_batch, poll=built.settings.relay_poll)
    carrying = Relay(built.deps.db, built.broker, partial(react, built.deps), settings)
    await built.broker.start()
    await carrying.run()


async def _worker(built: Platform) -> None:
    await built.broker.start()
    await run_clock(built.deps, poll=built.settings.clock_poll)


def _run(role: Callable[[Platform], Coroutine[Any, Any, None]]) -> None:
    try:
        settings = load()
    except BadSettings as wrong:
        _refuse(str(wrong))
    if settings.embedded:
        _refuse("the embedded mode has its workers inside: `python -m realtime`")

    async def run() -> None:
        async with platform(settings) as built:
            await _until_stopped(role(built))

    uvloop.run(run())


async def _until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Runs until SIGTERM or Ctrl-C, or until the work fails."""
    working = asyncio.ensure_future(work)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, working.cancel)
    await asyncio.wait((working,))
    if not working.cancelled():
        working.result()


def _refuse(why: str) -> NoReturn:
    sys.stderr.write(f"spirit: {why}\n")
    raise SystemExit(2)


if __name__ == "__main__":
    app()
