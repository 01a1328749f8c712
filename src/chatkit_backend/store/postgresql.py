"""PostgreSQL, directly or through a transaction pooler (PgBouncer, Neon).

A pooler may serve every transaction from another session, so nothing is left in one: no prepared
statements, no `SET` outside a transaction, no parameters of the session at connect.
"""

import asyncio
import math
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from .database import Slots, driver_errors, finished
from .owner_guard import guard

T = TypeVar("T")

CANCEL_S = 1.0
"""Seconds that the server may take to confirm the end of an operation that took too long.

psycopg itself tries for ten; the operation's slot is taken until then, but not its caller's time.
"""

PASSING = frozenset({"40001", "40P01"})
"""SQLSTATEs serialization_failure and deadlock_detected: the same again may well succeed."""


class PostgresDatabase:
    """A `Database` on a PostgreSQL server, with a bounded pool of connections.

    Create it on a running event loop.
    """

    dialect = "postgresql"

    def __init__(self, url: URL, *, pool_size: int, timeout_s: float) -> None:
        self._engine = create_async_engine(
            url.update_query_dict(_network_limits(url, timeout_s)),
            hide_parameters=True,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=timeout_s,
            use_native_hstore=False,  # spares a look-up at connect
            # autocommit: a read is one round trip; a write says BEGIN itself.
            connect_args={"prepare_threshold": None, "autocommit": True},
        )
        guard(self._engine.sync_engine)
        # The server's own limit is for locks held by a process that no longer runs; while it
        # does, the limit of `_once` covers more: the network and the wait for a connection.
        self._begin = f"BEGIN; SET LOCAL statement_timeout = {math.ceil(timeout_s * 1000)}"
        self._timeout_s = timeout_s
        self._slots = Slots(pool_size, timeout_s)
        self._working: set[asyncio.Task[Any]] = set()

    async def read(self, operation: Callable[[Connection], T]) -> T:
        """See `Database.read`."""
        return await self._run(operation, write=False)

    async def write(self, operation: Callable[[Connection], T]) -> T:
        """See `Database.write`."""
        return await self._run(operation, write=True)

    async def close(self) -> None:
        """See `Database.close`."""
        await self._slots.drain()
        await self._engine.dispose()

    async def _run(self, operation: Callable[[Connection], T], *, write: bool) -> T:
        await self._slots.take()
        work = asyncio.create_task(self._twice(operation, write=write))
        self._working.add(work)
        work.add_done_callback(self._end)
        with driver_errors():
            return await finished(work, limit_s=self._timeout_s + CANCEL_S)

    def _end(self, work: "asyncio.Task[Any]") -> None:
        self._working.discard(work)
        self._slots.give_back()
        if not work.cancelled():
            work.exception()  # seen, though its caller may have given up

    async def _twice(self, operation: Callable[[Connection], T], *, write: bool) -> T:
        """Try once more when the first try met a connection that the server had closed.

        That is how the pool learns of a restart, without asking before every operation. What was
        interrupted before its COMMIT did not happen, so it can be done again; an interrupted
        COMMIT may have happened, so it is reported.
        """
        async with asyncio.timeout(self._timeout_s):
            try:
                return await self._once(operation, write=write)
            except _InterruptedError:
                return await self._once(operation, write=write, last=True)

    async def _once(
        self, operation: Callable[[Connection], T], *, write: bool, last: bool = False
    ) -> T:
        async with self._engine.connect() as connection:
            try:
                result = await self._perform(connection, operation, write=write)
            except DBAPIError as exc:
                if last or not _is_passing(exc):
                    raise
                raise _InterruptedError from exc
            if write:
                await connection.commit()
            return result

    async def _perform(
        self, connection: AsyncConnection, operation: Callable[[Connection], T], *, write: bool
    ) -> T:
        if write:
            await connection.exec_driver_sql(self._begin)
        return await connection.run_sync(operation)


class _InterruptedError(Exception):
    """The operation did not happen and may be tried again."""


def _is_passing(exc: DBAPIError) -> bool:
    return exc.connection_invalidated or getattr(exc.orig, "sqlstate", None) in PASSING


def _network_limits(url: URL, timeout_s: float) -> dict[str, str]:
    """Parameters of libpq that end the wait for a network which swallows packets."""
    limits = {
        "connect_timeout": str(max(2, math.ceil(timeout_s))),  # libpq takes 1 for 2
        "tcp_user_timeout": str(math.ceil(timeout_s * 1000)),
    }
    return {name: value for name, value in limits.items() if name not in url.query}
