"""Two connections joined: what one hears the other says, and neither is read while the other can't be written."""

import asyncio
from collections.abc import Callable
from typing import Final

from realtime.carrying.peers import CONNECT_SECONDS, Address
from realtime.engine.handshake import unknown_session

LINGER: Final = 5.0
"""Seconds that who does not read has for the last bytes, once the other side is gone."""


class End(asyncio.Protocol):
    """One side of a tunnel. `over` is called when its connection is lost."""

    other: "End"

    def __init__(self, transport: asyncio.Transport, over: Callable[["End"], None]) -> None:
        self.transport = transport
        self._over = over
        self._silent = False

    def connection_lost(self, exc: Exception | None) -> None:
        self.other.shutdown()
        self._over(self)

    def data_received(self, data: bytes) -> None:
        if not self.other.transport.is_closing():
            self.other.transport.write(data)

    def eof_received(self) -> bool:
        """This side says no more: neither does the other, which may still listen. Whether this one stays open."""
        self._silent = True
        other = self.other
        if other._silent or other.transport.is_closing() or not other.transport.can_write_eof():
            return False
        other.transport.write_eof()
        return True

    def pause_writing(self) -> None:
        _listen(self.other, on=False)

    def resume_writing(self) -> None:
        _listen(self.other, on=True)

    def shutdown(self) -> None:
        """Ends the tunnel, once what is still to be said was said or took too long; uvicorn calls it at its stop."""
        if self.transport.is_closing():
            return
        if self.transport.get_write_buffer_size():
            asyncio.get_running_loop().call_later(LINGER, self.transport.abort)
        self.transport.close()


async def reach(peer: Address) -> asyncio.Transport:
    """A connection to another node, which nobody reads before it is joined. Raises Refused."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            transport, _ = await loop.create_connection(asyncio.Protocol, *peer)
    except (OSError, TimeoutError):
        raise unknown_session() from None
    transport.pause_reading()
    return transport


def join(near: asyncio.Transport, far: asyncio.Transport, over: Callable[[End], None]) -> End:
    """Makes a tunnel of a client's connection and one to another node, neither being read; the client's end of it.

    `over` is called when it has ended.
    """
    ends = End(near, over), End(far, _nothing)
    ends[0].other, ends[1].other = ends[1], ends[0]
    near.set_write_buffer_limits()
    for end in ends:
        end.transport.set_protocol(end)
        _listen(end, on=True)
    return ends[0]


def _nothing(_: End) -> None:
    pass


def _listen(end: End, *, on: bool) -> None:
    if end.transport.is_closing():
        return
    if on:
        end.transport.resume_reading()
    else:
        end.transport.pause_reading()
