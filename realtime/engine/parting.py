"""What clients that poll are told when they come back to a session that the server has ended meanwhile."""

from typing import Final

AT_ONCE: Final = 1_000
"""Sessions that this is kept for; the oldest go first."""
BYTES: Final = 4_194_304
"""What is kept for all of them together: nobody may ever come for it [D7]."""


class Parting:
    """The last frames of ended sessions, each taken once."""

    def __init__(self) -> None:
        self._frames: dict[str, list[bytes]] = {}
        self._size = 0

    def keep(self, sid: str, frames: list[bytes]) -> None:
        """Keeps a session's last frames."""
        self._frames[sid] = frames
        self._size += sum(map(len, frames))
        while len(self._frames) > AT_ONCE or self._size > BYTES:
            self.take(next(iter(self._frames)))

    def take(self, sid: str | None) -> list[bytes] | None:
        """A session's last frames, if there are any."""
        frames = self._frames.pop(sid, None) if sid else None
        self._size -= sum(map(len, frames or ()))
        return frames
