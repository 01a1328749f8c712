"""SQLite: one transaction at a time writes, a few read beside it (WAL).

The standard library's driver in threads of our own, not aiosqlite: that one hands every cursor,
statement and fetch to its thread singly. Measured for a turn's four operations (two rows written
in a transaction, 20 read, one written twice): 2.3 ms of CPU against 0.9 ms.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.pool import NullPool

from .database import Slots, driver_errors, finished
from .group_commit import Done, GroupCommit, Operation, together
from .owner_guard import guard
from .urls import sqlite_file

T = TypeVar("T")

READERS = 2
"""Python runs one thread at a time. With four, they and the writer left the event loop a sixth of
the turns: with 400 open answers, one token in a hundred was 200 ms old instead of 178."""

PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    # FULL: a commit survives a power cut. Measured on a small row: 0.17 ms, NORMAL 0.02 ms.
    "PRAGMA synchronous = FULL",
)


class SqliteDatabase:
    """A `Database` in a file, or in memory for as long as the object lives.

    Create it on a running event loop.
    """

    dialect = "sqlite"

    def __init__(self, url: URL, *, timeout_s: float) -> None:
        in_memory = sqlite_file(url) is None
        # A database in memory is its connection: one thread, one connection for everything.
        threads = 1 if in_memory else READERS + 1
        self._engine = create_engine(
            url,
            hide_parameters=True,
            connect_args={
                "timeout": timeout_s,  # busy_timeout: other processes' writers
                "isolation_level": None,  # transactions begin where we say so
                "check_same_thread": False,
            },
            poolclass=NullPool,
        )
        guard(self._engine)
        event.listen(self._engine, "connect", lambda raw, _: _prepare(raw, timeout_s))
        self._kept: list[Connection] = []
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="chatkit-sqlite")
        self._writer = GroupCommit(self._transact, timeout_s)
        self._readers = Slots(1 if in_memory else READERS, timeout_s)

    async def read(self, operation: Callable[[Connection], T]) -> T:
        """See `Database.read`."""
        return await self._run(self._readers, lambda: self._read(operation))

    async def write(self, operation: Callable[[Connection], T]) -> T:
        """See `Database.write`."""
        with driver_errors():
            return await self._writer.write(operation)

    async def close(self) -> None:
        """See `Database.close`."""
        await self._writer.close()
        await self._readers.drain()
        await self._in_thread(self._disconnect)
        self._threads.shutdown(wait=False)

    async def _run(self, slots: Slots, work: Callable[[], T]) -> T:
        await slots.take()
        try:
            with driver_errors():
                return await self._in_thread(work)
        finally:
            slots.give_back()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await finished(asyncio.get_running_loop().run_in_executor(self._threads, work))

    def _read(self, operation: Callable[[Connection], T]) -> T:
        with self._connection() as connection:
            return operation(connection)

    async def _transact(self, operations: Sequence[Operation]) -> list[Done]:
        return await self._in_thread(lambda: self._write(operations))

    def _write(self, operations: Sequence[Operation]) -> list[Done]:
        with self._connection() as connection:
            # IMMEDIATE: a transaction that begins by reading cannot wait for another writer; it
            # fails at once when it comes to write (sqlite.org/lang_transaction.html, 2.2).
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            done = together(connection, operations)
            # Not `connection.commit()`: SQLite leaves the transaction open when it refuses a COMMIT
            # (a full disk), and SQLAlchemy then takes it for ended. The next reader would see what
            # was not committed, and no writer could begin.
            connection.exec_driver_sql("COMMIT")
            return done

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        """A connection, kept for the next block. What this one leaves undone is rolled back.

        Not from SQLAlchemy's pool: to take one and to give it back costs more than most statements.
        """
        try:
            connection = self._kept.pop()
        except IndexError:  # not asked before: other threads take some, too
            connection = self._engine.connect()
        try:
            yield connection
        finally:
            try:
                connection.rollback()
            except BaseException:
                connection.close()
                raise
            self._kept.append(connection)

    def _disconnect(self) -> None:
        while self._kept:
            self._kept.pop().close()


def _prepare(connection: sqlite3.Connection, timeout_s: float) -> None:
    for pragma in PRAGMAS:
        connection.execute(pragma).close()
    deadline = time.monotonic() + timeout_s
    while not _is_wal(connection):
        if time.monotonic() > deadline:
            raise sqlite3.OperationalError("another process keeps the file locked, and not in WAL")
        time.sleep(0.01)


def _is_wal(connection: sqlite3.Connection) -> bool:
    """Switch to WAL; False if another connection is in the way (the busy timeout is not for that).

    A database in memory has no such mode and needs none.
    """
    try:
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    except sqlite3.OperationalError as exc:
        if exc.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            return False
        raise
    return mode in ("wal", "memory")
