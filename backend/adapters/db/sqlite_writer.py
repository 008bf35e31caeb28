"""The one thread that writes to SQLite. What waits when it is free is committed together: one wait for the disk.

Each job is a savepoint of its own, so one that fails takes nothing of the others with it; and nobody is told anything
before the commit.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import Connection, Engine

T = TypeVar("T")
_MOST_TOGETHER = 32


class _Job(NamedTuple):
    work: Callable[[Connection], Any]
    answer: Future[Any]


class Writer:
    """Runs jobs in the order they came. The engine is for this alone, and opens no transactions by itself."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Raises what SQLAlchemy does if the file cannot be opened."""
        connection = self._engine.connect()
        self._thread = Thread(target=self._work, args=[connection], name="sqlite-writer", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns or raises; the former once it is on the disk.

        Raises:
            RuntimeError: before `start` and after `close`.
        """
        if self._thread is None:
            raise RuntimeError("the database is closed")
        answer: Future[T] = Future()
        self._waiting.put(_Job(work, answer))
        return await asyncio.wrap_future(answer)

    def close(self) -> None:
        """Ends the thread after all that waits."""
        thread, self._thread = self._thread, None
        if thread:
            self._waiting.put(None)
            thread.join()
        self._engine.dispose()

    def _work(self, connection: Connection) -> None:
        with connection:
            open_ = True
            while open_:
                jobs, open_ = self._take()
                if jobs:
                    _commit_together(connection, jobs)

    def _take(self) -> tuple[list[_Job], bool]:
        """At least one job if there will be any, with those that wait behind it; and whether more may come."""
        jobs: list[_Job] = []
        next_ = self._waiting.get()
        while next_:
            if next_.answer.set_running_or_notify_cancel():
                jobs.append(next_)
            if len(jobs) == _MOST_TOGETHER or self._waiting.empty():
                return jobs, True
            next_ = self._waiting.get()
        return jobs, False


def _commit_together(connection: Connection, jobs: list[_Job]) -> None:
    driver = driver_of(connection)
    try:
        driver.execute("BEGIN IMMEDIATE")
        tellings = [_attempt(connection, driver, job) for job in jobs]
        driver.execute("COMMIT")
    except sqlite3.Error as error:
        if driver.in_transaction:
            driver.execute("ROLLBACK")
        for job in jobs:
            job.answer.set_exception(error)
    else:
        for tell in tellings:
            tell()


def _attempt(connection: Connection, driver: sqlite3.Connection, job: _Job) -> Callable[[], None]:
    """Does one job; what to tell its owner after the commit. Raises if the database gave up the whole transaction."""
    driver.execute("SAVEPOINT job")
    try:
        result = job.work(connection)
    except BaseException as error:  # also what would end this thread belongs to the job's owner
        driver.execute("ROLLBACK TO job")
        driver.execute("RELEASE job")
        return partial(job.answer.set_exception, error)
    driver.execute("RELEASE job")
    return partial(job.answer.set_result, result)


def driver_of(connection: Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.driver_connection)
