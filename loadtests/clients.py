"""A client as the driver keeps it, and what all clients have in common."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from loadtests.people import Population
from loadtests.places import Place
from loadtests.sockets import Address, Connection

Then = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Deployment:
    """What the clients talk to. `ttl` is the life of their tokens in seconds."""

    nodes: tuple[Address, ...]
    secret: str
    ttl: float
    people: Population


@dataclass(slots=True)
class Asked:
    """A command without its ack yet. `scheduled` is when it was due (monotonic)."""

    name: str
    payload: dict[str, Any]
    scheduled: float
    then: Then | None


class Client:
    """One person's client, over all of its connections. `node` is the index of the last that it tried."""

    __slots__ = ("asked", "attempts", "broke_at", "connection", "joining", "node", "number", "numbers", "places")

    def __init__(self, number: int, node: int) -> None:
        self.number = number
        self.node = node
        self.attempts = 0
        self.broke_at = 0.0
        self.joining = 0
        self.numbers = 0
        self.connection: Connection | None = None
        self.places: dict[bytes, Place] | None = None
        self.asked: dict[int, Asked] | None = None
