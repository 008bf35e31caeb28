"""What this process takes of its machine, told at a price that does not grow with its open files."""

import os
import time
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

_STAT: Final = Path("/proc/self/stat")
_FILES: Final = "/proc/self/fd"


class Usage(NamedTuple):
    """`started_at` is a Unix time. All is 0 where the system does not say."""

    memory_bytes: int = 0
    open_files: int = 0
    cpu_seconds: float = 0.0
    started_at: float = 0.0


def usage() -> Usage:
    """As it is now."""
    try:
        # Behind the name, which may hold anything.
        fields = _STAT.read_text().rpartition(")")[2].split()
        files = _open_files()
    except OSError:
        return Usage()
    ticks = os.sysconf("SC_CLK_TCK")
    return Usage(
        memory_bytes=int(fields[21]) * os.sysconf("SC_PAGE_SIZE"),
        open_files=files,
        cpu_seconds=(int(fields[11]) + int(fields[12])) / ticks,
        started_at=_started_at(int(fields[19]) / ticks),
    )


def _open_files() -> int:
    """Linux tells their number since 6.2; to list those of a node with thousands of connections is work."""
    return os.stat(_FILES).st_size or len(os.listdir(_FILES))


@cache
def _started_at(since_boot: float) -> float:
    return time.time() - (time.clock_gettime(time.CLOCK_BOOTTIME) - since_boot)
