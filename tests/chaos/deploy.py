"""All nodes are replaced one after the other while everybody works; and how long anybody waited meanwhile.

`python -m tests.chaos.deploy --broker cluster` does it and tells; it fails if anything was lost or came as a surprise.
"""

import argparse
import asyncio
import signal
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tests.chaos.actors import Actor
from tests.chaos.acts import Game
from tests.chaos.ledger import Ledger
from tests.chaos.plan import Plan, make
from tests.chaos.processes import Process
from tests.chaos.run import calm, checked, left
from tests.chaos.stage import Servers, Stage, servers, staged
from tests.support.wait import until

UNHURRIED: Final[dict[str, object]] = {"ping_timeout": 60, "drain_notice": 1}
"""No connection ends but by a node that stops, however busy this machine is."""
WORKERS: Final = 4


@dataclass(frozen=True)
class Deployed:
    """What does not hold, and seconds: `away` from a lost connection until somebody is in all of their rooms again,
    `answers` from each command to its answer."""

    wrong: Sequence[str]
    accepted: int
    nodes: int
    away: Sequence[float]
    answers: Sequence[float]

    def told(self) -> str:
        """For people."""
        return "; ".join(
            (
                f"{self.nodes} nodes replaced",
                _told("times that somebody was sent away and in all of their rooms again", self.away),
                _told("commands answered", self.answers),
            )
        )


async def deploy(broker: str, over: Servers, folder: Path) -> Deployed:
    """Replaces each node of a run in which nothing else happens to the processes."""
    plan = replace(make(11, broker), faults=())
    async with staged(plan, over, folder, **UNHURRIED) as stage:
        ledger = Ledger(plan.seed)
        game = Game(ledger, stage.actors)
        await game.begin()
        deploying = asyncio.create_task(_replace_all(stage))
        working = [asyncio.create_task(_work(plan, game, worker, deploying)) for worker in range(WORKERS)]
        await deploying
        await asyncio.gather(*working)
        wrong = await calm(stage, ledger)
        wrong += await checked(stage, ledger)
        actors = stage.actors.values()
        wrong += [what for actor in actors for what in _surprises(actor)]
        wrong += await left(plan, stage)
        return Deployed(
            wrong,
            sum(done.ok for done in ledger.done),
            len(stage.nodes),
            [seconds for actor in actors for seconds in actor.away],
            [seconds for actor in actors for seconds in actor.answers],
        )


async def _replace_all(stage: Stage) -> None:
    for node in stage.nodes:
        clients = node.links["clients"].connections
        node.send(signal.SIGTERM)
        await until(lambda node=node: _is_not_ready(node, stage), what="it says that it is not ready")
        assert node.links["clients"].connections >= clients, "clients were sent away before"
        await node.stop()
        node.start()
        await node.is_up(stage.http)


async def _is_not_ready(node: Process, stage: Stage) -> bool:
    async with stage.http.get(f"http://127.0.0.1:{node.port}/readyz") as answer:
        return answer.status == 503 and bool((await answer.json())["stopping"])


async def _work(plan: Plan, game: Game, worker: int, deploying: "asyncio.Task[None]") -> None:
    """One act after the other, as fast as they are answered, until the deploy is over."""
    acts = [act for act in plan.acts if act.kind not in ("break", "close", "cancel", "award")]
    while not deploying.done():
        for act in acts[worker::WORKERS]:
            await game.perform(act)
            await asyncio.sleep(0.02)


def _surprises(actor: Actor) -> list[str]:
    """Connections that ended without a word, and refusals."""
    told = sum('"server.draining"' in text for _, text in actor.texts)
    lost = actor.connections - 1 - actor.gave_up
    found = [f"{actor.name} was told {told} times and lost its connection {lost} times"] * (lost > told)
    return found + [f"{actor.name}: {what}" for what in actor.refused]


def _told(what: str, seconds: Sequence[float]) -> str:
    ordered = sorted(seconds) or [0.0]
    middle, high = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
    return f"{len(seconds)} {what}: {middle:.2f} s (median), {high:.2f} s (p99), {ordered[-1]:.2f} s (most)"


def main() -> None:
    """Ends with 1 if something does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.deploy")
    parser.add_argument("--broker", default="cluster", choices=["redis", "cluster"])
    broker: str = parser.parse_args().broker
    with servers(broker) as over, tempfile.TemporaryDirectory() as folder:
        deployed = asyncio.run(deploy(broker, over, Path(folder)))
    print(f"{broker}: {deployed.told()}")
    if deployed.wrong:
        raise SystemExit("\n".join(deployed.wrong))


if __name__ == "__main__":
    main()
