"""Work that is stopped stops, whatever it makes of being told so."""

import asyncio
import contextlib

import pytest

from realtime import tasks


async def test_a_cancellation_that_got_lost_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `asyncio.wait_for` loses one on Python 3.11."""
    monkeypatch.setattr(tasks, "AGAIN_SECONDS", 0.01)
    lost = 0

    async def deaf_once() -> None:
        nonlocal lost
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        lost += 1
        await asyncio.sleep(60)

    running = asyncio.create_task(deaf_once())
    await asyncio.sleep(0)
    await tasks.cancelled([running])
    assert (lost, running.cancelled()) == (1, True)
