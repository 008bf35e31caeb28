"""How a process that cannot start says so: one line on standard error, and exit status 2."""

import sys
from typing import NoReturn


def refuse(why: str) -> NoReturn:
    """Ends the process, telling somebody at a terminal why."""
    sys.stderr.write(f"spirit: {why}\n")
    raise SystemExit(2)


def refuse_after(failure: Exception) -> NoReturn:
    """Ends the process over a database or broker that is not there, or a schema that is not made."""
    brief = f"{type(failure).__name__}: {failure}".splitlines()[0][:200]
    refuse(f"cannot start: {brief} (SPIRIT_LOG_LEVEL=debug tells more)")
