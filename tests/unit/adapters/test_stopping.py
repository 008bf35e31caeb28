"""What is left of work that a stop cut off: nothing that reads like a failure of ours."""

import asyncio
import gc
import logging
from typing import Any, cast

import pytest

from backend.adapters import logs
from backend.adapters.db.postgres import PostgresDatabase
from backend.domain.refusals import Refusal
from backend.services.records import Target


async def test_a_command_that_is_refused_after_its_client_is_gone_fails_nobody() -> None:
    """[D10] It was begun, so it is finished; nobody waits for what it says."""
    unheard: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unheard.append(context))
    going = asyncio.Event()

    async def refused(*_: object) -> bytes:
        await going.wait()
        raise Refusal("quotation.not_found", "There is no such quotation.")

    database = PostgresDatabase.__new__(PostgresDatabase)
    database._committing = set()
    database._commit = refused  # type: ignore[method-assign]
    waiting = asyncio.create_task(database.commit(Target(), cast("Any", None)))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    going.set()
    await asyncio.wait(tuple(database._committing))
    gc.collect()
    await asyncio.sleep(0)
    assert not unheard


@pytest.mark.parametrize(("tasks", "told"), [(0, False), (1, True)])
def test_clients_that_do_not_answer_a_stop_are_no_error(tasks: int, told: bool) -> None:
    """[D10] Requests that it had to cancel are."""
    said = "Cancel %s running task(s), timeout graceful shutdown exceeded"
    record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, said, (tasks,), None)
    assert logs._not_cut_off(record) is told
