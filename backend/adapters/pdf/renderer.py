"""Sets sheets in a few processes, which are started when they are needed and ended when they are not."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import Final

import orjson
import structlog
from prometheus_client import Histogram

from backend.adapters.pdf.worker import ANSWER, LENGTH
from backend.services.printing import Sheet

_WORKER: Final = Path(__file__).with_name("worker.py")
_LARGEST: Final = 16 << 20
"""Bytes of a document."""
_LASTS: Final = 500
"""Documents that a process sets before another takes its place: what it has gathered goes with it."""
_log = structlog.get_logger(__name__)
_SECONDS = Histogram("spirit_document_seconds", "How long a document took to be set, waiting included.", ("kind",))


class RenderingFailed(Exception):
    """A document was not set; the text holds nothing of what should stand in it."""


class Renderer:
    """At most `processes` set at once, each for `patience` seconds; one without work for `idle` seconds is ended."""

    def __init__(self, processes: int, *, patience: float = 30.0, idle: float = 60.0) -> None:
        self._turns = asyncio.Semaphore(processes)
        self._patience = patience
        self._idle = idle
        self._resting: list[_Worker] = []
        self._working: set[_Worker] = set()
        self._ending: asyncio.TimerHandle | None = None

    async def __call__(self, sheet: Sheet) -> bytes:
        """Raises:
        RenderingFailed: it took too long, is too large, or its process died twice.
        """
        with _SECONDS.labels(sheet.kind).time():
            async with self._turns:
                try:
                    return await self._set(sheet)
                except (EOFError, OSError):
                    # Somebody ended the process; another one will do.
                    return await self._set(sheet)

    async def close(self) -> None:
        """Ends the processes, and what they are at."""
        if self._ending:
            self._ending.cancel()
        resting, self._resting = self._resting, []
        for worker in (*resting, *self._working):
            await worker.kill()

    async def _set(self, sheet: Sheet) -> bytes:
        worker = self._resting.pop() if self._resting else await _started()
        self._working.add(worker)
        try:
            async with asyncio.timeout(self._patience):
                content = await worker.set(sheet)
        except TimeoutError:
            await worker.kill()
            raise RenderingFailed(f"{sheet.kind} took too long") from None
        except BaseException:
            # It may be in the middle of an answer to nobody.
            await worker.kill()
            raise
        finally:
            self._working.discard(worker)
        if worker.done < _LASTS:
            self._resting.append(worker)
            self._end_later()
        else:
            worker.let_go()
        return content

    def _end_later(self) -> None:
        if self._ending:
            self._ending.cancel()
        self._ending = asyncio.get_running_loop().call_later(self._idle, self._end_idle)

    def _end_idle(self) -> None:
        resting, self._resting = self._resting, []
        for worker in resting:
            worker.let_go()


class _Worker:
    """One process, and what is said to it; `done` counts what it has set."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.done = 0

    async def set(self, sheet: Sheet) -> bytes:
        source, sink = self._process.stdout, self._process.stdin
        if source is None or sink is None:
            raise TypeError("a worker has pipes")
        asked = orjson.dumps(
            {"kind": sheet.kind, "language": sheet.language, "format": sheet.format, "data": sheet.data.decode()}
        )
        sink.write(LENGTH.pack(len(asked)) + asked)
        await sink.drain()
        good, size = ANSWER.unpack(await source.readexactly(ANSWER.size))
        if size > _LARGEST:
            raise RenderingFailed(f"{sheet.kind} has {size} bytes")
        content = await source.readexactly(size)
        if not good:
            _log.error("document not set", kind=sheet.kind, language=sheet.language)
            raise RenderingFailed(f"{sheet.kind} cannot be set")
        self.done += 1
        return content

    async def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    def let_go(self) -> None:
        """Its input ends, and so does it."""
        if self._process.stdin:
            self._process.stdin.close()


async def _started() -> _Worker:
    # In a session of its own: who stops this process by its terminal leaves it time to finish what it sets.
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(_WORKER), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True
    )
    return _Worker(process)
