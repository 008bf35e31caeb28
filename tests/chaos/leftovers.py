"""What must not be left when everybody has gone: connections, subscriptions, keys, rows, errors in the logs."""

import json
import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from redis.exceptions import MovedError

from tests.chaos.brokers import Broker
from tests.chaos.plan import Plan
from tests.chaos.processes import Process

_LISTENING, _CLOSE_WAIT = "0A", "08"
_MOST: Final = {"postgres": 10, "redis": 2}
"""What a process needs of each: its pool; one connection that asks and one that hears."""
_ROOMS: Final = ("quotation:", "company:", "hotel:", "user:", "public:")
_PRESENCE: Final = re.compile(rb":here:.*(quotation|company):")
_OUTAGES: Final = (
    "command failed",
    "connect failed",
    "a reaction failed, will try again",
    "what is due could not be committed; trying on",
)
"""Errors that a process tells of when its database or broker is away."""
_AWAY: Final = frozenset(
    (
        "AdminShutdownError",
        "BrokerUnavailable",
        "CannotConnectNowError",
        "ConnectionError",
        "ConnectionDoesNotExistError",
        "ConnectionRefusedError",
        "ConnectionResetError",
        "CrashShutdownError",
        "DBAPIError",
        "InternalClientError",
        "InterfaceError",
        "InternalError",  # how SQLAlchemy calls an InternalClientError
        "OperationalError",
        "TimeoutError",
    )
)


def of_broker(broker: Broker) -> Iterator[str]:
    """Subscriptions to rooms that nobody is in, and keys that would stay for ever."""
    if rooms := sorted(name for name in broker.subscribed() if any(kind in name for kind in _ROOMS)):
        yield f"subscribed without members: {rooms}"
    for client in broker.clients():
        for key in client.scan_iter(count=1_000):
            with suppress(MovedError):  # what a move left behind is nobody's
                if client.ttl(key) == -1:
                    yield f"a key without an end: {key!r}"
                if _PRESENCE.search(key) and client.type(key) == b"hash" and client.hlen(key):
                    yield f"present without anybody: {key!r}"


def of_connections(process: Process) -> Iterator[str]:
    """Connections that a process should not have: of clients who left, to servers more than it needs, half-closed."""
    held = {_inode(f"/proc/{process.pid}/fd/{number}") for number in os.listdir(f"/proc/{process.pid}/fd")}
    ours = [connection for connection in _connections() if connection.inode in held]
    if process.is_node and (left := sum(one.local == process.port for one in ours)):
        yield f"{process.name} has {left} connections of clients"
    for end, most in _MOST.items():
        link = process.links.get(end)
        if link is not None and (count := sum(one.remote == link.port for one in ours)) > most:
            yield f"{process.name} has {count} connections to {end}"
    if half := sum(one.state == _CLOSE_WAIT for one in ours):
        yield f"{process.name} has {half} connections that the other side has closed"


def of_process(process: Process, faults: Collection[str]) -> Iterator[str]:
    """Errors in a process' log that no fault explains."""
    for line in process.log.read_text(errors="replace").splitlines():
        if _is_wrong(line, excused=bool(faults)):
            yield f"{process.name} says {line[:2000]}"


def disturbing(plan: Plan) -> list[str]:
    """The faults after which a process may tell of a database or broker that is away."""
    quiet = ("slow reader", "dead reader", "link delay")
    return [fault.kind for fault in plan.faults if fault.kind not in quiet]


def _is_wrong(line: str, *, excused: bool) -> bool:
    if line.startswith("{"):
        told = json.loads(line)
        if told.get("level") not in ("error", "critical"):
            return False
        return not (excused and told["event"] in _OUTAGES and _of_outage(told))
    return line.startswith(("Traceback", "ERROR", "CRITICAL", "Exception", "Fatal")) or "never retrieved" in line


def _of_outage(told: dict[str, str]) -> bool:
    return told.get("failure") in _AWAY or any(name in told.get("exception", "") for name in _AWAY)


class _Connection(NamedTuple):
    """One of this machine's TCP connections; `local` and `remote` are ports."""

    inode: str
    local: int
    remote: int
    state: str


def _connections() -> Iterator[_Connection]:
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        if words[3] != _LISTENING:
            local, remote = (int(words[place].partition(":")[2], 16) for place in (1, 2))
            yield _Connection(words[9], local, remote, words[3])


def _inode(path: str) -> str:
    try:
        target = os.readlink(path)
    except OSError:
        return ""
    return target.removeprefix("socket:[").removesuffix("]") if target.startswith("socket:[") else ""
