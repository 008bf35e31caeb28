"""Socket.IO packets (protocol revision 5) for python-socketio, with what this server accepts of them."""

import re
from typing import Any, Final

import orjson
from socketio import packet as stock

UNREADABLE: Final = object()
"""Stands for the arguments of an event whose JSON could not be read."""
ATTACHMENTS: Final = 16
"""Binary attachments that one packet may have."""
DEPTH: Final = 250
"""What is nested deeper cannot be sent (orjson's limit is 254)."""
RESERVED: Final = frozenset(
    {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"}
)
"""Names that Socket.IO keeps for itself: as an event's they would reach an application's own handlers of them."""

_HEAD: Final = re.compile(r"([0-6])(?:(\d{1,4})-)?(?:(/[^,]{0,255}),?)?(\d{1,15})?", re.ASCII)
_EVENTS: Final = (stock.EVENT, stock.BINARY_EVENT)
_ACKS: Final = (stock.ACK, stock.BINARY_ACK)
_BINARY: Final = (stock.BINARY_EVENT, stock.BINARY_ACK)


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


class WirePacket(stock.Packet):  # type: ignore[misc]  # the library has no types
    """A Socket.IO packet, read strictly."""

    json = Codec
    # The library would search all data for bytes before it knows that there are any.
    uses_binary_events = False

    def encode(self) -> Any:
        """The packet's text; a list with its attachments after it if its data has bytes."""
        kind, data, attachments = self.packet_type, self.data, None
        try:
            text = b"" if data is None else orjson.dumps(data)
        except TypeError:
            kind, data, attachments = _with_placeholders(kind, data)
            text = orjson.dumps(data)
        count = "" if attachments is None else f"{len(attachments)}-"
        namespace = "" if self.namespace in (None, "/") else f"{self.namespace},"
        number = "" if self.id is None else self.id
        whole = f"{kind}{count}{namespace}{number}{text.decode()}"
        return whole if attachments is None else [whole, *attachments]

    @staticmethod
    def ack_text(namespace: str, number: int, data: list[Any]) -> bytes | None:
        """An acknowledgement's text as `encode` has it, in UTF-8; None if it has attachments."""
        try:
            text = orjson.dumps(data)
        except TypeError:
            return None
        prefix = "3" if namespace == "/" else f"3{namespace},"
        return f"{prefix}{number}".encode() + text

    def decode(self, encoded_packet: Any) -> int:
        """Reads a packet's text; returns how many attachments follow.

        Raises:
            BadPacket: for everything that is not as the protocol has it.
        """
        if not isinstance(encoded_packet, str):
            raise BadPacket("not a text")
        head = _HEAD.match(encoded_packet)
        if head is None:
            raise BadPacket("no packet type")
        kind, count, namespace, number = head.groups()
        self.packet_type = int(kind)
        self.namespace = namespace.partition("?")[0] if namespace else None
        self.id = int(number) if number else None
        self.data = self._read(encoded_packet[head.end() :])
        self._check(int(count) if count else 0, count is not None)
        return int(count) if count else 0

    def add_attachment(self, attachment: Any) -> bool:
        """Takes the next attachment; True once all are there. Raises BadPacket."""
        if not isinstance(attachment, bytes):
            raise BadPacket("an attachment is missing")
        self.attachments.append(attachment)
        if len(self.attachments) < self.attachment_count:
            return False
        try:
            self.data = _put_in(self.data, self.attachments)
        except RecursionError:
            raise BadPacket("nested beyond reason") from None
        return True

    def _read(self, text: str) -> Any:
        if not text:
            return None
        try:
            data = orjson.loads(text)
            if text.count("[") + text.count("{") > DEPTH:
                orjson.dumps(data)
        except orjson.JSONDecodeError:
            raise BadPacket("not JSON") from None
        except TypeError:
            raise BadPacket("nested beyond what can be sent") from None
        return data

    def _check(self, attachments: int, counted: bool) -> None:
        if counted != (self.packet_type in _BINARY) or attachments > ATTACHMENTS:
            raise BadPacket("attachments where there can be none, or too many")
        check(self.packet_type, self.id, self.data)


def check(kind: int, number: int | None, data: Any) -> None:
    """Whether a packet of this kind may have such data. Raises BadPacket."""
    if kind == stock.CONNECT:
        fits = data is None or isinstance(data, dict)
    elif kind == stock.DISCONNECT:
        fits = data is None
    elif kind in _EVENTS:
        fits = isinstance(data, list) and bool(data) and isinstance(data[0], str) and data[0] not in RESERVED
    elif kind in _ACKS:
        fits = isinstance(data, list) and number is not None
    else:
        fits = False
    if not fits:
        raise BadPacket("not the data of such a packet")


def _put_in(data: Any, attachments: list[bytes]) -> Any:
    """The data with each placeholder replaced by its attachment."""
    if isinstance(data, list):
        return [_put_in(item, attachments) for item in data]
    if not isinstance(data, dict):
        return data
    if data.get("_placeholder") is not True:
        return {name: _put_in(value, attachments) for name, value in data.items()}
    number = data.get("num")
    if type(number) is not int or not 0 <= number < len(attachments):
        raise BadPacket("a placeholder of nothing")
    return attachments[number]


def _with_placeholders(kind: int, data: Any) -> tuple[int, Any, list[bytes]]:
    """An event or ack with bytes in it, as one of the binary types; its data without them, and them."""
    if kind not in (stock.EVENT, stock.ACK):
        raise TypeError("such a packet has no attachments")
    replaced, attachments = stock.Packet.deconstruct_binary(data)
    return kind + stock.BINARY_EVENT - stock.EVENT, replaced, attachments


class LivePacket(WirePacket):
    """A packet of this platform's clients: nothing binary.

    A command whose JSON is broken and a connect with whatever instead of an object can be answered, so they are read.
    """

    def _read(self, text: str) -> Any:
        try:
            return super()._read(text)
        except BadPacket:
            if self.packet_type != stock.EVENT or not text.startswith("["):
                raise
            return [UNREADABLE]

    def _check(self, attachments: int, counted: bool) -> None:
        if not counted and (self.data == [UNREADABLE] or self.packet_type == stock.CONNECT):
            return
        super()._check(attachments, counted)
        if self.packet_type in _BINARY:
            raise BadPacket("binary packets are not accepted")


def packets_of(serializer: Any) -> Any:
    """The packet class that an application's `serializer` stands for."""
    if serializer == "msgpack":
        from realtime.msgpack_packets import MsgPackPacket  # it imports this module

        return MsgPackPacket
    return WirePacket if serializer == "default" else serializer
