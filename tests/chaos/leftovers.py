"""What must not be left when everybody has gone: connections, subscriptions, keys, rows, errors in the logs."""

import json
import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from redis.exceptions import MovedError

from tests.chaos.brokers import Broker
from tests.chaos.plan import Plan
from tests.chaos.processes import Process

_LISTENING: Final = "0A"
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
        "ConnectionDoesNotExistError",
        "ConnectionRefusedError",
        "ConnectionResetError",
        "CrashShutdownError",
        "DBAPIError",
        "InternalClientError",
        "InterfaceError",
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


def of_clients(node: Process) -> Iterator[str]:
    """Clients' connections that a node still has."""
    open_ = [inode for inode, local in _connections() if local == node.port]
    held = {_inode(f"/proc/{node.pid}/fd/{number}") for number in os.listdir(f"/proc/{node.pid}/fd")}
    if left := held.intersection(open_):
        yield f"{node.name} has {len(left)} connections of clients"


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


def _connections() -> Iterator[tuple[str, int]]:
    """The inode and the local port of every TCP connection of this machine."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        if words[3] != _LISTENING:
            yield words[9], int(words[1].partition(":")[2], 16)


def _inode(path: str) -> str:
    try:
        target = os.readlink(path)
    except OSError:
        return ""
    return target.removeprefix("socket:[").removesuffix("]") if target.startswith("socket:[") else ""
