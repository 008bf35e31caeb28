"""[D10] All nodes are replaced one after the other while everybody works: nothing is lost, and nobody is surprised."""

import asyncio
import signal
from dataclasses import replace
from pathlib import Path

from tests.chaos.actors import Actor
from tests.chaos.acts import Game
from tests.chaos.ledger import Ledger
from tests.chaos.plan import Plan, make
from tests.chaos.processes import Process
from tests.chaos.run import calm, checked, left
from tests.chaos.stage import Servers, Stage, staged
from tests.support.wait import until

UNHURRIED: dict[str, object] = {"ping_timeout": 60, "drain_notice": 1}
"""No connection ends but by a node that stops, however busy this machine is."""


def test_a_deploy_under_load_loses_nothing(stand: tuple[str, Servers], tmp_path: Path) -> None:
    """[D10] [D2] Whoever is sent away was told before, comes back elsewhere, and no command is without its answer."""
    broker, over = stand
    asyncio.run(_deploy(replace(make(11, broker), faults=()), over, tmp_path))


async def _deploy(plan: Plan, over: Servers, folder: Path) -> None:
    async with staged(plan, over, folder, **UNHURRIED) as stage:
        ledger = Ledger(plan.seed)
        game = Game(ledger, stage.actors)
        await game.begin()
        deploying = asyncio.create_task(_replace_all(stage))
        working = [asyncio.create_task(_work(plan, game, worker, deploying)) for worker in range(4)]
        await deploying
        await asyncio.gather(*working)
        wrong = await calm(stage, ledger)
        wrong += await checked(stage, ledger)
        wrong += [what for actor in stage.actors.values() for what in _surprises(actor)]
        wrong += await left(plan, stage)
        assert not wrong, "\n".join(wrong)
        assert sum(done.ok for done in ledger.done) > len(stage.nodes)


async def _replace_all(stage: Stage) -> None:
    for node in stage.nodes:
        clients = node.links["clients"].connections
        node.send(signal.SIGTERM)
        await until(lambda node=node: _is_not_ready(node, stage), what="it says that it is not ready")
        assert node.links["clients"].connections >= clients, "clients were sent away before"
        await node.stop()
        node.start()
        await node.serves(stage.http)


async def _is_not_ready(node: Process, stage: Stage) -> bool:
    async with stage.http.get(f"http://127.0.0.1:{node.port}/readyz") as answer:
        return answer.status == 503 and bool((await answer.json())["stopping"])


async def _work(plan: Plan, game: Game, worker: int, deploying: "asyncio.Task[None]") -> None:
    """One act after the other, as fast as they are answered, until the deploy is over."""
    acts = [act for act in plan.acts if act.kind not in ("break", "close", "cancel", "award")]
    while not deploying.done():
        for act in acts[worker::4]:
            await game.perform(act)
            await asyncio.sleep(0.02)


def _surprises(actor: Actor) -> list[str]:
    """Connections that ended without a word, and refusals."""
    told = sum('"server.draining"' in text for _, text in actor.texts)
    lost = actor.connections - 1 - actor.gave_up
    found = [f"{actor.name} was told {told} times and lost its connection {lost} times"] * (lost > told)
    return found + [f"{actor.name}: {what}" for what in actor.refused]
