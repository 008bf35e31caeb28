"""The cache port: what is slow or shared is computed once and kept for a while.

It holds bytes that may be thrown away at any time. A key names everything that its value depends on; where that is a
view: the quotation's serial, the audience and the channel's epoch, so that nothing stale can be asked for.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final, Literal, Protocol, get_args

Kind = Literal["quotation", "availability", "price", "session", "document"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
LIFE: Final[Mapping[Kind, timedelta]] = {
    "quotation": timedelta(hours=48),
    "availability": timedelta(minutes=5),
    "price": timedelta(minutes=15),
    "session": timedelta(hours=24),
    "document": timedelta(hours=48),
}
"""How long a value of each kind is kept at most."""

Compute = Callable[[], Awaitable[bytes]]


class Cache(Protocol):
    """Get or compute, without a stampede."""

    async def get(self, kind: Kind, key: str, compute: Compute) -> bytes:
        """The kept value, or the computed one, which is kept. Of many who ask at once one computes, the others wait.

        Raises:
            Exception: what `compute` raises, for all who waited for it; nothing is kept.
        """

    async def forget(self, kind: Kind, group: str = "") -> None:
        """Drops every value of the kind, or those of a group; what is being computed meanwhile is not kept.

        Raises:
            BrokerUnavailable: it cannot be said to others now.
        """


class Uncached:
    """Keeps nothing."""

    async def get(self, kind: Kind, key: str, compute: Compute) -> bytes:
        return await compute()

    async def forget(self, kind: Kind, group: str = "") -> None:
        """There is nothing to forget."""


def group_of(key: str) -> str:
    """What a key's value is forgotten together with: its part before the first `/`."""
    return key.partition("/")[0]


def view_key(quotation_id: str, serial: int, audience: str, epoch: str) -> str:
    """The key of something made from a view, in the group of its quotation."""
    return f"{quotation_id}/{audience}/{epoch}/{serial}"
