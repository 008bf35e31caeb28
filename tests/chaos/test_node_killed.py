"""A node is killed (-9): its people are gone from every list and room once the grace is over."""

from pathlib import Path

import pytest

from tests.support.client import Client, connected
from tests.support.platform import another_node
from tests.support.server import ROOMY, running
from tests.wire.stories import draft
from tests.wire.whereabouts import ANDES, BRUNO, moves, there

QUICK = {"presence_ttl": 1.5, "grace": 1}


def _left(client: Client, room: str) -> list[list[str]]:
    """Who went, as told in the room itself."""
    told = [body for name, body in client.events if name == "presence.changed" and body["room"] == room]
    return [body["data"]["left"] for body in told]


async def test_whoever_was_on_a_dead_node_is_shown_no_more(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """[D6.2] In the agency's list and in the quotation alike."""
    with (
        running("postgres+redis", tmp_path, request, **ROOMY, **QUICK) as server,
        another_node(server.platform, tmp_path) as second,
    ):
        async with server.client("ana") as ana, connected(second.url, await server.token("bruno")) as bruno:
            room = f"quotation:{await draft(ana)}"
            await ana.join(ANDES)
            await ana.join(room)
            await bruno.join(room)
            # What happens within 100 ms is told at once: her own coming may be told with his.
            await ana.until(lambda: any(BRUNO["id"] in came for came, _ in moves(ana, room)), what="he is there")
            assert BRUNO in there(await ana.join(ANDES), room)
            second.web.kill()
            await ana.until(
                lambda: any(BRUNO["id"] in gone for _, gone in moves(ana, room)), within=60, what="he is gone"
            )
            assert BRUNO not in there(await ana.join(ANDES), room)
            await ana.until(lambda: [BRUNO["id"]] in _left(ana, room), what="he is gone from the quotation")
