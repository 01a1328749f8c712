"""One answer in this process: its task, its log, who reads it, how it is stopped."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, TypeAlias

from chatkit.types import ThreadStreamEvent

from chatkit_backend.logs import get_logger
from chatkit_backend.store.runs import EndState, Fence, RunFencedError, RunRecord, current_fence

from .log import RunLog
from .writer import LogWriter, Written

ATTEMPT_SEQS = 1_000_000_000
"""Numbers of an attempt's events. What a dead process showed but did not store has numbers that
nobody knows; the next attempt begins far behind them, so that no number is used twice."""

StopReason = Literal["cancelled", "disconnected", "shutdown", "fenced"]

Emit: TypeAlias = Callable[[ThreadStreamEvent], Awaitable[None]]
Work: TypeAlias = Callable[["Run"], Awaitable[EndState]]
"""Produces the answer: calls `run.emit` for every event and says how it ended."""

current_run: "ContextVar[Run | None]" = ContextVar("chatkit_backend_run", default=None)
"""The run for which this task works: a server learns from it why it was stopped."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnection:
    """What follows when nobody reads a run any more (`ON_DISCONNECT`, `DISCONNECT_GRACE_S`).

    Attributes:
        cancel: Whether a run that is not resumable is cancelled.
        grace_s: Seconds without a reader before that.
    """

    cancel: bool = True
    grace_s: float = 2.0


class Run:
    """An answer in the making.

    The work is driven from one task from start to end, because servers use context variables
    (chatkit/server.py sets the user agent that way).

    Attributes:
        opens_thread_for: The server that answers, if the thread was made with this run and holds
            nothing but its message.
    """

    def __init__(
        self,
        record: RunRecord,
        writer: LogWriter,
        disconnection: Disconnection,
        *,
        on_abandoned: "Callable[[Run], None]",
        mark_acted: Callable[[Fence], Awaitable[None]],
    ) -> None:
        """Make the run of `record`; `on_abandoned` is called when nobody reads it any more."""
        self.record = record
        self.resumable = record.resumable
        self.stop_reason: StopReason | None = None
        self.outcome: EndState | None = None
        self.opens_thread_for: object = None
        self.log = RunLog(first_seq=(record.attempt - 1) * ATTEMPT_SEQS + 1)
        self._writer = writer
        self._written = Written(record.fence, record.owner, self.log, on_fenced=self._fenced)
        self._disconnection = disconnection
        self._on_abandoned = on_abandoned
        self._mark_acted = mark_acted
        self._acted = record.acted
        self._begun = False
        self._stoppable = True
        self._readers = 0
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def id(self) -> str:
        """The run's id."""
        return self.record.id

    @property
    def thread_id(self) -> str:
        """The thread that it answers in."""
        return self.record.thread_id

    @property
    def read(self) -> bool:
        """Whether anybody in this process reads it now."""
        return self._readers > 0

    def start(self, work: Work) -> asyncio.Task[None]:
        """Begin. The caller keeps the returned task until it is done."""
        self._writer.add(self._written)
        self._task = asyncio.create_task(self._execute(work), name=f"run {self.id}")
        return self._task

    async def emit(self, event: ThreadStreamEvent) -> None:
        """Append an event to the log. Waits only while the store is far behind.

        Raises: RunFencedError.
        """
        await self.log.append(event)

    async def act(self) -> None:
        """Note that a tool begins: from now on the run is not executed again after a crash.

        Raises: RunFencedError.
        """
        if not self._acted:
            await self._mark_acted(self.record.fence)
            self._acted = True

    def stop(self, reason: StopReason) -> None:
        """End the run early. Its text so far is saved before it ends. Idempotent.

        A run that is ending anyway (`conclude`) goes on with that.
        """
        if self.stop_reason is not None or self._task is None or not self._stoppable:
            return
        self.stop_reason = reason
        if self._begun:
            self._task.cancel()
        else:  # a task that is cancelled before its first step runs none of its code
            asyncio.get_running_loop().call_soon(self._task.cancel)

    async def conclude(self) -> None:
        """What follows is the end, which no stop interrupts, however long the store is away."""
        self._stoppable = False
        with suppress(asyncio.CancelledError):  # a stop of a moment ago
            await asyncio.sleep(0)

    def attach(self) -> None:
        """Somebody begins to read."""
        self._readers += 1
        self._disarm()

    def detach(self) -> None:
        """A reader has left. The last one of a run that is not resumable may stop it."""
        self._readers -= 1
        if self._readers == 0 and self._disconnection.cancel and not self.log.closed:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._disconnection.grace_s, self._abandoned)

    def _fenced(self) -> None:
        self.stop("fenced")
        self.stop_reason = "fenced"  # also when the work is done, or was stopped for another reason
        self.log.fence()

    def _abandoned(self) -> None:
        self._timer = None
        if not self.resumable:
            self._on_abandoned(self)

    def _disarm(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    async def _execute(self, work: Work) -> None:
        self._begun = True
        current_fence.set(self.record.fence)
        current_run.set(self)
        started = time.perf_counter()
        outcome: EndState = "failed"
        try:
            outcome = await work(self)
        except asyncio.CancelledError:
            outcome = "cancelled"
        except RunFencedError:
            self.stop_reason = "fenced"
        except Exception:
            log.exception("run_broke", run_id=self.id, thread_id=self.thread_id)
        finally:
            self._stoppable = False
            try:
                await self._writer.end(self._written, outcome)
            finally:
                self.outcome = outcome
                self._disarm()
                self.log.close()
                self._task = None  # it refers to this run: its log would wait for a collection
                log.info(
                    "run_ended",
                    run_id=self.id,
                    thread_id=self.thread_id,
                    outcome=self.outcome,
                    stopped=self.stop_reason,
                    ms=round((time.perf_counter() - started) * 1000, 1),
                )
