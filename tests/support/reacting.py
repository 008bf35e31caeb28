"""What the relay does after commits, for tests that have none."""

from backend.services.deps import Deps
from backend.services.reactions import react


async def react_to_all(deps: Deps) -> None:
    """Hands all events to the reactions, and those that come of them, and empties the outbox."""
    while rows := await deps.db.outbox(100):
        for row in rows:
            for event in row.events:
                await react(deps, event)
        await deps.db.forget([row.id for row in rows])
