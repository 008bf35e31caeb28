"""After a restore from a backup: `python -m backend.adapters.db.restored [URL]`, while no other process runs.

A restored database counts again from where it stood, so positions would be given a second time that clients and the
broker know by other frames. Every channel starts anew instead: whoever comes back with a position of before gets a
snapshot [D3], and the broker, whatever it remembers, takes what comes next. Running it once more does no harm.

Without an argument the URL comes from SPIRIT_DATABASE_URL.
"""

import asyncio
import os
import sys
import time
from typing import cast

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import SQLAlchemyError

from backend.adapters.db import open_database, tables
from backend.adapters.db.database import SqlDatabase
from backend.adapters.db.writes import fresh_epoch

_channels = tables.channels.c
_NAMES = select(_channels.name)
# A count of seconds is above every generation that was counted up one by one, and above that of a restore before.
_ANEW = (
    update(tables.channels)
    .where(_channels.name == bindparam("channel"))
    .values(gen=bindparam("later"), epoch=bindparam("fresh"), seq=0)
)


async def start_channels_anew(url: str) -> int:
    """Gives every channel a new generation and epoch; how many there are."""
    database = cast(SqlDatabase, open_database(url))  # there is no other kind
    await database.start()
    try:
        gen = int(time.time())
        names = [row.name for row in await database.rows(_NAMES)]
        if names:
            await database.write(_ANEW, [{"channel": name, "later": gen, "fresh": fresh_epoch()} for name in names])
        return len(names)
    finally:
        await database.close()


def main(arguments: list[str]) -> int:
    """0, or 1 with one line that says what went wrong."""
    url = arguments[0] if arguments else os.environ.get("SPIRIT_DATABASE_URL", "")
    try:
        count = asyncio.run(start_channels_anew(url))
    except (SQLAlchemyError, OSError, ValueError) as error:
        sys.stderr.write(f"cannot start the channels anew: {str(error).splitlines()[0]}\n")
        return 1
    sys.stdout.write(f"{count} channels start anew\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
