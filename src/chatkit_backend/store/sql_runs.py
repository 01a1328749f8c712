"""`SqlRuns`: runs, their logs and the processes that hold them, in SQLite or PostgreSQL."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any, TypeAlias

from chatkit.store import NotFoundError
from sqlalchemy import Connection, Executable, Result, Row, RowMapping
from sqlalchemy.exc import IntegrityError

from . import run_statements as sql
from .database import Database
from .errors import StoreUnavailableError
from .keys import is_key, key
from .runs import (
    Append,
    Chunk,
    DuplicateRunError,
    Fence,
    QueueFullError,
    RunCancelledError,
    RunFencedError,
    RunRecord,
    ThreadBusyError,
    TooManyRunsError,
)
from .times import now

TRIES = 3

COLUMNS = tuple(field.name for field in fields(RunRecord))

Params: TypeAlias = dict[str, object]


class SqlRuns:
    """A `RunStore` beside the conversations of a `SqlStore`, in the same database.

    Args:
        opened: Gives the database, opening it if need be.
        dialect: `sqlite` or `postgresql`.
    """

    def __init__(self, opened: Callable[[], Awaitable[Database]], dialect: str) -> None:
        self._opened = opened
        self._upserts = sql.RunUpserts(dialect)

    async def enqueue(self, run: RunRecord, *, max_waiting: int) -> None:
        """See `RunStore.enqueue`."""

        def enqueue(connection: Connection) -> None:
            thread: Params = {"thread_id": run.thread_id}
            connection.execute(sql.LOCK_QUEUE, thread).all()
            waiting = connection.execute(sql.QUEUED, thread).scalar_one()
            self._refuse_used_key(connection, run)
            if waiting >= max_waiting:
                raise QueueFullError(run.thread_id)
            _insert(connection, self._upserts.enqueue, {**_row(run), "state": "queued"})

        await self._write_unless_raced(enqueue)

    async def dequeue(self, run_id: str) -> None:
        """See `RunStore.dequeue`."""
        await self._execute(sql.DEQUEUE, {"run_id": run_id})

    async def load_run(self, run_id: str, owner: str) -> RunRecord:
        """See `RunStore.load_run`."""
        found = await self._first(sql.LOAD_RUN, _own(run_id, owner))
        if found is None:
            raise NotFoundError(run_id)
        return found

    async def active_run(self, thread_id: str, owner: str) -> RunRecord | None:
        """See `RunStore.active_run`."""
        if not (is_key(thread_id) and is_key(owner)):
            return None
        return await self._first(sql.ACTIVE_RUN, {"thread_id": thread_id, "run_owner": owner})

    async def keyed_run(self, idempotency_key: str, owner: str) -> RunRecord | None:
        """See `RunStore.keyed_run`."""
        if not (is_key(idempotency_key) and is_key(owner)):
            return None
        params: Params = {"idempotency_key": idempotency_key, "run_owner": owner}
        return await self._first(sql.KEYED_RUN, params)

    async def request_cancel(self, run_id: str, owner: str) -> RunRecord:
        """See `RunStore.request_cancel`."""
        params = _own(run_id, owner)

        def request(connection: Connection) -> RunRecord | None:
            connection.execute(sql.REQUEST_CANCEL, {**params, "asked_at": now()})
            return _record(connection.execute(sql.LOAD_RUN, params).mappings().first())

        found = await (await self._opened()).write(request)
        if found is None:
            raise NotFoundError(run_id)
        return found

    async def keep_run(self, run_id: str, owner: str) -> None:
        """See `RunStore.keep_run`."""
        if not await self._execute(sql.KEEP_RUN, _own(run_id, owner)):
            raise NotFoundError(run_id)

    async def mark_acted(self, fence: Fence) -> None:
        """See `RunStore.mark_acted`."""
        if not await self._execute(sql.MARK_ACTED, _of(fence)):
            raise RunFencedError(fence.run_id)

    async def append(self, batch: Sequence[Append]) -> frozenset[Fence]:
        """See `RunStore.append`."""
        ended_at = now()

        def append(connection: Connection) -> frozenset[Fence]:
            ids = [one.fence.run_id for one in batch]
            found = {row.id: row for row in connection.execute(sql.FENCES, {"ids": ids})}
            allowed = [one for one in batch if _may_write(one, found.get(one.fence.run_id))]
            chunks = [_chunk_row(one, one.chunk) for one in allowed if one.chunk is not None]
            if chunks:
                connection.execute(self._upserts.chunk, chunks)
            ends = [
                {"run_id": one.fence.run_id, "end_state": one.end, "end_time": ended_at}
                for one in allowed
                if one.end is not None and found[one.fence.run_id].state == "running"
            ]
            if ends:
                connection.execute(sql.END_RUN, ends)
            return frozenset(one.fence for one in batch) - {one.fence for one in allowed}

        return await (await self._opened()).write(append)

    async def read_log(self, run_id: str, owner: str, *, after: int, limit: int) -> list[Chunk]:
        """See `RunStore.read_log`."""
        params: Params = {"run_id": run_id, "run_owner": owner, "after": after, "limit": limit}

        def read(connection: Connection) -> list[Chunk]:
            return [
                Chunk(first_seq=row.first_seq, last_seq=row.last_seq, payload=row.payload)
                for row in connection.execute(sql.READ_LOG, params)
            ]

        return await (await self._opened()).read(read)

    async def beat(self, replica_id: str) -> None:
        """See `RunStore.beat`."""
        await self._execute(self._upserts.beat, {"replica_id": replica_id})

    async def replicas(self) -> dict[str, int]:
        """See `RunStore.replicas`."""

        def read(connection: Connection) -> dict[str, int]:
            return {row.replica_id: row.beat for row in connection.execute(sql.BEATS)}

        return await (await self._opened()).read(read)

    async def forget_replica(self, replica_id: str) -> None:
        """See `RunStore.forget_replica`."""
        await self._execute(sql.FORGET_REPLICA, {"replica_id": replica_id})

    async def held_by(self, replica_id: str, *, limit: int) -> list[RunRecord]:
        """See `RunStore.held_by`."""
        params: Params = {"replica_id": replica_id, "limit": limit}

        def read(connection: Connection) -> list[RunRecord]:
            rows = connection.execute(sql.HELD_BY, params).mappings()
            return [RunRecord(**row) for row in rows]

        return await (await self._opened()).read(read)

    async def cancel_requests(self, replica_id: str) -> list[str]:
        """See `RunStore.cancel_requests`."""

        def read(connection: Connection) -> list[str]:
            found = connection.execute(sql.CANCEL_REQUESTS, {"replica_id": replica_id})
            return list(found.scalars())

        return await (await self._opened()).read(read)

    async def take_over(self, run: RunRecord, replica_id: str) -> RunRecord | None:
        """See `RunStore.take_over`."""
        params: Params = {**_of(run.fence), "new_replica_id": replica_id}

        def take(connection: Connection) -> RunRecord | None:
            if connection.execute(sql.TAKE_OVER, params).rowcount == 0:
                return None
            return _record(connection.execute(sql.RELOAD, {"run_id": run.id}).mappings().first())

        return await (await self._opened()).write(take)

    async def purge_runs(self, *, kept_s: float, limit: int) -> int:
        """See `RunStore.purge_runs`."""
        before = now() - timedelta(seconds=kept_s)
        return await self._execute(sql.PURGE, {"before": before, "limit": limit})

    async def begin(
        self, run: RunRecord, change: Callable[[Connection], None], most_running: int | None
    ) -> None:
        """Begin a run and `change` its thread in one transaction; see `begin_run`."""

        def begin(connection: Connection) -> None:
            params: Params = {"thread_id": run.thread_id, "run_id": run.id}
            busy = connection.execute(sql.IN_THE_WAY, params).scalar()
            # The key last, so that a run which has it is never seen only as one in the way.
            self._refuse_used_key(connection, run)
            if busy is not None:
                noted = _record(connection.execute(sql.RELOAD, params).mappings().first())
                raise (
                    RunCancelledError(run.id) if noted and noted.ended else ThreadBusyError(busy)
                )
            if most_running is not None:
                self._refuse_one_too_many(connection, run.owner, most_running)
            begun = _insert(connection, self._upserts.begin, {**_row(run), "state": "running"})
            if begun.first() is None:
                raise RunCancelledError(run.id)
            change(connection)

        await self._write_unless_raced(begin)

    async def _write_unless_raced(self, operation: Callable[[Connection], None]) -> None:
        """Write; again if another transaction was faster, which the next try then sees."""
        database = await self._opened()
        for _ in range(TRIES):
            try:
                return await database.write(operation)
            except _RacedError:
                continue
        raise StoreUnavailableError(f"other runs were faster {TRIES} times")

    def _refuse_one_too_many(self, connection: Connection, owner: str, most_running: int) -> None:
        params: Params = {"run_owner": owner}
        if connection.dialect.name == "postgresql":
            connection.execute(sql.LOCK_OWNER, params)
        if connection.execute(sql.RUNNING_OF_OWNER, params).scalar_one() >= most_running:
            raise TooManyRunsError(owner)

    def _refuse_used_key(self, connection: Connection, run: RunRecord) -> None:
        if run.idempotency_key is None:
            return
        params: Params = {"idempotency_key": run.idempotency_key, "run_owner": run.owner}
        known = _record(connection.execute(sql.KEYED_RUN, params).mappings().first())
        if known is not None and known.id != run.id:
            raise DuplicateRunError(known)

    async def _first(self, query: Executable, params: Params) -> RunRecord | None:
        database = await self._opened()
        return await database.read(
            lambda connection: _record(connection.execute(query, params).mappings().first())
        )

    async def _execute(self, statement: Executable, params: Params) -> int:
        """Write with one statement; return how many rows it touched."""
        database = await self._opened()
        return await database.write(
            lambda connection: connection.execute(statement, params).rowcount
        )


def check_fence(connection: Connection, fence: Fence) -> None:
    """Raise RunFencedError unless the attempt may write, in the transaction that writes."""
    if connection.execute(sql.FENCE, _of(fence)).first() is None:
        raise RunFencedError(fence.run_id)


class _RacedError(Exception):
    """A unique index refused what a check had just allowed."""


def _insert(connection: Connection, statement: Executable, row: Params) -> Result[Any]:
    try:
        return connection.execute(statement, row)
    except IntegrityError as exc:
        raise _RacedError from exc


def _own(run_id: str, owner: str) -> Params:
    """Raises: NotFoundError if no row can have them."""
    return {"run_id": key(run_id), "run_owner": key(owner)}


def _row(run: RunRecord) -> Params:
    # Not `asdict`, which copies every value deeply.
    return {name: getattr(run, name) for name in COLUMNS}


def _of(fence: Fence) -> Params:
    return {"run_id": fence.run_id, "run_attempt": fence.attempt}


def _record(row: RowMapping | None) -> RunRecord | None:
    return None if row is None else RunRecord(**row)


def _may_write(append: Append, row: Row[Any, Any, Any] | None) -> bool:
    """Whether the attempt runs, or this very end of it was written by an earlier try."""
    if row is None or row.attempt != append.fence.attempt:
        return False
    return row.state == "running" or (append.end is not None and row.state == append.end)


def _chunk_row(append: Append, chunk: Chunk) -> Params:
    return {
        "run_id": append.fence.run_id,
        "last_seq": chunk.last_seq,
        "first_seq": chunk.first_seq,
        "owner": append.owner,
        "payload": chunk.payload,
    }
