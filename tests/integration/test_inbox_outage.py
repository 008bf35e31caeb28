"""The inbox of somebody who connects while the database is away."""

from collections.abc import Collection
from typing import Any

import pytest

from realtime import tasks
from tests.support.client import Client
from tests.support.live import live_stage


async def test_the_page_comes_once_the_database_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """[D8] Without another connect."""
    monkeypatch.setattr(tasks, "AGAIN_SECONDS", 0.01)
    async with live_stage() as stage:
        waiting, asked = stage.node.live.waiting, 0

        async def away_at_first(users: Collection[str]) -> Any:
            nonlocal asked
            asked += 1
            if asked < 3:
                raise OSError("away")
            return await waiting(users)

        object.__setattr__(stage.node.live, "waiting", away_at_first)
        client = await Client(stage.url, stage.token("ana")).connect()
        assert (await client.event("inbox.page"))["items"] == []
        assert asked == 3
        await client.close()
