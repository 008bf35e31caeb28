"""How the workflows' queues are set: `high=32,normal=16` at once, and `bulk=100/60` begun in so many seconds."""

from typing import NamedTuple, cast, get_args

from backend.services.records import QueueName

QUEUES: tuple[QueueName, ...] = get_args(QueueName)
_MOST = 10_000


class Rate(NamedTuple):
    """So many turns begin in so many seconds, on all workers together."""

    most: int
    seconds: float


def concurrency(text: str) -> dict[QueueName, int]:
    """How many turns of each queue run at once on one worker.

    Raises:
        ValueError: a queue is not named once, or has no number from 1 to 10,000.
    """
    given = {name: _count(number) for name, number in _named(text).items()}
    if given.keys() != set(QUEUES):
        raise ValueError(f"each of {', '.join(QUEUES)} has a number")
    return given


def rates(text: str) -> dict[QueueName, Rate]:
    """How many turns of those queues that are named begin in a while.

    Raises:
        ValueError: there is no such queue, or what it has is not `number/seconds`.
    """
    return {name: _rate(given) for name, given in _named(text).items()}


def queue_names(text: str) -> tuple[QueueName, ...]:
    """Queues by their names, separated by commas.

    Raises:
        ValueError: none is named, or one that there is not.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names or not set(names) <= set(QUEUES):
        raise ValueError(f"queues are {', '.join(QUEUES)}")
    return tuple(name for name in QUEUES if name in names)


def _named(text: str) -> dict[QueueName, str]:
    parts = [part.partition("=") for part in text.split(",") if part.strip()]
    named = {name.strip(): given.strip() for name, _, given in parts}
    if len(named) < len(parts) or not named.keys() <= set(QUEUES):
        raise ValueError(f"queues are {', '.join(QUEUES)}, each once")
    return cast("dict[QueueName, str]", named)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST:
        raise ValueError(f"a queue has a number from 1 to {_MOST:,}")
    return int(text)


def _rate(text: str) -> Rate:
    most, separator, seconds = text.partition("/")
    if not separator or not seconds.isdecimal() or int(seconds) < 1:
        raise ValueError("a rate is number/seconds")
    return Rate(_count(most), float(seconds))
