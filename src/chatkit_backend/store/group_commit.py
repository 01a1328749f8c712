"""Writes that share a transaction: whoever comes while one is under way is in the next.

A commit waits for the disk and costs more than what it commits. Alone, a write has a transaction of
its own at once; of many at the same time there are as many in each as have come meanwhile.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar, cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from .database import finished, reason
from .errors import StoreUnavailableError

T = TypeVar("T")

Operation: TypeAlias = Callable[[Connection], object]

MAX_TOGETHER = 64
"""Operations in one transaction: a failing commit fails all of them, and readers wait for all."""

SAVEPOINT = "apart"


@dataclass(frozen=True, slots=True)
class Done:
    """What an operation returned, or why it was undone."""

    result: object = None
    failure: Exception | None = None


@dataclass(slots=True, eq=False)
class _Waiting:
    operation: Operation
    done: "asyncio.Future[Done]"
    begun: bool = False


class GroupCommit:
    """A queue of writes and the one task that empties it.

    Args:
        transact: Runs operations in one transaction, as `together` does, and commits it.
        timeout_s: Seconds that an operation may wait for its transaction to begin.
    """

    def __init__(
        self,
        transact: Callable[[Sequence[Operation]], Awaitable[list[Done]]],
        timeout_s: float,
    ) -> None:
        self._transact = transact
        self._timeout_s = timeout_s
        self._waiting: deque[_Waiting] = deque()
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    async def write(self, operation: Callable[[Connection], T]) -> T:
        """Run an operation; it is committed when this returns, and undone when this raises.

        A caller that is cancelled leaves at once while it waits, and after the commit once its
        transaction has begun.

        Raises: what the operation raises; StoreUnavailableError if the transaction did not begin
        in time, or failed as a whole, whichever of its operations was the cause.
        """
        if self._closed:
            raise StoreUnavailableError("the database is closed")
        loop = asyncio.get_running_loop()
        mine = _Waiting(operation, loop.create_future())
        self._waiting.append(mine)
        if self._task is None:
            self._task = loop.create_task(self._run(), name="group commit")
        timer = loop.call_later(self._timeout_s, self._give_up, mine)
        try:
            done = await self._end_of(mine)
        finally:
            timer.cancel()
        if done.failure is not None:
            raise done.failure
        return cast("T", done.result)

    async def close(self) -> None:
        """Take nothing more; wait until nothing is under way, at most `timeout_s` seconds."""
        self._closed = True
        if self._task is not None:
            await asyncio.wait((self._task,), timeout=self._timeout_s)

    async def _end_of(self, mine: _Waiting) -> Done:
        try:
            await asyncio.wait((mine.done,))
        except asyncio.CancelledError:
            if not mine.begun:
                mine.done.cancel()
                raise
            await finished(mine.done)
            raise
        return mine.done.result()

    def _give_up(self, mine: _Waiting) -> None:
        if mine.begun or mine.done.done():
            return
        late = StoreUnavailableError(
            f"other writes were under way for {self._timeout_s:g} s; find what is slow"
        )
        mine.done.set_result(Done(failure=late))

    async def _run(self) -> None:
        batch: list[_Waiting] = []
        try:
            while batch := self._next():
                for one, done in zip(batch, await self._outcomes(batch), strict=True):
                    one.done.set_result(done)
        finally:
            self._task = None
            for one in (*batch, *self._waiting):  # none, unless this task was cancelled
                if not one.done.done():
                    one.done.set_result(
                        Done(failure=StoreUnavailableError("the database was closed"))
                    )

    def _next(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        while self._waiting and len(batch) < MAX_TOGETHER:
            one = self._waiting.popleft()
            if not one.done.done():  # it is if its caller has left
                one.begun = True
                batch.append(one)
        return batch

    async def _outcomes(self, batch: Sequence[_Waiting]) -> list[Done]:
        try:
            return await self._transact([one.operation for one in batch])
        except Exception as exc:  # noqa: BLE001  each of their callers gets it
            if len(batch) == 1:
                return [Done(failure=exc)]
            return [Done(failure=_shared(exc)) for _ in batch]


def _shared(exc: Exception) -> StoreUnavailableError:
    """What one of several writes is told of the failure of all: it did nothing wrong itself.

    An object of its own for each: a traceback is added to whatever is raised, in every task.
    """
    failure = StoreUnavailableError(
        f"the transaction that this write shared with others failed: {reason(exc)}"
    )
    failure.__cause__ = exc
    return failure


@dataclass(frozen=True, slots=True)
class _Refused:
    """The first of several operations that failed; all of them are undone."""

    position: int
    failure: Exception


def together(connection: Connection, operations: Sequence[Operation]) -> list[Done]:
    """Run operations in the open transaction, each whole or not at all.

    Nearly always none of them fails, so all are run in one savepoint: two statements more for each
    were a quarter of what a busy SQLite computed. If one fails, as a run does that comes before its
    turn, the others are run again without it; if another one fails then, each is run in a savepoint
    of its own. A single one needs none: its failure is raised, and undoes the transaction.
    """
    if len(operations) == 1:
        return [Done(operations[0](connection))]
    first = _in_savepoint(connection, operations)
    if not isinstance(first, _Refused):
        return first
    at = first.position
    others = _in_savepoint(connection, [*operations[:at], *operations[at + 1 :]])
    if not isinstance(others, _Refused):
        return [*others[:at], Done(failure=first.failure), *others[at:]]
    return [_apart(connection, operation) for operation in operations]


def _apart(connection: Connection, operation: Operation) -> Done:
    done = _in_savepoint(connection, [operation])
    return Done(failure=done.failure) if isinstance(done, _Refused) else done[0]


def _in_savepoint(connection: Connection, operations: Sequence[Operation]) -> list[Done] | _Refused:
    """Run operations, all or none.

    Raises: the failure, if it undid the whole transaction.
    """
    connection.exec_driver_sql(f"SAVEPOINT {SAVEPOINT}")
    done: list[Done] = []
    refused: _Refused | None = None
    try:
        for operation in operations:
            done.append(Done(operation(connection)))  # noqa: PERF401  their number is used
    except Exception as exc:  # noqa: BLE001  its caller gets it
        try:
            connection.exec_driver_sql(f"ROLLBACK TO {SAVEPOINT}")
        except DBAPIError:
            # SQLite has undone all of the transaction, as it does when the disk is full.
            raise exc from None
        refused = _Refused(len(done), exc)
    connection.exec_driver_sql(f"RELEASE {SAVEPOINT}")
    return refused or done
