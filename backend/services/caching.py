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

    async def forget(self, kind: Kind, prefix: str = "") -> None:
        """Drops every value of the kind whose key begins so; what is being computed meanwhile is not kept."""


def view_key(quotation_id: str, serial: int, audience: str, epoch: str) -> str:
    """The key of something made from a view. It begins with the quotation, so that all about it can be forgotten."""
    return f"{quotation_id}/{audience}/{epoch}/{serial}"
