"""What presence costs Redis and a node: a beat over many rooms, and 100 people who come to one room and go.

`python -m tests.bench.presence` prints a table. It needs redis-server and nobody else on the machine.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import NamedTuple

from privacy.presence import Scope
from realtime.presence import Presence
from realtime.subscriptions import Subscriptions
from realtime.timers import Timers
from rooms.redis import RedisBroker
from tests.fixtures.redis import RedisServer
from tests.support.wait import until
from tests.unit.realtime.node import Wire, ignore, session

ROOMS = 10_000
PEOPLE = 100


class Cost(NamedTuple):
    """Calls of Redis, its bytes both ways, and this process's seconds of CPU."""

    calls: int
    bytes: int
    seconds: float


class Node:
    """A node's presence on a broker; `told` counts the signals to members of its rooms."""

    def __init__(self, server: RedisServer) -> None:
        self.broker = RedisBroker(server.url)
        self.told = 0
        self.presence = Presence(
            self.broker,
            Subscriptions(self.broker),
            Timers(asyncio.get_running_loop()),
            self._scope,
            self._tell,
            lambda _: True,
            lambda: datetime.now(UTC),
            lambda: "an-id",
            grace=60,
            ttl=3_600,
        )
        self.broker.listen(ignore, self.presence.on_signal, ignore)

    async def _scope(self, _: str) -> Scope:
        return Scope()

    def _tell(self, channel: str, packet: bytes) -> None:
        self.told += 1

    async def idle(self) -> None:
        await until(lambda: self.presence._nudges.idle, within=120)


def _stats(server: RedisServer) -> tuple[int, int]:
    with server.client() as client:
        stats = client.info("stats")
    return stats["total_commands_processed"], stats["total_net_input_bytes"] + stats["total_net_output_bytes"]


async def _cost(server: RedisServer, work: Callable[[], Awaitable[None]]) -> Cost:
    calls, sent = _stats(server)
    cpu = time.process_time()
    await work()
    cpu = time.process_time() - cpu
    now_calls, now_sent = _stats(server)
    return Cost(now_calls - calls, now_sent - sent, cpu)


async def _measure(server: RedisServer) -> dict[str, Cost]:
    here, there = Node(server), Node(server)
    for node in (here, there):
        await node.broker.start()
    for start in range(0, ROOMS, 500):
        rooms = [f"quotation:{number}" for number in range(start, start + 500)]
        entering = (here.presence.enter(session(room, Wire()), room, f"{room}/agency") for room in rooms)
        await asyncio.gather(*entering)
    await here.idle()
    await here.presence.beat()
    costs = {f"a beat over {ROOMS:,} rooms where nothing changed": await _cost(server, here.presence.beat)}
    room = "quotation:shared"
    await there.presence.enter(session("watcher", Wire()), room, f"{room}/agency")
    crowd = [session(f"c{number}", Wire()) for number in range(PEOPLE)]

    async def come() -> None:
        for one in crowd:
            await here.presence.enter(one, room, f"{room}/agency")
        await here.idle()

    async def go() -> None:
        for one in crowd:
            here.presence.leave(one, room)
        await here.idle()

    costs[f"{PEOPLE} people come to one room"] = await _cost(server, come)
    costs[f"{PEOPLE} people leave it"] = await _cost(server, go)
    await asyncio.sleep(0.5)
    print(f"signals to the room's members at the other node for all of it: {there.told}")
    for node in (here, there):
        await node.presence.close()
        await node.broker.close()
    return costs


def main() -> None:
    server = RedisServer()
    server.start()
    try:
        costs = asyncio.run(_measure(server))
    finally:
        server.stop()
    print("| | commands in Redis | KB both ways | ms of the node's CPU |\n|---|---|---|---|")
    for what, cost in costs.items():
        print(f"| {what} | {cost.calls:,} | {cost.bytes / 1_000:,.0f} | {cost.seconds * 1_000:,.0f} |")


if __name__ == "__main__":
    main()
