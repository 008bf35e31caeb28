"""Plays stored history into a projection and prints it: `python -m backend.adapters.db.replay counts [QUOTATION]`.

The database is that of SPIRIT_DATABASE_URL. For operators: what it prints is not made for a viewer.
"""

import asyncio
import os
import sys

import orjson
from sqlalchemy.exc import SQLAlchemyError

from backend.adapters.db import open_database
from backend.services.history import replay
from backend.services.projections import BY_NAME, written


async def run(url: str, name: str, quotation_id: str | None) -> object:
    """Raises:
    KeyError: there is no such projection.
    """
    projection = BY_NAME[name]
    database = open_database(url)
    await database.start()
    try:
        return written(await replay(database, projection, quotation_id))
    finally:
        await database.close()


def main() -> int:
    """0, or 1 with one line that says what went wrong."""
    name, *quotation = sys.argv[1:3] or [""]
    if name not in BY_NAME:
        print(f"cannot replay: say one of {', '.join(BY_NAME)}", file=sys.stderr)
        return 1
    try:
        made = asyncio.run(run(os.environ.get("SPIRIT_DATABASE_URL", ""), name, quotation[0] if quotation else None))
    except (SQLAlchemyError, OSError, ValueError) as error:
        print(f"cannot replay: {str(error).splitlines()[0]}", file=sys.stderr)
        return 1
    sys.stdout.buffer.write(orjson.dumps(made, option=orjson.OPT_INDENT_2) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
