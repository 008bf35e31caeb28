"""What every use case is given: the ports and the platform's rules."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from backend.domain.events import Context, Rules
from backend.services.ports import Database


@dataclass(frozen=True, slots=True)
class Deps:
    """`wake` tells the relay that something was committed; calls within a moment become one."""

    db: Database
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    wake: Callable[[], None]
    rules: Rules
    margin_percent: Decimal

    def context(self) -> Context:
        return Context(self.now(), self.new_id, self.rules)
