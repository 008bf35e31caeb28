"""What clients that poll are told when they come back to a session that the server has ended meanwhile."""

from typing import Final

AT_ONCE: Final = 1_000
"""Sessions that this is kept for; the oldest go first."""


class Parting:
    """The last frames of ended sessions, each taken once."""

    def __init__(self) -> None:
        self._frames: dict[str, list[bytes]] = {}

    def keep(self, sid: str, frames: list[bytes]) -> None:
        """Keeps a session's last frames."""
        self._frames[sid] = frames
        if len(self._frames) > AT_ONCE:
            del self._frames[next(iter(self._frames))]

    def take(self, sid: str | None) -> list[bytes] | None:
        """A session's last frames, if there are any."""
        return self._frames.pop(sid, None) if sid else None
