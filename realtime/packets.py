"""Packets as python-socketio and python-engineio exchange them, with what this server accepts of them."""

from collections.abc import Callable
from typing import Any

import orjson
from engineio import packet as engine
from socketio import packet as socket

UNREADABLE = object()
"""Stands for the arguments of an event whose JSON could not be read."""


class BadPacket(ValueError):
    """A packet that breaks the protocol: the connection it came from is closed."""


class Codec:
    """orjson with the standard library's names. Refuses NaN, infinities and what is nested beyond reason."""

    @staticmethod
    def dumps(value: Any, **_: Any) -> str:
        return orjson.dumps(value).decode()

    @staticmethod
    def loads(text: str) -> Any:
        return orjson.loads(text)


class WirePacket(socket.Packet):  # type: ignore[misc]  # the library has no types
    """A Socket.IO packet. No binary ones; an event is a list that starts with its name."""

    json = Codec
    uses_binary_events = False

    def decode(self, encoded_packet: Any) -> int:
        """Reads a packet. An event whose head is sound but whose JSON is not can still be answered.

        Raises:
            BadPacket: for everything else that is not as the protocol has it.
        """
        if not isinstance(encoded_packet, str):
            raise BadPacket("not a text")
        try:
            attachments: int = super().decode(encoded_packet)
        except orjson.JSONDecodeError:
            if self.packet_type != socket.EVENT:
                raise BadPacket("not JSON") from None
            self.data = [UNREADABLE]
            return 0
        if attachments or self.packet_type in (socket.BINARY_EVENT, socket.BINARY_ACK):
            raise BadPacket("binary packets are not accepted")
        if self.packet_type == socket.EVENT and not self._is_event():
            raise BadPacket("not an event")
        return 0

    def _is_event(self) -> bool:
        return isinstance(self.data, list) and bool(self.data) and isinstance(self.data[0], str)


class Outgoing(engine.Packet):  # type: ignore[misc]  # the library has no types
    """A message that says when the engine hands it to the transport."""

    def __init__(self, text: str, taken: Callable[[], None]) -> None:
        super().__init__(engine.MESSAGE, data=text)
        self._taken: Callable[[], None] | None = taken

    def encode(self, b64: bool = False) -> str:
        if self._taken is not None:
            self._taken()
            self._taken = None
        return f"4{self.data}"
