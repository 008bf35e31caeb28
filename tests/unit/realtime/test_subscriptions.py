"""Which channels a node hears, when wishes for one cross each other."""

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
