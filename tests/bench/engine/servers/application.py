"""What the two Python servers have in common: the application, which knows only python-socketio's public API."""

import asyncio
import socket
from typing import Any

import jwt
import socketio

OPTIONS: dict[str, Any] = {"async_mode": "asgi", "ping_interval": 25, "ping_timeout": 20}


def serve(server: socketio.AsyncServer, secret: str) -> None:
    """Registers the handlers."""

    async def connect(sid: str, environ: dict[str, Any], auth: dict[str, Any] | None) -> None:
        given = auth or {}
        rooms = list(given.get("rooms", ()))
        if "token" in given:
            try:
                claims = jwt.decode(given["token"], secret, algorithms=["HS256"])
            except jwt.InvalidTokenError as error:
                raise socketio.exceptions.ConnectionRefusedError("invalid token") from error
            rooms += [f"user:{claims['sub']}", f"company:{claims['company']}", "public"]
        for room in rooms:
            await server.enter_room(sid, room)

    async def echo(sid: str, data: Any) -> Any:
        return data

    server.on("connect", connect)
    server.on("echo", echo)


async def control(server: socketio.AsyncServer, listener: socket.socket) -> asyncio.Server:
    """Takes commands on a listening socket."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            _, room, first, count, padding = line.decode().split()
            pad = "x" * int(padding)
            for number in range(int(first), int(first) + int(count)):
                await server.emit("event", {"n": number, "pad": pad}, room=room)
            await asyncio.sleep(0)

    return await asyncio.start_server(take, sock=listener)
