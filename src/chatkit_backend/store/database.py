"""What `SqlStore` needs of a database: to run one operation, whole or not at all.

An operation is a function of a SQLAlchemy `Connection`. It is the same code on every engine; the
engine decides where it runs: in a thread (SQLite), as a greenlet on the event loop (PostgreSQL).
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from chatkit.store import NotFoundError
from sqlalchemy import Connection
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from .errors import StoreUnavailableError

T = TypeVar("T")


class Database(Protocol):
    """Runs operations. Waits, statements and connections are bounded in number and time.

    Raises: StoreUnavailableError for every failure that is the database's and not the caller's.
    """

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        ...

    async def read(self, operation: Callable[[Connection], T]) -> T:
        """Run an operation whose statements only read; each sees what is committed by then."""
        ...

    async def write(self, operation: Callable[[Connection], T]) -> T:
        """Run an operation in a transaction: committed when it returns, undone when it raises.

        It may be undone and run again because of others that shared its transaction, so that it
        must do nothing but to the connection.
        """
        ...

    async def close(self) -> None:
        """Wait for the operations under way, then close all connections."""
        ...


async def finished(work: "asyncio.Future[T]", *, limit_s: float | None = None) -> T:
    """Await `work` to its end even if the caller is cancelled, then let the cancellation through.

    So cancellation never reaches a driver: no transaction is left half done, no connection out of
    the pool, and what the caller does next (save what is left of an answer) comes after it.

    Raises: TimeoutError after `limit_s` seconds; `work` goes on.
    """
    cancelled: asyncio.CancelledError | None = None
    loop = asyncio.get_running_loop()
    deadline = None if limit_s is None else loop.time() + limit_s
    while not work.done():
        left = None if deadline is None else deadline - loop.time()
        if left is not None and left <= 0:
            raise cancelled or TimeoutError(f"no answer within {limit_s:g} s")
        try:
            await asyncio.wait((work,), timeout=left)
        except asyncio.CancelledError as exc:
            cancelled = exc
    if cancelled is not None:
        work.exception()  # seen: the caller who would care is gone
        raise cancelled
    return work.result()


class Slots:
    """At most `number` operations at a time; the others wait, up to `timeout_s` seconds."""

    def __init__(self, number: int, timeout_s: float) -> None:
        self._number = number
        self._timeout_s = timeout_s
        self._free = asyncio.Semaphore(number)

    async def take(self) -> None:
        """Take a slot. Raises: StoreUnavailableError when none came free in time."""
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._free.acquire()
        except TimeoutError as exc:
            raise StoreUnavailableError(
                f"{self._number} database operations were under way for {self._timeout_s:g} s "
                "without a free place; raise DATABASE_POOL_SIZE or find what is slow"
            ) from exc

    def give_back(self) -> None:
        """Let the next one in."""
        self._free.release()

    async def drain(self) -> None:
        """Wait until nothing is under way, at most `timeout_s` seconds, and let nothing start."""
        try:
            async with asyncio.timeout(self._timeout_s):
                for _ in range(self._number):
                    await self._free.acquire()
        except TimeoutError:
            return


@contextmanager
def driver_errors() -> Iterator[None]:
    """Translate what a driver or the network raises."""
    try:
        yield
    except IntegrityError as exc:
        # Upserts resolve every conflict of keys. What is left is a foreign key: the thread or
        # item was deleted between the statement's SELECT and its INSERT.
        raise NotFoundError("deleted meanwhile") from exc
    except (ProgrammingError, DataError):
        raise
    except OperationalError as exc:
        # SQLite's name for a wrong statement, too; that is no fault of the database.
        if getattr(exc.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
            raise
        raise StoreUnavailableError(f"the database did not answer: {reason(exc)}") from exc
    except (DatabaseError, InterfaceError, PoolTimeoutError, TimeoutError, OSError) as exc:
        raise StoreUnavailableError(f"the database did not answer: {reason(exc)}") from exc


def reason(exc: BaseException) -> str:
    """Why an operation failed, in one line: the driver's words where there are some."""
    cause = getattr(exc, "orig", None) or exc
    lines = str(cause).strip().splitlines()
    return lines[0] if lines else type(cause).__name__
