"""What lies between a broker's scripts and the servers that run them: one server, or a cluster of them."""

from collections.abc import Callable, Collection, Hashable, Sequence
from typing import Any, Protocol

from rooms.calls import Call

OnMessage = Callable[[bytes, bytes], None]
"""Called with the name that something was published to, and what."""

OnLost = Callable[[Collection[bytes]], None]
"""Called with the names of which something may have been missed, all in force again, before anything new of them."""


class Transport(Protocol):
    """Reaches servers. Every method but `close` may raise BrokerUnavailable."""

    publish: str
    """The command that publishes to a name."""

    ordered: bool
    """Whether whatever is published is heard in the order in which it was; otherwise what is in one slot is."""

    async def start(self) -> None:
        """Connect."""

    async def close(self) -> None:
        """Let go of everything, also after a failed start."""

    async def run(self, calls: Sequence[Call]) -> list[Any]:
        """The answers to calls, in their order; what a server refuses for good is a `Refusal`."""

    def server_of(self, name: bytes) -> Hashable:
        """Who serves a name now, as far as is known."""

    async def hear(self, names: Collection[bytes]) -> None:
        """Subscribe. Returns when it is in force; on BrokerUnavailable the wish stands."""

    async def hear_no_more(self, names: Collection[bytes]) -> None:
        """Unsubscribe; what is on its way may still come."""

    def hears(self, name: bytes) -> bool:
        """Whether it is to be heard."""
