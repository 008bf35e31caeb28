"""Fresh ids: UUIDv7 (RFC 9562) without a counter, so that an id tells when it was made and nothing else. [P4]"""

import secrets
import time
import uuid

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62


def new_id() -> str:
    """48 bits of Unix time in milliseconds, then 74 random bits."""
    stamp = (time.time_ns() // 1_000_000) << 80
    first, last = secrets.randbits(12) << 64, secrets.randbits(62)
    return str(uuid.UUID(int=stamp | _VERSION | first | _VARIANT | last))
