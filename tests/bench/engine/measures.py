"""What is measured, one visit to a fresh server at a time. Figures are plain names and numbers."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import jwt
import orjson

from tests.bench.engine.generator import (
    Callers,
    Crowd,
    Failed,
    Stream,
    Timed,
    only_heartbeats,
    segments_received,
    without_pauses,
)
from tests.bench.engine.subjects import Can, Cores, Server, Subject, on_core, running

Figures = dict[str, float]

_COMMAND = {
    "quotation_id": "01a3f0de-7c55-7c44-9e1c-2f5d1c1f7a10",
    "base_version": 7,
    "changes": [{"field": "notes", "value": "Late arrival on the first day, dinner in the hotel."}],
    "key": "5b0f4f3a-6a40-4d8e-9a52-90e2f0d6c7b1",
}
_COMPANY = 20
"""Connections of one company."""
SAMPLE = 20
"""Connections that are asked how many segments they got."""


@dataclass(frozen=True)
class Size:
    """How much is done. Rates are messages a second to the first room; times are seconds; `pause` is how long a server
    has to stay the same before its memory is read."""

    seconds: float = 3.0
    rooms: tuple[int, ...] = (1_000, 5_000)
    burst: int = 20
    rates: tuple[int, ...] = (5, 20, 50)
    latency_seconds: float = 4.0
    warm: int = 300
    connections: int = 3_000
    callers: int = 200
    idle: int = 10_000
    idle_seconds: float = 50.0
    pause: float = 0.3


QUICK = Size(
    seconds=0.1,
    rooms=(20, 60),
    rates=(100,),
    latency_seconds=0.1,
    warm=10,
    connections=60,
    callers=10,
    idle=60,
    idle_seconds=0.1,
    pause=0.05,
)
"""A smoke: everything happens, nothing can be read off its figures."""


class Busy(NamedTuple):
    """What a run took: its length, both sides' processor time, and how long others kept the server from its core; in
    seconds."""

    elapsed: float
    server: float
    generator: float
    kept_waiting: float

    def shares(self, name: str) -> Figures:
        """How busy both sides were, and how long the server was kept waiting, in percent of a core."""
        return {
            f"{name}: server %": 100 * self.server / self.elapsed,
            f"{name}: kept waiting %": 100 * self.kept_waiting / self.elapsed,
            f"{name}: generator %": 100 * self.generator / self.elapsed,
        }


def fan_out(server: Server, size: Size) -> Figures:
    """Deliveries a second and delays, in rooms of each size. The rooms lie in one another."""
    figures: Figures = {}
    with _crowd(server) as crowd:
        crowd.connect([orjson.dumps({"rooms": _rooms_of(at, size)}) for at in range(max(size.rooms))])
        for members in size.rooms:
            figures |= _unbatched(crowd, members, size)
            figures |= _overload(crowd, members, size)
        for rate in size.rates:
            figures |= _latency(crowd, size.rooms[0], rate, size)
    return figures


def authenticated(server: Server, size: Size) -> Figures:
    """Connections a second with a verified token, and what each takes when it has joined its three rooms."""
    auths = _tokens(server.secret, size.warm + size.connections)
    with _crowd(server) as crowd:
        if not crowd.refuses(_tokens("not the secret, but as long as one", 1)[0]):
            raise Failed("it takes any token")
        crowd.connect(auths[: size.warm])
        before = _settled(crowd, size.pause)
        read = _stopwatch(server)
        crowd.connect(auths[size.warm :])
        busy = read()
        grown = _settled(crowd, size.pause) - before
    return {
        "connections/s": size.connections / busy.elapsed,
        "CPU µs a connection": busy.server / size.connections * 1e6,
        "KB authenticated": grown / size.connections,
        **busy.shares("connections/s"),
    }


def idle_memory(server: Server, size: Size) -> Figures:
    """What a connection takes that is in no room."""
    with _crowd(server) as crowd:
        crowd.connect([b""] * size.warm)
        before = _settled(crowd, size.pause)
        crowd.connect([b""] * size.connections)
        return {"KB idle": (_settled(crowd, size.pause) - before) / size.connections}


def idle_cpu(server: Server, size: Size) -> Figures:
    """What connections cost that only answer pings."""
    with _crowd(server) as crowd:
        crowd.connect([b""] * size.idle)
        _settled(crowd, size.pause)
        answered = crowd.heartbeats
        read = _stopwatch(server)
        crowd.rest(size.idle_seconds)
        busy = read()
        pings = crowd.heartbeats - answered
    return {
        "idle: CPU %": 100 * busy.server / busy.elapsed,
        "idle: pings a connection": pings / size.idle,
    }


def commands(server: Server, size: Size) -> Figures:
    """Commands answered a second, each connection waiting for its ack."""
    with _crowd(server) as crowd:
        crowd.connect([b""] * size.callers)
        callers = Callers(crowd, _COMMAND)
        callers.call(size.seconds / 5)
        callers.answered = 0
        read = _stopwatch(server)
        callers.call(size.seconds)
        busy = read()
    return {
        "commands/s": callers.answered / busy.elapsed,
        "CPU µs a command": busy.server / callers.answered * 1e6,
        **busy.shares("commands/s"),
    }


class Visit(NamedTuple):
    """A measure that has a server of its own."""

    run: Callable[[Server, Size], Figures]
    needs: Can
    once: bool = False
    """Whether the first round is enough: it takes long and hardly varies."""


VISITS = {
    "fan-out": Visit(fan_out, Can.FAN_OUT),
    "connections": Visit(authenticated, Can.TOKENS),
    "memory": Visit(idle_memory, Can.CONNECTIONS),
    "commands": Visit(commands, Can.COMMANDS),
    "idle": Visit(idle_cpu, Can.TOKENS, once=True),
}


def visit(name: str, subject: Subject, cores: Cores, size: Size) -> Figures:
    """Starts the subject for one visit. Raises Failed with what went wrong."""
    with running(subject, cores.server) as server, on_core(cores.generator), without_pauses():
        return VISITS[name].run(server, size)


def _unbatched(crowd: Crowd, members: int, size: Size) -> Figures:
    """One message at a time: the next is asked for when everybody has the one before, so none can be joined."""
    return _delivered(f"unbatched {members:,}", crowd, members, size, 1, ahead=1)


def _overload(crowd: Crowd, members: int, size: Size) -> Figures:
    """Bursts of messages, each emitted in one turn of the loop, and always one more to go on with."""
    return _delivered(f"overload {members:,}", crowd, members, size, size.burst, ahead=2)


def _delivered(name: str, crowd: Crowd, members: int, size: Size, burst: int, ahead: int) -> Figures:
    heard = crowd.connections[:members]
    stream = Stream(crowd, f"room:{members}", heard)
    crowd.reader = stream.read
    stream.keep_on(burst, ahead, size.seconds / 5)
    warm, segments = stream.messages, segments_received(heard[:SAMPLE])
    read = _stopwatch(crowd.server)
    stream.keep_on(burst, ahead, size.seconds)
    busy = read()
    messages, segments = stream.messages - warm, segments_received(heard[:SAMPLE]) - segments
    deliveries = messages * len(heard)
    return {
        name: deliveries / busy.elapsed,
        f"{name}: CPU µs a delivery": busy.server / deliveries * 1e6,
        f"{name}: messages a segment": messages * len(heard[:SAMPLE]) / segments,
        **busy.shares(name),
    }


def _latency(crowd: Crowd, members: int, rate: int, size: Size) -> Figures:
    room = f"room:{members}"
    timed = Timed(crowd, room, crowd.connections[:members], rate, max(2, round(rate * size.latency_seconds)))
    crowd.reader = timed.read

    def over() -> bool:
        timed.pace()
        return timed.over

    crowd.spin(over)
    cuts = statistics.quantiles(timed.delays, n=100)
    return {f"ms p50 at {rate}/s": cuts[49] * 1e3, f"ms p99 at {rate}/s": cuts[98] * 1e3}


def _rooms_of(at: int, size: Size) -> list[str]:
    return [f"room:{members}" for members in size.rooms if at < members]


def _tokens(secret: str, count: int) -> list[bytes]:
    """The CONNECT payloads of so many people."""
    claims = ({"sub": f"user-{at}", "company": at // _COMPANY, "exp": int(time.time()) + 3_600} for at in range(count))
    return [orjson.dumps({"token": jwt.encode(one, secret, algorithm="HS256")}) for one in claims]


def _settled(crowd: Crowd, pause: float) -> int:
    """The server's memory in KB once it rests: it uses next to no processor and its memory stays the same."""
    crowd.reader = only_heartbeats
    last, used = -1, 0.0
    for _ in range(40):
        crowd.rest(pause)
        now, spent = crowd.server.resident_kb(), crowd.server.cpu_seconds()[0]
        if now == last and spent - used < pause / 5:
            return now
        last, used = now, spent
    return last


@contextmanager
def _crowd(server: Server) -> Iterator[Crowd]:
    crowd = Crowd(server)
    try:
        yield crowd
    finally:
        crowd.close()


def _stopwatch(server: Server) -> Callable[[], Busy]:
    """Gives a function that tells what it took since now."""
    began, (used, waited), generator = time.monotonic(), server.cpu_seconds(), time.process_time()

    def read() -> Busy:
        elapsed = time.monotonic() - began
        used_now, waited_now = server.cpu_seconds()
        return Busy(elapsed, used_now - used, time.process_time() - generator, waited_now - waited)

    return read
