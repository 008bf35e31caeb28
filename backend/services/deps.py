"""What every use case is given: the ports and the platform's rules."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from backend.domain.events import Context, Rules
from backend.services.caching import Cache, Uncached
from backend.services.payment_ports import Gateway
from backend.services.ports import Database, Workflows
from backend.services.printing import NOT_HERE, Documents
from backend.services.workflows import StoredWorkflows


async def _tell_nobody(_: bytes) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Deps:
    """`wake` tells the relay that something was committed; calls within a moment become one.

    `tell` tells every node something, ahead of what is committed once it has returned. It raises the refusal
    `change.pending` if it cannot. `gateways` are those that take payments, by name, the usual one first.
    `cache` is shared by all processes: of what one person sees alone, nothing belongs there. [P3]
    """

    db: Database
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    wake: Callable[[], None]
    rules: Rules
    margin_percent: Decimal
    tell: Callable[[bytes], Awaitable[None]] = _tell_nobody
    documents: Documents = NOT_HERE
    cache: Cache = field(default_factory=Uncached)
    gateways: Mapping[str, Gateway] = field(default_factory=dict)

    @property
    def workflows(self) -> Workflows:
        """Where durable work is begun, after the commit that it follows from."""
        return StoredWorkflows(self.db, self.now, self.wake)

    def context(self) -> Context:
        return Context(self.now(), self.new_id, self.rules)
