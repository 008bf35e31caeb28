"""The PostgreSQL that the other tests rely on."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from tests.fixtures.postgres import PostgresServer
from tests.support.wait import until


def _dsn(url: str) -> str:
    return url.replace("+asyncpg", "")


async def test_a_database_is_fresh_and_usable(postgres_database: str) -> None:
    connection = await asyncpg.connect(_dsn(postgres_database))
    tables = await connection.fetchval("select count(*) from pg_tables where schemaname = 'public'")
    encoding = await connection.fetchval("show server_encoding")
    await connection.close()
    assert (tables, encoding) == (0, "UTF8")


def test_a_database_is_gone_after_its_test(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as name:
        assert name in postgres_server.sql("select datname from pg_database").splitlines()
    assert name not in postgres_server.sql("select datname from pg_database").splitlines()


_INNER = """
import os
def test_it(postgres_server):
    folder = postgres_server.sql("show data_directory")
    print(f"STARTED {postgres_server.pid} {folder}", flush=True)
    os.read(0, 1)
"""


@pytest.mark.parametrize("blow", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
async def test_no_server_outlives_killed_tests(tmp_path: Path, blow: signal.Signals) -> None:
    (tmp_path / "test_inner.py").write_text(_INNER)
    inner = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "pytest", "-s", "-q", "-p", "tests.fixtures.postgres", "-p", "no:cacheprovider"],
        *["--rootdir", tmp_path, tmp_path / "test_inner.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert inner.stdout is not None
    started = await inner.stdout.readline()
    inner.send_signal(blow)
    await inner.wait()
    _, pid, data = started.decode().split()
    await until(lambda: not Path("/proc", pid).exists() and not Path(data).exists(), what="server and folder gone")
