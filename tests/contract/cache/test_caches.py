"""Caches: one computes, the others wait, and nothing is older than it may be."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY

from backend.adapters.caching.memory import MemoryCache
from backend.adapters.caching.shared import SharedCache
from backend.services.caching import KINDS, LIFE, Cache, view_key
from rooms.broker import Broker, BrokerUnavailable
from rooms.memory import Hub, MemoryBroker
from rooms.redis import RedisBroker
from tests.support.wait import until

Opened = Callable[[], Awaitable[Cache]]
KEY = b"k" * 32


@pytest.fixture(params=["memory", "memory broker", "redis", "redis sealed"])
async def opened(request: pytest.FixtureRequest) -> AsyncIterator[Opened]:
    """Opens the cache as another process would, where it has one of its own."""
    alone, hub, prefix = MemoryCache(1_000), Hub(), uuid4().hex
    async with AsyncExitStack() as kept:

        async def open_() -> Cache:
            if request.param == "memory":
                return alone
            broker: Broker = MemoryBroker(hub)
            if "redis" in request.param:
                keys = (KEY,) if "sealed" in request.param else ()
                broker = RedisBroker(request.getfixturevalue("redis_server").url, prefix=prefix, keys=keys)
            await broker.start()
            kept.push_async_callback(broker.close)
            return SharedCache(broker, lease=60.0)

        yield open_


class Work:
    """Computes its value when it is let go, and counts how often."""

    def __init__(self, value: bytes = b"value") -> None:
        self.value = value
        self.times = 0
        self.free = asyncio.Event()
        self.free.set()

    async def __call__(self) -> bytes:
        self.times += 1
        await self.free.wait()
        if not self.value:
            raise ValueError("nothing to compute")
        return self.value


async def test_what_was_computed_is_kept_for_all(opened: Opened) -> None:
    work = Work(b"bytes \x00 of any kind")
    one, other = await opened(), await opened()
    assert [await one.get("price", "q/a", work), await other.get("price", "q/a", work)] == [work.value] * 2
    assert work.times == 1
    assert await one.get("availability", "q/a", Work(b"another kind")) == b"another kind"
    assert await one.get("price", "q/b", Work(b"another key")) == b"another key"


async def test_of_many_who_ask_at_once_one_computes(opened: Opened) -> None:
    """Also where they are in different processes."""
    work = Work()
    work.free.clear()
    one, other = await opened(), await opened()
    asked = [asyncio.ensure_future(cache.get("price", "q/a", work)) for cache in (one, other) * 5]
    await until(lambda: work.times == 1, what="somebody computes")
    work.free.set()
    assert await asyncio.gather(*asked) == [b"value"] * 10
    assert work.times == 1


async def test_whoever_asked_first_may_go_away(opened: Opened) -> None:
    work = Work()
    work.free.clear()
    cache = await opened()
    first, second = (asyncio.ensure_future(cache.get("price", "q/a", work)) for _ in range(2))
    await until(lambda: work.times == 1, what="somebody computes")
    first.cancel()
    work.free.set()
    assert await second == b"value"
    assert work.times == 1


async def test_a_failure_is_told_and_not_kept(opened: Opened) -> None:
    """The next one to ask computes at once: nobody waits for what will not come."""
    cache = await opened()
    with pytest.raises(ValueError, match="nothing to compute"):
        await cache.get("price", "q/a", Work(b""))
    assert await (await opened()).get("price", "q/a", Work()) == b"value"


@pytest.mark.parametrize("group", ["q", ""])
async def test_what_was_forgotten_is_computed_anew(opened: Opened, group: str) -> None:
    """By its group or its whole kind, for everybody; other groups and kinds stay."""
    one, other = await opened(), await opened()
    for kind, key in (("price", "q/a"), ("price", "r/a"), ("availability", "q/a")):
        await one.get(kind, key, Work(b"old"))  # type: ignore[arg-type]  # a kind
    await other.forget("price", group)
    assert await one.get("price", "q/a", Work(b"new")) == b"new"
    assert await one.get("price", "r/a", Work(b"new")) == (b"old" if group else b"new")
    assert await one.get("availability", "q/a", Work(b"new")) == b"old"


async def test_what_is_forgotten_while_it_is_computed_is_not_kept(opened: Opened) -> None:
    cache, slow = await opened(), Work(b"old")
    slow.free.clear()
    asked = asyncio.ensure_future(cache.get("price", "q/a", slow))
    await until(lambda: slow.times == 1, what="somebody computes")
    await cache.forget("price", "q")
    slow.free.set()
    assert await asked == b"old"
    assert await cache.get("price", "q/a", Work(b"new")) == b"new"


async def test_hits_are_counted(opened: Opened) -> None:
    cache = await opened()
    before = _counted()
    for _ in range(3):
        await cache.get("session", "s/1", Work())
    assert _counted() == {name: before[name] + more for name, more in (("computed", 1), ("hit", 2))}


async def test_without_its_broker_a_cache_computes() -> None:
    class Away(MemoryBroker):
        async def kept(self, keys: object) -> Mapping[str, bytes]:
            raise BrokerUnavailable

    cache, work = SharedCache(Away()), Work()
    assert [await cache.get("price", "q/a", work) for _ in range(2)] == [b"value"] * 2
    assert work.times == 2


async def test_who_began_and_died_is_not_waited_for_any_longer_than_its_lease() -> None:
    hub = Hub()
    dead, other = (SharedCache(MemoryBroker(hub), lease=0.1) for _ in range(2))
    never = Work()
    never.free.clear()
    asked = asyncio.ensure_future(dead.get("price", "q/a", never))
    await until(lambda: never.times == 1, what="it has begun")
    assert await other.get("price", "q/a", Work(b"another's")) == b"another's"
    never.free.set()
    await asked


async def test_a_cache_in_memory_is_bounded_and_forgets_by_time() -> None:
    now = 0.0
    cache = MemoryCache(1_000, lambda: now)
    for number in range(6):
        await cache.get("document", str(number), Work(bytes(200)))
    assert await cache.get("document", "0", Work(b"again")) == b"again"
    assert await cache.get("document", "5", Work(b"again")) == bytes(200)
    await cache.get("document", "large", Work(bytes(251)))
    assert await cache.get("document", "large", Work(b"not kept")) == b"not kept"
    now = LIFE["document"].total_seconds()
    assert await cache.get("document", "5", Work(b"again")) == b"again"


def test_every_kind_has_its_life_and_views_their_key() -> None:
    """Nothing of another state, audience or epoch can be asked for."""
    assert set(LIFE) == set(KINDS)
    keys = {view_key("q", serial, who, epoch) for serial in (1, 2) for who in ("agency", "admin") for epoch in "ab"}
    assert len(keys) == 8


def _counted() -> dict[str, float]:
    return {
        outcome: REGISTRY.get_sample_value("spirit_cache_asked_total", {"kind": "session", "outcome": outcome}) or 0.0
        for outcome in ("computed", "hit")
    }
