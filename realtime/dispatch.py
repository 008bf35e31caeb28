"""From a raw event to its ack: the command table, limits, refusals.

Commands that change facts go to the use cases, the others to their handlers.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from backend.adapters.logs import report
from backend.domain.principals import Principal
from backend.domain.refusals import Invalid, Refusal
from backend.services.guards import guard
from backend.services.limits import SharedLimiter
from realtime import metrics, wire
from realtime.front import Answer
from realtime.packets import UNREADABLE
from realtime.sessions import Session

UNKNOWN = "unknown"


class Done(NamedTuple):
    """A command's answer: the ack's data as JSON, and what to do right after the ack is queued."""

    data: bytes
    after: Callable[[], None] | None = None


Facts = Callable[[Principal, str, Mapping[str, Any]], Awaitable[bytes]]
Handler = Callable[[Session, Mapping[str, Any]], Awaitable[Done]]


class Dispatcher:
    """Answers every event with an ack, whatever came. `known` are the names of the commands that change facts."""

    def __init__(self, facts: Facts, known: frozenset[str], handlers: Mapping[str, Handler], limiter: SharedLimiter):
        self._facts = facts
        self._known = known
        self._handlers = handlers
        self._limiter = limiter

    async def answer(self, session: Session, arguments: list[Any]) -> Answer:
        """The ack of one event, its name first among the arguments. Never raises but on cancellation."""
        name = arguments[0]
        label = name if name in self._known or name in self._handlers else UNKNOWN
        started = time.perf_counter()
        outcome: str = "ok"
        try:
            done = await self._run(session, label, name, arguments)
        except Refusal as refusal:
            answer, outcome = Answer(wire.refused(refusal)), refusal.code
        except Exception as failure:  # a bug of ours is answered, told once, and ends nothing
            report("command failed", failure, command=label, user=session.principal.user_id)
            answer, outcome = Answer(wire.refused(internal())), "internal"
        else:
            answer = Answer(wire.accepted(done.data), done.after)
        metrics.COMMAND_SECONDS.labels(label).observe(time.perf_counter() - started)
        metrics.COMMANDS.labels(label, outcome).inc()
        if outcome != "ok":
            metrics.REFUSALS.labels(outcome).inc()
        return answer

    async def _run(self, session: Session, label: str, name: Any, arguments: list[Any]) -> Done:
        await self._limiter.take(f"{session.principal.user_id} {label}")
        if label == UNKNOWN and name is not UNREADABLE:
            raise Refusal("command.unknown", "There is no such command.")
        payload = _payload(arguments)
        handler = self._handlers.get(label)
        if handler is None:
            return Done(await self._facts(session.principal, label, payload))
        guard(payload)
        return await handler(session, payload)


def internal() -> Refusal:
    """What a client is told of a failure of ours: nothing."""
    return Refusal("internal", "Something went wrong here.")


def _payload(arguments: list[Any]) -> Mapping[str, Any]:
    if arguments[0] is UNREADABLE:
        raise Invalid("The command is not JSON.")
    if len(arguments) != 2 or not isinstance(arguments[1], dict):
        raise Invalid("A command has one object as its payload.")
    return arguments[1]
