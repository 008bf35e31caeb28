"""Waiting for a part that may not answer."""

import asyncio

import pytest

from backend.api import system


async def test_whoever_stops_waiting_is_not_kept_by_an_answer_that_comes_at_the_same_moment() -> None:
    """A stopping server cancels what it is asked: that counts, though the part answered just then."""
    answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    asking = asyncio.create_task(system._answers("part", answer))
    await asyncio.sleep(0)
    answer.set_result(None)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_a_part_that_takes_too_long_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "_PATIENCE", 0.01)
    assert await system._answers("part", asyncio.get_running_loop().create_future()) is False
