"""Socket.IO packets in MessagePack (socket.io-msgpack-parser), read as strictly as those in JSON."""

from typing import Any, Final

from socketio import packet as stock
from socketio.msgpack_packet import MsgPackPacket as StockPacket

from realtime.packets import BadPacket, check

_KINDS: Final = (stock.CONNECT, stock.DISCONNECT, stock.EVENT, stock.ACK)


class MsgPackPacket(StockPacket):  # type: ignore[misc]  # the library has no types
    """The library's packet; bytes are data like any other, so there are no attachments."""

    def decode(self, encoded_packet: Any) -> int:
        """Reads a packet.

        Raises:
            BadPacket: for everything that is not as the protocol has it.
        """
        try:
            super().decode(encoded_packet)
        except Exception as failure:
            # msgpack's errors have no base of their own, and whatever was read need not be a map.
            raise BadPacket("not a packet") from failure
        kind, number, namespace = self.packet_type, self.id, self.namespace
        if type(kind) is not int or kind not in _KINDS or not isinstance(namespace, str):
            raise BadPacket("not a packet")
        if number is not None and (type(number) is not int or number < 0):
            raise BadPacket("not the number of an ack")
        check(kind, number, self.data)
        return 0
