"""Fills the figures of the business again from the quotations: `python -m backend.adapters.db.recounting [URL]`.

While everything runs, and as often as one likes. Without an argument the URL comes from SPIRIT_DATABASE_URL.
"""

import asyncio
import os
import sys
from functools import partial
from typing import Final, cast

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from backend.adapters.db import open_database, tables
from backend.adapters.db.database import SqlDatabase
from backend.adapters.db.figures import keep
from backend.adapters.db.rows import quotation_from
from backend.adapters.db.store import Dialect
from backend.domain.figures import figures_of

_AT_ONCE: Final = 200
_FIRST: str | None = ""
_quotations = tables.quotations.c


def recount(connection: Connection) -> None:
    """All of them, in the connection's transaction."""
    dialect, after = _dialect_of(connection), _FIRST
    while after is not None:
        after = _recount_some(connection, dialect, after)


def _recount_some(connection: Connection, dialect: Dialect, after: str) -> str | None:
    """The next quotations by id; the last one's id, or None where there are no more."""
    mine = select(_quotations.id, _quotations.doc).where(_quotations.id > after)
    rows = connection.execute(mine.order_by(_quotations.id).limit(_AT_ONCE)).all()
    for row in rows:
        if quotation := quotation_from(row.doc):
            keep(connection, dialect, figures_of(quotation))
    return rows[-1].id if rows else None


def _dialect_of(connection: Connection) -> Dialect:
    if connection.dialect.name == "sqlite":
        from backend.adapters.db.sqlite import SqliteDialect

        return SqliteDialect()
    from backend.adapters.db.postgres import PostgresDialect

    return PostgresDialect()


async def recount_all(url: str) -> int:
    """All of them, some in a transaction; how many quotations count now."""
    database = cast(SqlDatabase, open_database(url))  # there is no other kind
    await database.start()
    try:
        after = _FIRST
        while after is not None:
            work = partial(_recount_some, dialect=database.dialect, after=after)
            after = await database.transaction(work)
        return len(await database.rows(select(tables.quotation_figures.c.quotation_id)))
    finally:
        await database.close()


def main(arguments: list[str]) -> int:
    """0, or 1 with one line that says what went wrong."""
    url = arguments[0] if arguments else os.environ.get("SPIRIT_DATABASE_URL", "")
    try:
        count = asyncio.run(recount_all(url))
    except (SQLAlchemyError, OSError, ValueError) as error:
        sys.stderr.write(f"cannot recount: {str(error).splitlines()[0]}\n")
        return 1
    sys.stdout.write(f"{count} quotations counted\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
