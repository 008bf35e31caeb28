"""A Redis Cluster of servers on this machine, formed by plain commands: no redis-cli, no client library.

Start `redis-server` with `options(...)` once for each member, then `form` them. It takes about two seconds.
"""

import socket
import time
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import BinaryIO, NamedTuple

SLOTS = 16_384
HOST = "127.0.0.1"

Reply = int | str | list["Reply"] | None


class Refused(Exception):
    """What a server answers instead of a reply."""


class NotFormed(Exception):
    """The members did not become a whole cluster in time."""


class Member(NamedTuple):
    """A server's port for clients, and the one on which members talk to each other."""

    port: int
    bus: int


def options(member: Member, data: Path, node_timeout: float) -> list[str]:
    """A member's options of redis-server: nothing kept but its view of the cluster, in `data`.

    After `node_timeout` seconds without a member the others agree that it failed. While a part of the slots has no
    master, the others are served.
    """
    given = {
        "port": member.port,
        "cluster-port": member.bus,
        "bind": HOST,
        "dir": data,
        "save": "",
        "appendonly": "no",
        "cluster-enabled": "yes",
        "cluster-config-file": "nodes.conf",
        "cluster-node-timeout": round(node_timeout * 1000),
        "cluster-require-full-coverage": "no",
        "cluster-replica-validity-factor": 0,
        "cluster-allow-replica-migration": "no",
        "repl-diskless-sync-delay": 0,
        # Until a replica heard its first ping, it is in nobody's view.
        "repl-ping-replica-period": 1,
    }
    return [word for name, value in given.items() for word in (f"--{name}", str(value))]


def form(members: Sequence[Member], masters: int, within: float = 30.0) -> None:
    """Makes the first of the members masters of equal shares of the slots, the others their replicas in turn.

    Raises:
        NotFormed, Refused, OSError
    """
    for number, member in enumerate(members[:masters]):
        first, behind = number * SLOTS // masters, (number + 1) * SLOTS // masters
        ask(member, "CLUSTER", "ADDSLOTSRANGE", first, behind - 1)
        ask(member, "CLUSTER", "SET-CONFIG-EPOCH", number + 1)
    for one, other in combinations(members, 2):
        ask(one, "CLUSTER", "MEET", HOST, other.port, other.bus)
    wait(lambda: all(_acquainted(member, len(members)) for member in members), within)
    for number, member in enumerate(members[masters:]):
        ask(member, "CLUSTER", "REPLICATE", ask(members[number % masters], "CLUSTER", "MYID"))
    wait(lambda: whole(members), within)


def whole(members: Sequence[Member]) -> bool:
    """Whether all agree that every slot has a master, and each master the same number of replicas that follow it."""
    views = [_view(member) for member in members]
    if None in views or any(view != views[0] for view in views):
        return False
    shards = {tuple(shard) for _, _, shard in views[0] or ()}
    served = sum(last - first + 1 for first, last, _ in views[0] or ())
    return served == SLOTS and sum(map(len, shards)) == len(members) and len({len(shard) for shard in shards}) == 1


def wait(condition: Callable[[], bool], within: float) -> None:
    """Returns once the condition holds. Raises NotFormed."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise NotFormed(f"not within {within} s")
        time.sleep(0.02)


def ask(member: Member, *words: str | int | Reply) -> Reply:
    """A server's reply to one command. Raises Refused, OSError."""
    packed = [f"*{len(words)}\r\n".encode()]
    for word in words:
        encoded = str(word).encode()
        packed.append(b"$%d\r\n%b\r\n" % (len(encoded), encoded))
    with socket.create_connection((HOST, member.port), timeout=5.0) as connection:
        connection.sendall(b"".join(packed))
        with connection.makefile("rb") as said:
            return _reply(said)


def info(member: Member, section: str) -> dict[str, str]:
    """A section of what a server says of itself. Raises OSError."""
    lines = str(ask(member, "INFO", section)).splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line)


def _reply(said: BinaryIO) -> Reply:
    line = said.readline().rstrip(b"\r\n").decode()
    if not line:
        raise ConnectionError("closed by the server")
    kind, rest = line[0], line[1:]
    match kind:
        case "-":
            raise Refused(rest)
        case ":":
            return int(rest)
        case "$":
            return None if rest == "-1" else said.read(int(rest) + 2)[:-2].decode(errors="replace")
        case "*":
            return None if rest == "-1" else [_reply(said) for _ in range(int(rest))]
        case _:
            return rest


def _acquainted(member: Member, number: int) -> bool:
    known = str(ask(member, "CLUSTER", "NODES")).splitlines()
    return len(known) == number and not any("handshake" in line or "fail" in line for line in known)


def _view(member: Member) -> list[tuple[int, int, list[int]]] | None:
    """`(first slot, last slot, ports)` of each range, the master's port first; None if it is not in order."""
    try:
        if "cluster_state:ok" not in str(ask(member, "CLUSTER", "INFO")):
            return None
        replication = info(member, "replication")
        if replication["role"] == "slave" and replication["master_link_status"] != "up":
            return None
        ranges = ask(member, "CLUSTER", "SLOTS")
    except (OSError, Refused):
        return None
    found = []
    for entry in ranges if isinstance(ranges, list) else ():
        if isinstance(entry, list) and isinstance(entry[0], int) and isinstance(entry[1], int):
            ports = [place[1] for place in entry[2:] if isinstance(place, list) and isinstance(place[1], int)]
            found.append((entry[0], entry[1], [ports[0], *sorted(ports[1:])]))
    return sorted(found)
