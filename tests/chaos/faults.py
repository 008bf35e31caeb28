"""What breaks: each fault of a plan, done to the stage and mended again."""

import asyncio
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from subprocess import CalledProcessError
from typing import Final

from tests.chaos.plan import Fault
from tests.chaos.processes import Process
from tests.chaos.stage import Stage


class Faults:
    """Does them; `count` says how often which. Two things that cannot happen to one server at once wait in line."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.count: Counter[str] = Counter()
        self._broker = asyncio.Lock()

    async def perform(self, fault: Fault) -> None:
        """Breaks something and mends it."""
        self.count[fault.kind] += 1
        if fault.kind.startswith("link "):
            await self._link(fault)
        elif fault.kind.startswith(("redis ", "cluster ")):
            async with self._broker:
                await self.stage.servers.broker.perform(fault)
        else:
            await _KINDS[fault.kind](self, fault)

    async def kill(self, fault: Fault) -> None:
        process = self.stage.fleet[fault.target]
        async with process.lock:
            await process.kill()
            await asyncio.sleep(fault.lasting)
            process.start()

    async def freeze(self, fault: Fault) -> None:
        process = self.stage.fleet[fault.target]
        async with process.lock:
            process.send(signal.SIGSTOP)
            await asyncio.sleep(fault.lasting)
            process.send(signal.SIGCONT)

    async def deploy(self, _: Fault) -> None:
        """All nodes one after the other, the next when the one before can serve [D10]."""
        for node in self.stage.nodes:
            async with node.lock:
                await self._replaced(node)

    async def _replaced(self, node: Process) -> None:
        await node.is_up(self.stage.http)
        await node.stop()
        await node.is_up(self.stage.http)

    async def postgres_crash(self, _: Fault) -> None:
        await self._of_postgres(self.stage.servers.postgres.crash)

    async def postgres_terminate(self, _: Fault) -> None:
        await self._of_postgres(self.stage.servers.postgres.disconnect_all)

    @staticmethod
    async def _of_postgres(breaking: Callable[[], None]) -> None:
        # One that still recovers from a crash cannot be asked, and is as broken as can be.
        with suppress(CalledProcessError):
            await asyncio.to_thread(breaking)

    async def slow_reader(self, fault: Fault) -> None:
        await self._deaf(fault, answering=True)

    async def dead_reader(self, fault: Fault) -> None:
        await self._deaf(fault, answering=False)

    async def _deaf(self, fault: Fault, *, answering: bool) -> None:
        wire = self.stage.actors[fault.target].wire
        if wire is not None:
            wire.answering = answering
            wire.reading.clear()
            await asyncio.sleep(fault.lasting)
            wire.answering = True
            wire.reading.set()

    async def _link(self, fault: Fault) -> None:
        name, _, end = fault.target.partition(" - ")
        link = self.stage.fleet[name].links[end]
        match fault.kind:
            case "link cut":
                link.cut()
            case "link refuse":
                link.refuse()
            case "link delay":
                link.delay(fault.lasting / 20)
            case "link sever":
                link.sever()
        await asyncio.sleep(fault.lasting)
        link.mend()


def mend(stage: Stage) -> None:
    """Everything that was left broken by faults that did not finish."""
    for process in stage.fleet.values():
        process.send(signal.SIGCONT)
        for link in process.links.values():
            link.mend()
        if not process.alive:
            process.start()


_KINDS: Final[Mapping[str, Callable[[Faults, Fault], Awaitable[None]]]] = {
    "kill": Faults.kill,
    "freeze": Faults.freeze,
    "deploy": Faults.deploy,
    "postgres crash": Faults.postgres_crash,
    "postgres terminate": Faults.postgres_terminate,
    "slow reader": Faults.slow_reader,
    "dead reader": Faults.dead_reader,
}
