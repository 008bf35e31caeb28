"""Sessions and the sockets under them, with all that was written."""

import asyncio

from realtime.engine.packets import payload_of, text_message
from realtime.engine.polling import Poll
from realtime.engine.server import Engine
from realtime.engine.sessions import Session
from tests.support.frames import received
from tests.unit.realtime.node import Wire, link


class Socket:
    """A WebSocket's two halves: what was written, how it was closed. Full after `room` writes."""

    def __init__(self, room: int = 1_000) -> None:
        self.writes: list[bytes] = []
        self.closed: tuple[int, bytes] | None = None
        self.listened: list[bool] = []
        self._room = room

    def write(self, data: bytes) -> None:
        self.writes.append(data)

    def close(self, code: int, last: bytes = b"") -> None:
        self.closed = (code, last)

    def listen(self, on: bool) -> None:
        self.listened.append(on)

    def paused(self) -> bool:
        return len(self.writes) >= self._room

    @property
    def texts(self) -> list[str]:
        return [payload.decode()[1:] for _, payload in received(b"".join(self.writes))]


def polled(engine: Engine, *contents: str) -> Session:
    """A session that polls, with what waits for it."""
    session = link(Wire(reading=False), engine)
    send(session, *contents)
    return session


def send(session: Session, *contents: str) -> None:
    for content in contents:
        session.send(text_message(content.encode()))
        session.flush()


def poll(session: Session) -> "asyncio.Future[list[bytes]]":
    """A poll that waits."""
    session.poll = Poll()
    return session.poll._answer


def said(answer: "asyncio.Future[list[bytes]]") -> list[str]:
    return payload_of(answer.result()).decode().split("\x1e")
