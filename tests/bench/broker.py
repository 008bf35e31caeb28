"""What our way to Redis costs, side by side with redis-py: `python -m tests.bench.broker`.

The same scripts on the same server, on uvloop; redis-py has its hiredis decoder. Heard: messages of 300 bytes that
another process publishes, as they come from a connection, or as a whole broker passes them on. Appended: frames of 300
bytes, 20 to a call, by 30 callers. Both are told for each second of this process's CPU, since the machine is shared.
Memory is what an interpreter with asyncio and TLS grows by on import.
"""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import typer
import uvloop
from redis.asyncio import BlockingConnectionPool, ConnectionPool, Redis

from loadtests.redis_cluster import Member, ask
from rooms import resp
from rooms.keys import Keys
from rooms.positions import Frame
from rooms.redis import RedisBroker
from rooms.redis_url import Cluster, parse, place
from rooms.single import Single
from rooms.slots import slot_of
from rooms.wire import encode_signal
from tests.fixtures.cluster import RedisCluster
from tests.fixtures.redis import RedisServer

BODY = b"x" * 300
NAME = b"bench"
CALLERS = 30
FRAMES = 20

Measure = Callable[[str, int], Coroutine[Any, Any, None]]
_GROWTH = """
import asyncio, ssl, sys
def resident():
    return int(open("/proc/self/status").read().partition("VmRSS:")[2].split()[0]) / 1024
before = resident()
__import__(sys.argv[1])
print(resident() - before)
"""


class _RedisPyCommands:
    """What `rooms.commands` does, by a pool of redis-py's."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_pool(BlockingConnectionPool.from_url(url, max_connections=16, protocol=2))

    async def ask(self, commands: Sequence[resp.Command]) -> list[Any]:
        pipeline = self._redis.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        return await pipeline.execute(raise_on_error=False)

    async def close(self) -> None:
        await self._redis.aclose()


class _RedisPyBroker(RedisBroker):
    def __init__(self, url: str) -> None:
        super().__init__(url)
        assert isinstance(self._transport, Single)
        self._transport._commands = _RedisPyCommands(url)  # type: ignore[assignment]  # asked in the same way


async def we_hear(url: str, number: int) -> None:
    left, done = number, asyncio.Event()

    def on_reply(reply: Any) -> None:
        nonlocal left
        left -= reply[0] == b"message"
        if not left:
            done.set()

    line = await resp.connect(parse(url), on_reply, lambda _: done.set())
    line.send([(b"SUBSCRIBE", NAME)])
    publisher = await _publish(url, number)
    await done.wait()
    assert not left
    line.close()
    await publisher.wait()


async def redis_py_hears(url: str, number: int) -> None:
    connection = ConnectionPool.from_url(url, protocol=2).make_connection()  # type: ignore[no-untyped-call]
    await connection.connect()
    await connection.send_command(b"SUBSCRIBE", NAME)
    publisher = await _publish(url, number)
    while number:
        reply = await connection.read_response(push_request=True)
        number -= reply[0] == b"message"
    await connection.disconnect()
    await publisher.wait()


async def _publish(
    url: str, number: int, word: str = "PUBLISH", name: bytes = NAME, body: bytes = BODY
) -> asyncio.subprocess.Process:
    program = ("redis-benchmark", "-p", str(parse(url).port), "-n", str(number), "-P", "100", "-q")
    return await asyncio.create_subprocess_exec(*program, word, name, body, stdout=subprocess.DEVNULL)


async def broker_hears(url: str, number: int) -> None:
    """Signals, by a broker that has a thousand channels; all come to one of them."""
    left, done = number, asyncio.Event()

    def on_signal(*_: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            done.set()

    broker = RedisBroker(url)
    broker.listen(lambda *_: None, on_signal, lambda _: done.set())
    await broker.start()
    await broker.subscribe([f"quotation:{one}/agency" for one in range(1_000)])
    name = Keys("rooms").published("quotation:1/agency").encode()
    publisher = await _publish(*_at(url, number, name), name, encode_signal("bench", BODY))
    await done.wait()
    assert not left
    await broker.close()
    await publisher.wait()


def _at(url: str, number: int, name: bytes) -> tuple[str, int, str]:
    """Where and how to publish to a name."""
    named = place(url)
    if not isinstance(named, Cluster):
        return url, number, "PUBLISH"
    view: Any = ask(Member(named.seeds[0].port, 0), "CLUSTER", "SLOTS")
    port = next(master[1] for first, last, master, *_ in view if first <= slot_of(name) <= last)
    return f"redis://127.0.0.1:{port}", number, "SPUBLISH"


async def we_append(url: str, number: int) -> None:
    await _append(RedisBroker(url, prefix="ours"), number)


async def redis_py_appends(url: str, number: int) -> None:
    await _append(_RedisPyBroker(url), number)


async def _append(broker: RedisBroker, number: int) -> None:
    async def caller(channel: str) -> None:
        gen = time.time_ns()
        await broker.seed(channel, gen, "epoch", 0)
        for first in range(1, number // CALLERS + 1, FRAMES):
            batch = [Frame(gen, "epoch", seq, "offer.submitted", BODY) for seq in range(first, first + FRAMES)]
            await broker.append(channel, batch)

    await asyncio.gather(*(caller(f"quotation:{one}/agency") for one in range(CALLERS)))
    await broker.close()


SIDES: dict[str, tuple[Measure, Measure, str, str]] = {
    "`rooms.resp`, a connection": (we_hear, we_append, "rooms.redis", "server"),
    "redis-py, a connection": (redis_py_hears, redis_py_appends, "redis.asyncio", "server"),
    "`rooms.redis`, a broker": (broker_hears, we_append, "rooms.redis", "server"),
    "the same on a cluster": (broker_hears, we_append, "rooms.redis", "cluster"),
}


def per_second(measure: Measure, url: str, number: int) -> float:
    """How many, for each second of CPU that they took here."""
    before = time.process_time()
    uvloop.run(measure(url, number))
    return number / (time.process_time() - before)


def growth(module: str) -> float:
    """MB that an interpreter grows by when it imports a module."""
    grown = subprocess.run([sys.executable, "-c", _GROWTH, module], check=True, capture_output=True, text=True)
    return float(grown.stdout)


def main(rounds: int = 3, number: int = 300_000) -> None:
    """Print a table, a row for each side."""
    figures: dict[str, list[tuple[float, float, float]]] = {side: [] for side in SIDES}
    unbounded = ("--client-output-buffer-limit", "pubsub 0 0 0")
    servers: dict[str, RedisServer | RedisCluster] = {
        "server": RedisServer(*unbounded),
        "cluster": RedisCluster(*unbounded),
    }
    try:
        for server in servers.values():
            server.start()
        for _ in range(rounds):
            for side, (hear, append, module, kind) in SIDES.items():
                url = servers[kind].url
                figures[side].append((per_second(hear, url, number), per_second(append, url, number), growth(module)))
    finally:
        for server in servers.values():
            server.stop()
    typer.echo("| | heard, messages/s of CPU | appended, frames/s of CPU | import, MB |")
    typer.echo("|---|---|---|---|")
    for side, measured_rounds in figures.items():
        heard, appended, grown = map(statistics.median, zip(*measured_rounds, strict=True))
        typer.echo(f"| {side} | {heard:,.0f} | {appended:,.0f} | {grown:.1f} |")


if __name__ == "__main__":
    typer.run(main)
