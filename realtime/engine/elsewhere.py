"""What the engine knows of other nodes: that a session which is not here may be one of theirs.

An engine without an `Elsewhere` is alone, and knows all sessions that there are.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from realtime.engine.handshake import Refused, Request

if TYPE_CHECKING:
    import asyncio

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

NAME_BYTES: Final = 6
"""Random bytes of an engine's name, which its sessions' ids begin with."""
NAME_LENGTH: Final = 8
SECRET_BYTES: Final = 15
"""Random bytes of the rest of a session's id: who knows it has the session."""
ID_LENGTH: Final = 28


class Foreign(Refused):
    """A request for a session that another node may have; to whoever can't ask that node, an unknown session."""

    def __init__(self, sid: str) -> None:
        super().__init__("Session ID unknown", 1)
        self.sid = sid


class Elsewhere(Protocol):
    """The other nodes."""

    @property
    def files(self) -> int:
        """Files that are open here for sessions of others."""

    async def forward(self, sid: str, request: Request, receive: Receive, send: Send) -> None:
        """Has the session's node answer a request.

        Raises:
            Refused: that node is gone, or there is no room to ask it.
            ConnectionAbortedError: the client, or the node in the middle of its answer, went away.
        """

    def tunnel(
        self, sid: str, request: Request, head: bytes, transport: "asyncio.Transport", connections: set[Any]
    ) -> None:
        """Takes over a connection that asks, with `head`, for a WebSocket to a session; it is one of `connections`."""


def engine_of(sid: str) -> str | None:
    """The name of the engine that made an id; None if no engine did."""
    return sid[:NAME_LENGTH] if len(sid) == ID_LENGTH else None
