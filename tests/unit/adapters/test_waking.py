"""The wake-up after a commit: a hint, so that a broker which is away is no failure of anything."""

import asyncio
from typing import Any

from backend.bootstrap import _Waker
from rooms.broker import BrokerUnavailable
from rooms.memory import MemoryBroker
from tests.support.wait import until


class _Away(MemoryBroker):
    """Is there from the second call on."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    async def wake(self) -> None:
        self.calls += 1
        if self.calls == 1:
            raise BrokerUnavailable("away")


async def test_a_broker_that_is_away_fails_nobody() -> None:
    """[D2] Neither the one who asked, nor the loop, nor the stop; the next one is asked for as ever."""
    unheard: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unheard.append(context))
    broker = _Away()
    waker = _Waker(broker)
    waker.soon()
    await until(lambda: broker.calls == 1, what="it was asked")
    await waker.done()
    waker.soon()
    await until(lambda: broker.calls == 2, what="it was asked again")
    await waker.done()
    assert not unheard
