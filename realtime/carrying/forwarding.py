"""A request of long-polling, sent on to another node as HTTP; its answer is passed back as it comes.

Each request has a connection of its own. If either side goes away, so does the other: the session's node learns of a
client that no longer waits as it would from the client itself.
"""

import asyncio
import contextlib
from typing import Final
from urllib.parse import quote

from realtime.carrying.peers import CONNECT_SECONDS, Address
from realtime.carrying.seals import HEADER
from realtime.engine.elsewhere import Receive, Send
from realtime.engine.handshake import Refused, Request, too_large, unknown_session

_HEAD_BYTES: Final = 65_536
_PIECE: Final = 65_536
_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length"
_WITH_BODY: Final = "POST"
"""The one method whose body means something; no other request brings one to another node."""
_OF_THE_CONNECTION: Final = frozenset(
    {b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade", b"expect", b"date", HEADER}
)

Headers = list[tuple[bytes, bytes]]


def target_of(request: Request) -> bytes:
    """What stands in the request line for a path and a query."""
    path = quote(request.path).encode()
    return path + b"?" + request.query if request.query else path


async def exchange(
    peer: Address, request: Request, seal: bytes, receive: Receive, send: Send, *, limit: int, patience: float
) -> None:
    """Has another node answer a request.

    Args:
        limit: bytes of a body beyond which the rest need not be sent: the answer is known to be a refusal.
        patience: seconds in which the answer has to begin.

    Raises:
        Refused: the node can't be reached, or ends before it answers.
        ConnectionAbortedError: the client went away, or the node did in the middle of its answer.
    """
    reader, writer = await _connected(peer)
    try:
        writer.write(_head(request, seal))
        fits = request.method != _WITH_BODY or await _send_body(request, receive, writer, limit)
        try:
            status, headers, length = await _begun(reader, receive, patience)
        except Refused:
            # Who refuses a body without reading it may end the connection before the answer is read.
            raise (unknown_session() if fits else too_large()) from None
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await _pass_on(reader, length, send)
    finally:
        writer.transport.abort()


async def ask(peer: Address, request: Request, seal: bytes) -> None:
    """Asks another node for something, and does not wait for what it answers. Raises Refused."""
    _, writer = await _connected(peer)
    writer.write(_head(request, seal))
    writer.close()


async def _connected(peer: Address) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await asyncio.open_connection(*peer, limit=_HEAD_BYTES)
    except (OSError, TimeoutError):
        raise unknown_session() from None


def _head(request: Request, seal: bytes) -> bytes:
    lines = [b"%b %b HTTP/1.1" % (request.method.encode(), target_of(request))]
    dropped = _OF_THE_CONNECTION if request.method == _WITH_BODY else _OF_THE_CONNECTION | {_LENGTH}
    lines += [b"%b: %b" % header for header in request.headers.items() if header[0] not in dropped]
    lines += [b"connection: close", HEADER + b": " + seal]
    if _is_chunked(request):
        lines.append(b"transfer-encoding: chunked")
    return b"\r\n".join(lines) + _END


def _is_chunked(request: Request) -> bool:
    return request.method == _WITH_BODY and _LENGTH not in request.headers


async def _send_body(request: Request, receive: Receive, writer: asyncio.StreamWriter, limit: int) -> bool:
    """Sends a body as it comes, unless it says that it is too large; whether it was not."""
    declared = request.headers.get(_LENGTH, b"0")
    if declared.isdigit() and int(declared[:20]) > limit:
        return False
    chunked, sent, more = _is_chunked(request), 0, True
    while more and sent <= limit:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise ConnectionAbortedError
        piece, more = event.get("body", b""), event.get("more_body", False)
        sent += len(piece)
        if piece:
            writer.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            # What the other side answers, if anything, is told by reading.
            with contextlib.suppress(ConnectionError):
                await writer.drain()
    if chunked:
        writer.write(b"0" + _END)
    return sent <= limit


async def _begun(reader: asyncio.StreamReader, receive: Receive, patience: float) -> tuple[int, Headers, int]:
    """Waits for the head of the answer as long as the client does."""
    head = asyncio.ensure_future(reader.readuntil(_END))
    gone = asyncio.create_task(_gone(receive))
    try:
        await asyncio.wait((head, gone), timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        if head.done():
            return _parsed(head.result())
        if gone.done():
            raise ConnectionAbortedError
        raise unknown_session()
    except (EOFError, ValueError, asyncio.LimitOverrunError, ConnectionResetError):
        raise unknown_session() from None
    finally:
        head.cancel()
        gone.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _parsed(head: bytes) -> tuple[int, Headers, int]:
    first, *lines = head[: -len(_END)].split(b"\r\n")
    pairs = [line.partition(b":") for line in lines]
    headers = [(name.lower(), value.strip()) for name, _, value in pairs]
    length = int(dict(headers)[_LENGTH])
    return int(first.split(b" ")[1]), [one for one in headers if one[0] not in _OF_THE_CONNECTION], length


async def _pass_on(reader: asyncio.StreamReader, length: int, send: Send) -> None:
    while True:
        piece = await _read(reader, min(length, _PIECE))
        length -= len(piece)
        await send({"type": "http.response.body", "body": piece, "more_body": length > 0})
        if not length:
            return


async def _read(reader: asyncio.StreamReader, most: int) -> bytes:
    if not most:
        return b""
    try:
        piece = await reader.read(most)
    except ConnectionError:
        piece = b""
    if not piece:
        raise ConnectionAbortedError
    return piece
