"""Runs processes, prints what they say with their name in front, and starts again whichever dies.

Each has a session of its own, so Ctrl-C in the terminal comes here first, and gets its signal from the kernel should
this process die, however it dies.
"""

import asyncio
import contextlib
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from honcho.colour import get_colours
from honcho.printer import Message, Printer

AGAIN_SECONDS = 1.0
STOP_SECONDS = 15.0
START_SECONDS = 120.0
_LONGEST_LINE = 1 << 20


class Failed(Exception):
    """A process ended before it was ready; the message is one line."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """`ready` is said on the line that tells that it is; `user` is whom it runs as, `ends_with` what ends it."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    ready: str = ""
    ends_with: signal.Signals = signal.SIGINT
    user: str | None = None


class Keeper:
    """Keeps jobs running from `start` to `stop`. `width` is that of the longest name."""

    def __init__(self, width: int) -> None:
        self._printer = Printer(width=width)
        self._colours = get_colours()
        self._colour_of: dict[str, object] = {}
        self._kept: list[dict[str, asyncio.Task[None]]] = []
        self._processes: dict[str, tuple[Job, asyncio.subprocess.Process]] = {}
        self._ending = asyncio.Event()

    def say(self, text: str, name: str = "up") -> None:
        """Prints a line for each of the text."""
        colour = self._colour_of.setdefault(name, next(self._colours))
        now = datetime.now()  # noqa: DTZ005 - for the eyes of somebody at this machine
        self._printer.write(Message("line", text, now, name, colour))

    async def start(self, *jobs: Job) -> None:
        """Starts them side by side; returns when all are ready. Raises Failed."""
        ready = {job.name: asyncio.get_running_loop().create_future() for job in jobs}
        wave = {job.name: asyncio.create_task(self._keep(job, ready[job.name])) for job in jobs}
        self._kept.append(wave)
        try:
            async with asyncio.timeout(START_SECONDS):
                await asyncio.gather(*ready.values())
        except TimeoutError:
            late = ", ".join(name for name, one in ready.items() if not one.done())
            raise Failed(f"not ready within {START_SECONDS:.0f} s: {late}") from None

    async def run(self, job: Job) -> None:
        """Runs a job to its end. Raises Failed."""
        process = await self._spawn(job)
        await self._pass_on(job, process, None)
        if code := await process.wait():
            raise Failed(f"{job.name} {_how(code)}")

    async def stop(self) -> None:
        """Ends all of them, the last started first; by force what takes too long."""
        self._ending.set()
        for wave in reversed(self._kept):
            for name, task in wave.items():
                if not self._signal(name):
                    task.cancel()
            _, late = await asyncio.wait(wave.values(), timeout=STOP_SECONDS)
            if late:
                for name in wave:
                    self._signal(name, signal.SIGKILL)
                await asyncio.wait(late)

    def _signal(self, name: str, number: signal.Signals | None = None) -> bool:
        """Whether there is a process to hear it."""
        job, process = self._processes.get(name, (None, None))
        if job is None or process is None or process.returncode is not None:
            return False
        process.send_signal(number or job.ends_with)
        return True

    async def _keep(self, job: Job, ready: "asyncio.Future[None]") -> None:
        while not self._ending.is_set():
            process = await self._spawn(job)
            if not job.ready and not ready.done():
                ready.set_result(None)
            await self._pass_on(job, process, ready)
            code = await process.wait()
            if self._ending.is_set():
                return
            if not ready.done():
                ready.set_exception(Failed(f"{job.name} {_how(code)}"))
                return
            self.say(f"{_how(code)}; starts again", job.name)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _spawn(self, job: Job) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            "setpriv",
            "--pdeathsig",
            job.ends_with.name.removeprefix("SIG"),
            *job.command,
            env=job.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=_LONGEST_LINE,
            start_new_session=True,
            user=job.user,
            group=job.user,
            extra_groups=[] if job.user else None,
        )
        self._processes[job.name] = (job, process)
        return process

    async def _pass_on(
        self, job: Job, process: asyncio.subprocess.Process, ready: "asyncio.Future[None] | None"
    ) -> None:
        """Prints what it says until it ends."""
        assert process.stdout is not None  # noqa: S101 - asked for above
        with contextlib.suppress(ValueError):  # a line that is too long ends the reading, not the process
            while line := await process.stdout.readline():
                text = line.decode(errors="replace").rstrip()
                self.say(text, job.name)
                if ready is not None and not ready.done() and job.ready and job.ready in text:
                    ready.set_result(None)


def _how(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"
