"""How many connections this process can have: each takes a file, and who has none left can't even refuse."""

import resource
from typing import Final

RESERVE: Final = 512
"""Files for everything but sessions: databases, brokers, REST, and whoever is being refused."""

MOST: Final = 1_048_576
"""What Linux grants where nothing is limited."""


def most_sessions() -> int:
    """Raises the limit of open files as far as it goes; the sessions that there are files for."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        hard = MOST
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return max(1, hard - RESERVE)
