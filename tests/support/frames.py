"""WebSocket frames as a client makes them (RFC 6455, 5.2), written bit by bit and apart from the product's code."""

from dataclasses import dataclass

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


@dataclass(frozen=True)
class Sent:
    """A client's frame. `bits` are the three reserved ones; `width` forces a length of 7, 16 or 64 bits."""

    opcode: int
    payload: bytes = b""
    fin: bool = True
    mask: bytes | None = b"\x37\xfa\x21\x3d"
    bits: int = 0
    width: int = 0

    def bytes(self) -> bytes:
        size = len(self.payload)
        width = self.width or (7 if size < 126 else 16 if size < 1 << 16 else 64)
        length = {7: size, 16: 126, 64: 127}[width]
        head = bytes([self.fin << 7 | self.bits << 4 | self.opcode, (self.mask is not None) << 7 | length])
        if width > 7:
            head += size.to_bytes(width // 8, "big")
        if self.mask is None:
            return head + self.payload
        return head + self.mask + bytes(byte ^ self.mask[at % 4] for at, byte in enumerate(self.payload))


def sent(*frames: Sent) -> bytes:
    """What is on the wire."""
    return b"".join(frame.bytes() for frame in frames)


def text(content: str) -> Sent:
    return Sent(TEXT, content.encode())


def received(data: bytes) -> list[tuple[int, bytes]]:
    """Opcode and payload of a server's frames: whole, not masked, in the shortest form."""
    found: list[tuple[int, bytes]] = []
    while data:
        assert data[0] & 0xF0 == 0x80, "whole, and no reserved bit"
        width = {126: 2, 127: 8}.get(data[1], 0)
        size = int.from_bytes(data[2 : 2 + width], "big") if width else data[1]
        assert data[1] < 128, "not masked"
        assert size >= {0: 0, 2: 126, 8: 65_536}[width], "as short as can be"
        end = 2 + width + size
        assert len(data) >= end, "complete"
        found.append((data[0] & 0x0F, data[2 + width : end]))
        data = data[end:]
    return found
