"""How one subscribes: to channels of a server, or to the shard channels of a cluster, each of which is in a slot."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from rooms.slots import slot_of

Command = Sequence[str | bytes]

# Names in one command: the server does nothing else while it works through it.
_CHUNK = 1_000


class Dialect(NamedTuple):
    """The words for one kind of subscription. Names of which `together` differs cannot share a command."""

    subscribe: bytes
    unsubscribe: bytes
    message: bytes
    together: Callable[[bytes], int]

    def subscribing(self, names: Iterable[bytes]) -> Iterable[Command]:
        return self._commands(self.subscribe, names)

    def unsubscribing(self, names: Iterable[bytes]) -> Iterable[Command]:
        return self._commands(self.unsubscribe, names)

    def _commands(self, word: bytes, names: Iterable[bytes]) -> Iterable[Command]:
        for _, group in groupby(sorted(names, key=self._order), self.together):
            ordered = list(group)
            for start in range(0, len(ordered), _CHUNK):
                yield (word, *ordered[start : start + _CHUNK])

    def _order(self, name: bytes) -> tuple[int, bytes]:
        return self.together(name), name


def _all_together(_: bytes) -> int:
    return 0


PLAIN = Dialect(b"SUBSCRIBE", b"UNSUBSCRIBE", b"message", _all_together)
SHARDED = Dialect(b"SSUBSCRIBE", b"SUNSUBSCRIBE", b"smessage", slot_of)
