"""What a node puts on a request that it carries to another: who sent it first, and a proof that a node carries it.

Pure. The proof is an HMAC over the time, the request line and who sent it; the clocks of nodes may differ by `SKEW`.
"""

import hmac
from typing import Final, NamedTuple

HEADER: Final = b"x-carried"
SKEW: Final = 30.0
"""Seconds that a seal holds, before and after its time."""

_NOBODY: Final = "-"


class Origin(NamedTuple):
    """How a request came in where it came in first; `client` is the address of who sent it."""

    scheme: str
    client: tuple[str, int] | None


def key_of(secret: str) -> bytes:
    """The key of seals that belongs to the secret which all nodes share."""
    return hmac.digest(secret.encode(), b"requests between nodes", "sha256")


def sealed(key: bytes, now: float, method: str, target: bytes, origin: Origin) -> bytes:
    """The header's value; `now` is the time of day in seconds, `target` what stands in the request line."""
    host, port = origin.client or (_NOBODY, 0)
    told = f"{round(now * 1000)} {origin.scheme} {host} {port}".encode()
    return told + b" " + _proof(key, told, method, target)


def opened(key: bytes, now: float, method: str, target: bytes, value: bytes) -> Origin | None:
    """Who sent a request first; None if no node carries it."""
    told, _, proof = value.rpartition(b" ")
    if not hmac.compare_digest(proof, _proof(key, told, method, target)):
        return None
    time, scheme, host, port = told.decode().split(" ")
    if abs(now - int(time) / 1000) > SKEW:
        return None
    return Origin(scheme, None if host == _NOBODY else (host, int(port)))


def _proof(key: bytes, told: bytes, method: str, target: bytes) -> bytes:
    sealed_text = b"\n".join((told, method.encode(), target))
    return hmac.digest(key, sealed_text, "sha256").hex().encode()
