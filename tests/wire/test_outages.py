"""[D2] Acked means delivered, whichever process dies."""

import signal
from collections.abc import Iterator

import pytest

from tests.support.server import ROOMY, Server, running
from tests.wire.stories import draft, edit


@pytest.fixture
def scaled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """PostgreSQL, Redis, a web node and a relay of this test's own."""
    with running("postgres+redis", tmp_path_factory.mktemp("outage"), request, compare_interval=0.5, **ROOMY) as server:
        yield server


async def test_without_its_relay_a_node_still_delivers(scaled: Server) -> None:
    """Killed while commits go on: what it took with it is found in the table, each fact once and in order."""
    async with scaled.clients("ana", "bruno") as (ana, bruno):
        room = f"quotation:{await draft(ana)}"
        await ana.join(room)
        await bruno.join(room)
        assert scaled.platform.relay is not None
        for number in range(12):
            if number == 4:
                scaled.platform.relay.send_signal(signal.SIGKILL)
            await edit(ana, room, "notes", f"note {number}")
            await ana.until(lambda: ana.rooms[room].view.get("notes") == f"note {number}")  # noqa: B023 -- used at once
        await bruno.until(lambda: bruno.rooms[room].view.get("notes") == "note 11")
        assert bruno.rooms[room].frames == ana.rooms[room].frames
        assert [frame["data"]["change"]["notes"] for frame in bruno.rooms[room].frames] == [
            f"note {number}" for number in range(12)
        ]
