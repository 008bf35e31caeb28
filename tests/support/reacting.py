"""What follows from commits, done here and now instead of by a relay and workers."""

from backend.services.deps import Deps
from backend.services.reactions import react
from tests.support.turns import run_turns


async def react_to_all(deps: Deps) -> int:
    """Hands all events to the reactions, empties the outbox, and runs the turns of workflows whose time has come, until
    nothing comes of these; how many turns there were."""
    turns = 0
    while True:
        while rows := await deps.db.outbox(100):
            for row in rows:
                for event in row.events:
                    await react(deps, event)
            await deps.db.forget([row.id for row in rows])
        ran = await run_turns(deps)
        turns += ran
        if not ran:
            return turns
