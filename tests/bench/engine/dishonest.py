"""Servers that break their word, to see the generator notice: `python -m tests.bench.engine.dishonest HOW SECRET`."""

import sys

from tests.bench.engine.servers.bare import Bare
from tests.bench.engine.servers.ports import listeners

WAYS = ("doubles", "loses", "swaps", "tells others")


class Dishonest(Bare):
    """Emits wrongly in one way."""

    def emit(self, room: str, first: int, count: int, padding: int) -> None:
        match sys.argv[1]:
            case "doubles":
                super().emit(room, first, count, padding)
                super().emit(room, first, count, padding)
            case "loses":
                super().emit(room, first + 1, count, padding)
            case "swaps" if count > 1:
                super().emit(room, first + 1, 1, padding)
                super().emit(room, first, 1, padding)
            case "tells others" if room != self.largest:
                super().emit(self.largest, first, count, padding)
            case _:
                super().emit(room, first, count, padding)

    @property
    def largest(self) -> str:
        return max(self.rooms, key=lambda room: len(self.rooms[room]))


if __name__ == "__main__":
    Dishonest(*listeners()).run()
