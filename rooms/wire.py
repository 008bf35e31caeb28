"""How frames and signals are written to a broker: a byte for the kind, a line of words, and the body as it is.

Nobody on the way has to decode the body, and nothing here can be made to run code by who writes to the broker.
"""

from rooms.positions import Frame

FRAME = b"F"
SIGNAL = b"S"


class BadMessage(ValueError):
    """Bytes that were not written by this module."""


def encode_frame(frame: Frame) -> bytes:
    """`F gen seq epoch name LF body`."""
    return b"F%d %d %b %b\n%b" % (frame.gen, frame.seq, frame.epoch.encode(), frame.name.encode(), frame.body)


def decode_frame(message: bytes) -> Frame:
    """What `encode_frame` wrote. Raises BadMessage."""
    head, newline, body = message.partition(b"\n")
    try:
        gen, seq, epoch, name = head[1:].decode().split(" ")
        if head[:1] != FRAME or not newline:
            raise BadMessage("not a frame")
        return Frame(int(gen), epoch, int(seq), name, body)
    except ValueError as error:
        raise BadMessage("malformed frame") from error


def encode_signal(name: str, body: bytes) -> bytes:
    """`S name LF body`."""
    return b"S%b\n%b" % (name.encode(), body)


def decode_signal(message: bytes) -> tuple[str, bytes]:
    """`(name, body)` of what `encode_signal` wrote. Raises BadMessage."""
    head, newline, body = message.partition(b"\n")
    if head[:1] != SIGNAL or not newline:
        raise BadMessage("not a signal")
    try:
        return head[1:].decode(), body
    except UnicodeDecodeError as error:
        raise BadMessage("malformed signal") from error
