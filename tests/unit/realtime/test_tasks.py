"""Work that is stopped stops, whatever it makes of being told so."""

import asyncio
import contextlib

import pytest

from backend.domain.refusals import Refusal
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


async def test_what_the_database_did_not_answer_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """[D2] Until it does; a refusal is an answer."""
    monkeypatch.setattr(tasks, "AGAIN_SECONDS", 0.0)
    answers: list[Exception | int] = [OSError("away"), TimeoutError(), 7, Refusal("room.forbidden", "No.")]

    async def read() -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert await tasks.patiently(read) == 7
    with pytest.raises(Refusal):
        await tasks.patiently(read)
