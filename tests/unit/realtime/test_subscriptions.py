"""Which channels a node hears, when wishes for one cross each other."""

import asyncio
from collections.abc import Collection

from realtime.subscriptions import Subscriptions
from rooms.memory import Hub, MemoryBroker
from tests.support.wait import until
from tests.unit.realtime.node import ignore


async def test_whoever_wants_a_channel_again_hears_it() -> None:
    """[D1.2] Somebody comes between the last one's leaving and its being carried out."""
    hub, heard = Hub(), list[str]()
    broker = MemoryBroker(hub)
    broker.listen(ignore, lambda channel, *_: heard.append(channel), ignore)
    await broker.start()
    subscriptions = Subscriptions(broker)
    await subscriptions.want(["a", "b"])
    leaving = subscriptions.drop(["a", "b"])
    await subscriptions.want(["a"])
    await leaving
    for channel in ("b", "a"):
        await broker.signal(channel, "name", b"{}")
    await until(lambda: heard)
    assert heard == ["a"]
    await broker.close()


class _Slow(MemoryBroker):
    """Subscribes to one lot of channels at a time, when `going` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.going = asyncio.Event()
        self.heard: set[str] = set()

    async def subscribe(self, channels: Collection[str]) -> None:
        await self.going.wait()
        self.heard.update(channels)

    async def unsubscribe(self, channels: Collection[str]) -> None:
        self.heard.difference_update(channels)


async def test_who_left_before_their_turn_came_is_not_heard_after_it() -> None:
    """[S2] While the broker is slow: a channel without members would be heard for ever."""
    broker = _Slow()
    subscriptions = Subscriptions(broker)
    first = asyncio.create_task(subscriptions.want(["a"]))
    await asyncio.sleep(0)
    second = asyncio.create_task(subscriptions.want(["b", "c"]))
    await asyncio.sleep(0)
    leaving = asyncio.create_task(subscriptions.drop(["b"]))
    await asyncio.sleep(0)
    broker.going.set()
    await asyncio.gather(first, second, leaving)
    assert broker.heard == {"a", "c"}
    await subscriptions.want(["b"])
    assert broker.heard == {"a", "b", "c"}
    await subscriptions.close()
