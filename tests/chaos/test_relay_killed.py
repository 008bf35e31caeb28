"""The relay is killed (-9): nothing that was acked is lost, nothing comes twice."""

import asyncio
import random
from collections import Counter
from typing import Any

from tests.chaos.conftest import Scene
from tests.support.client import Client
from tests.support.wait import until
from tests.wire.stories import draft, offer, published

DEATHS = 3
AHEAD = 40
"""Edits of one writer that may wait for the relay."""


def _notified(client: Client, quotation: str) -> Counter[str]:
    """How often each kind of notification about the quotation came."""
    told = [frame["data"]["change"]["notifications"] for frame in client.frames if "notification" in frame["name"]]
    return Counter(item["kind"] for one in told for item in one.values() if item["quotation_id"] == quotation)


async def _all_relayed(scene: Scene) -> None:
    await until(lambda: scene.waiting() == 0, within=60, what="the outbox is empty")


async def test_what_was_committed_without_a_relay_comes_with_the_next(scene: Scene) -> None:
    """[D1] [D2.2] Killed between commit and append, for several commands of several people."""
    async with scene.server.clients("ana", "bruno", "plaza") as (ana, bruno, plaza):
        quotation = await published(ana, ["plaza"])
        room = f"quotation:{quotation}"
        await asyncio.gather(*(client.join(room) for client in (ana, bruno, plaza)))
        await _all_relayed(scene)
        scene.relays.kill()
        start = {client: client.rooms[room].seq for client in (ana, bruno, plaza)}
        await plaza.command("offer.submit", quotation_id=quotation, offer=offer("90.00"))
        await plaza.command("offer.submit", quotation_id=quotation, offer=offer("85.00"))
        await _write(ana, room, "notes", "nobody carries this")
        await ana.command("quotation.close", quotation_id=quotation)
        assert scene.waiting() >= 4
        assert {client: client.rooms[room].seq for client in (ana, bruno, plaza)} == start
        scene.relays.start()
        for client, frames in ((ana, 4), (bruno, 4), (plaza, 3)):
            await client.reaches(room, start[client] + frames, within=60)
        await _all_relayed(scene)
        names = ["offer.submitted", "offer.revised", "quotation.edited", "quotation.closed"]
        assert [frame["name"] for frame in ana.rooms[room].frames] == names
        assert ana.rooms[room].frames == bruno.rooms[room].frames
        assert [frame["name"] for frame in plaza.rooms[room].frames] == [*names[:2], "invitation.closed"]
        await plaza.until(lambda: _notified(plaza, quotation)["invitation.closed"])
        await plaza.command("inbox.ack", ids=[])
        assert _notified(plaza, quotation)["invitation.closed"] == 1
        assert [client.wrong for client in (ana, bruno, plaza)] == [[], [], []]


async def test_a_busy_stream_survives_relays_that_die(scene: Scene, seed: int) -> None:
    """[D1] [D2.2] Each dies in the middle of its work, after so many frames as the seed says."""
    chance = random.Random(seed)  # noqa: S311 - replayable
    async with scene.server.clients("ana", "bruno", "carla") as (ana, bruno, carla):
        shared, other = [f"quotation:{await draft(one)}" for one in (ana, carla)]
        members = ((ana, shared), (bruno, shared), (carla, other))
        for client, room in members:
            await client.join(room)
        start = {client: client.rooms[room].seq for client, room in members}
        acked = Counter[str]()
        dying = asyncio.create_task(_die_again_and_again(scene, chance, ana))

        async def write(client: Client, room: str, field: str) -> None:
            while not dying.done():
                await _write(client, room, field, f"{field} {acked[room]}")
                acked[room] += 1
                await client.until(lambda: start[client] + acked[room] - client.rooms[room].seq < AHEAD, within=60)

        await asyncio.gather(
            write(ana, shared, "notes"), write(bruno, shared, "internal_notes"), write(carla, other, "notes")
        )
        await dying
        for client, room in members:
            await client.reaches(room, start[client] + acked[room], within=60)
        await _all_relayed(scene)
        assert ana.rooms[shared].frames == bruno.rooms[shared].frames
        for client, room in members:
            assert not client.wrong
            assert len(client.rooms[room].frames) == acked[room]
            kept = client.rooms[room].view
            assert kept == (await client.join(room))["snapshot"]


async def _die_again_and_again(scene: Scene, chance: random.Random, witness: Client) -> None:
    for _ in range(DEATHS):
        enough = len(witness.frames) + chance.randint(1, 60)
        await witness.until(lambda enough=enough: len(witness.frames) >= enough, within=60)
        scene.relays.kill()
        scene.relays.start()


async def _write(client: Client, room: str, field: str, value: Any) -> None:
    """Writes a field that nobody else writes."""
    change = [{"field": field, "value": value}]
    version = client.rooms[room].view["version"]
    payload = {"quotation_id": room.partition(":")[2], "base_version": version, "changes": change}
    await client.command("quotation.edit", payload)
