"""The migrations lead from nothing to the schema that the code knows, on both databases."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from backend.adapters.db import migrate as migrating
from backend.adapters.db import tables
from backend.adapters.db.migrate import migrate
from backend.services.ports import Database

T = TypeVar("T")


async def inside(url: str, look: Callable[[Connection], T]) -> T:
    """What `look` finds on a connection to the database."""
    if make_url(url).get_backend_name() == "sqlite":
        with create_engine(url).connect() as connection:
            return look(connection)
    engine = create_async_engine(url)
    async with engine.connect() as asynchronous:
        found = await asynchronous.run_sync(look)
    await engine.dispose()
    return found


def differences(connection: Connection) -> list[Any]:
    def compared(_: object, name: str | None, kind: str, reflected: bool, __: object) -> bool:
        return not (kind == "table" and reflected and (name or "").startswith("frames_"))

    options = {"compare_type": True, "include_object": compared}
    return compare_metadata(MigrationContext.configure(connection, opts=options), tables.metadata)


def revision(connection: Connection) -> str | None:
    return connection.scalar(text("SELECT version_num FROM alembic_version"))


async def test_from_empty_the_schema_is_the_codes(database_url: str) -> None:
    await migrate(database_url)
    assert await inside(database_url, differences) == []
    assert await inside(database_url, revision) == migrating.HEAD


async def test_migrating_again_changes_nothing(database: Database, database_url: str) -> None:
    """Also with data in it, and while it is in use."""
    before = await database.position(["a"])
    await migrate(database_url)
    assert await database.position(["a"]) == before


def test_the_head_that_the_code_knows_is_the_newest_script() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [migrating.HEAD]


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "backend.adapters.db.migrate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_two_releases_at_once_both_succeed(database_url: str) -> None:
    command = [sys.executable, "-m", "backend.adapters.db.migrate", database_url]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [(process.communicate()[1], process.returncode) for process in started] == [("", 0), ("", 0)]
    assert asyncio.run(inside(database_url, revision)) == migrating.HEAD


def test_what_goes_wrong_is_one_line() -> None:
    for url in ("postgresql://nobody@127.0.0.1:1/nothing", "mysql://x/y", "nonsense", "sqlite:////proc/none/x.db"):
        done = run(url)
        assert done.returncode == 1
        assert done.stderr.startswith("cannot migrate: ")
        assert done.stderr.count("\n") == 1
