"""Who is in a room, as others come to see it, and how often they hear of it.

Pure: every method that needs the time is told it, in seconds of any clock that never goes back.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

S = TypeVar("S", bound=Hashable)
V = TypeVar("V")


class Diff(msgspec.Struct, frozen=True):
    """What changed in a room: who came, or has new meta, and who went. Falsy if nothing did."""

    joined: Mapping[str, bytes]
    left: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.joined or self.left)


@dataclass(slots=True)
class _Entry:
    meta: bytes
    away_since: float | None = None


class Roster:
    """The members of one room as shown to others, with a grace for those who break off.

    Who breaks off is still shown for `grace` seconds and may come back unseen [D9]; who leaves goes at once. Every
    method returns what others have to be told.
    """

    def __init__(self, grace: float = 60.0) -> None:
        self._grace = grace
        self._entries: dict[str, _Entry] = {}

    def enter(self, member: str, meta: bytes) -> Diff:
        """Somebody is here: new, back, or with other meta."""
        known = self._entries.get(member)
        self._entries[member] = _Entry(meta)
        return Diff({} if known and known.meta == meta else {member: meta}, frozenset())

    def break_off(self, member: str, now: float) -> None:
        """The connection of a member broke: the grace begins, unless it has already."""
        entry = self._entries.get(member)
        if entry is not None and entry.away_since is None:
            entry.away_since = now

    def leave(self, member: str) -> Diff:
        """Somebody said that they leave."""
        return Diff({}, frozenset({member} if self._entries.pop(member, None) else ()))

    def sync(self, here: Mapping[str, bytes], now: float) -> Diff:
        """Compare with what the broker has: who is missing there breaks off, and whose grace is over goes [D6]."""
        joined = {member: meta for member, meta in here.items() if self.enter(member, meta)}
        for member in self._entries.keys() - here.keys():
            self.break_off(member, now)
        return Diff(joined, self.expire(now).left)

    def expire(self, now: float) -> Diff:
        """Let go of those whose grace is over."""
        gone = frozenset(member for member, entry in self._entries.items() if self._over(entry, now))
        for member in gone:
            del self._entries[member]
        return Diff({}, gone)

    def shown(self) -> Mapping[str, bytes]:
        """Everybody that others see, those in their grace too."""
        return {member: entry.meta for member, entry in self._entries.items()}

    def _over(self, entry: _Entry, now: float) -> bool:
        return entry.away_since is not None and now - entry.away_since >= self._grace


class Coalescer(Generic[S, V]):
    """Lets at most one signal per `interval` pass for each source and kind; of several, the newest [D6].

    Remembers only the sources and kinds of the last interval and what waits.
    """

    def __init__(self, interval: float = 0.1) -> None:
        self._interval = interval
        # In the order of time, so that the old ones are found at the front.
        self._passed: dict[tuple[S, str], float] = {}
        self._waiting: dict[tuple[S, str], tuple[float, V]] = {}

    def offer(self, source: S, kind: str, value: V, now: float) -> bool:
        """True if it may be sent now; otherwise it waits, in the place of an older one, until it is `due`."""
        self._forget_old(now)
        key = (source, kind)
        passed = self._passed.get(key)
        if passed is None:
            self._pass(key, now)
            return True
        self._waiting[key] = (passed + self._interval, value)
        return False

    def due(self, now: float) -> list[tuple[S, str, V]]:
        """What waited and may be sent now."""
        self._forget_old(now)
        ready = [(key, value) for key, (due, value) in self._waiting.items() if due <= now]
        for key, _ in ready:
            self._pass(key, now)
        return [(*key, value) for key, value in ready]

    def next_due(self) -> float | None:
        """When to call `due` next; None as long as nothing waits."""
        return min((due for due, _ in self._waiting.values()), default=None)

    def forget(self, source: S) -> None:
        """The source is gone: nothing of it may be sent any more [D6]."""
        for key in [key for key in self._waiting if key[0] == source]:
            del self._waiting[key]

    def _pass(self, key: tuple[S, str], now: float) -> None:
        self._waiting.pop(key, None)
        self._passed.pop(key, None)
        self._passed[key] = now

    def _forget_old(self, now: float) -> None:
        while self._passed:
            key = next(iter(self._passed))
            if self._passed[key] + self._interval > now:
                return
            del self._passed[key]
