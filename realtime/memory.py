"""A node's memory: what its start leaves behind is given back, so that what is left is for connections."""

import ctypes
import gc
import sys
from types import ModuleType
from typing import Final

GC_THRESHOLDS: Final = (20_000, 50, 50)
"""Connections come by thousands, and few of their objects are in cycles."""
_M_ARENA_MAX: Final = -8
_M_MMAP_THRESHOLD: Final = -3
_M_TRIM_THRESHOLD: Final = -1
LARGE: Final = 65_536
"""Bytes from which on a block has pages of its own, which go back to the system with it: large answers come in bursts,
and would leave a heap full of holes."""
_LEFT_ON_TOP: Final = 1_048_576
_UNUSED: Final = ("aiohttp", "requests", "redis", "valkey", "websocket", "rich")
_IMPORTED_FOR_NOTHING: Final = ("sqlalchemy.ext.asyncio.session", "sqlalchemy.ext.asyncio.scoping", "uvicorn.main")


class _Nothing(ModuleType):
    """A module in which everything is None."""

    def __getattr__(self, name: str) -> None:
        return None


def prepare(*, clients: bool, crypto: bool = False) -> None:
    """To be called before the imports of the server.

    Args:
        clients: whether this process has Socket.IO clients of its own. Wherever they are installed, python-socketio
            imports HTTP libraries for them, and redis-py for a manager that nobody uses here; structlog imports rich,
            and PyJWT cryptography, for other algorithms than ours; SQLAlchemy brings its ORM with its asynchronous
            engine, and uvicorn its command line. Those are 50 MB that a server has no use for.
        crypto: whether there are tokens of such algorithms to verify, or keys for what the broker keeps.
    """
    if not clients:
        for name in (*_UNUSED, *(() if crypto else ("cryptography",))):
            sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # how Python spells "not to be imported"
        for name in _IMPORTED_FOR_NOTHING:
            sys.modules.setdefault(name, _Nothing(name))
    libc = _glibc()
    if libc is not None:
        libc.mallopt(_M_ARENA_MAX, 1)
        libc.mallopt(_M_MMAP_THRESHOLD, LARGE)
        libc.mallopt(_M_TRIM_THRESHOLD, _LEFT_ON_TOP)


def settle() -> None:
    """To be called once the server answers: what is there stays, and the collector need not walk it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    """The C library if it is glibc: others have no such calls, and no such need."""
    try:
        libc = ctypes.CDLL("libc.so.6")
    except OSError:
        return None
    return libc if hasattr(libc, "malloc_trim") else None
