"""What was acked is there after everything was killed and started again: product processes and broker."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from tests.support.client import Client
from tests.support.server import ROOMY, Server, Start
from tests.wire.stories import TERMS, draft, edit, published


@contextmanager
def running(start: Start) -> Iterator[Server]:
    """The product until it is killed where it stands, which is what leaving the block does."""
    with start(**ROOMY) as server:
        yield server
        for process in server.platform.processes:
            process.kill()
            process.wait()


async def _items(client: Client, quotation: str) -> list[dict[str, Any]]:
    """What waits about the quotation, in the page of this connect or told since."""
    page = await client.event("inbox.page")
    told = [frame["data"]["change"]["notifications"] for frame in client.frames if "notification" in frame["name"]]
    items = [*page["items"], *(item for one in told for item in one.values())]
    return [item for item in items if item["quotation_id"] == quotation]


async def test_what_waits_survives_until_it_is_acked(start: Start) -> None:
    """[D2] [D3] [D5] [D8] Everything is killed right after the acks: invitation, edits and key are there."""
    key = uuid4().hex
    with running(start) as server:
        async with server.clients("ana", "bruno") as (ana, bruno):
            quotation = await draft(ana)
            room = f"quotation:{quotation}"
            await ana.join(room)
            await bruno.join(room)
            await bruno.command("room.leave", room=room)
            known = bruno.rooms.pop(room)
            created = await ana.command("quotation.create", {**TERMS, "title": "Once", "key": key})
            for number in range(3):
                await edit(ana, room, "notes", f"note {number}")
                await ana.until(lambda number=number: ana.rooms[room].view.get("notes") == f"note {number}")
            invited = await published(ana, ["sol"])
    with running(start) as server:
        async with server.clients("ana", "bruno", "sol") as (ana, bruno, sol):
            joined = await bruno.join(room, known)
            assert joined["recovered"] is True
            assert [frame["data"]["change"]["notes"] for frame in joined["events"]] == ["note 0", "note 1", "note 2"]
            again = await ana.command("quotation.create", {**TERMS, "title": "Once", "key": key})
            assert again == created
            await sol.join(f"user:{(await sol.event('session.ready'))['user']['id']}")
            await sol.until(lambda: any(invited in str(body) for _, body in sol.events))
            (item,) = await _items(sol, invited)
            assert item["kind"] == "invitation.received"
    with running(start) as server:
        async with server.client("sol") as sol:
            assert await _items(sol, invited) == [item]
            await sol.command("inbox.ack", ids=[item["id"]])
        async with server.client("sol") as sol:
            assert await _items(sol, invited) == []
