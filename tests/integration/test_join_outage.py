"""A join that fails since the database went away in its middle."""

from typing import Any

import pytest

from tests.support.client import Client
from tests.support.live import live_stage
from tests.wire.stories import draft


async def test_a_join_that_failed_leaves_nobody_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """[D6] Who is not in the room is shown to nobody there, however late it failed."""
    async with live_stage() as stage:
        ana = await Client(stage.url, stage.token("ana")).connect()
        bruno = await Client(stage.url, stage.token("bruno")).connect()
        room = f"quotation:{await draft(ana)}"

        async def away(_: str) -> Any:
            raise OSError("away")

        with monkeypatch.context() as broken:
            broken.setattr(stage.node.live.presence, "_scope", away)
            assert (await ana.ack("room.join", {"room": room}))["error"]["code"] == "internal"
        assert [person["id"] for person in (await bruno.join(room))["presence"]] == [stage.people["bruno"].user_id]
        await ana.close()
        await bruno.close()
