"""One answer: its task, its queue, how it is stopped."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Literal, TypeAlias

from chatkit.types import ThreadStreamEvent

from chatkit_backend.logs import get_logger

QUEUE_EVENTS = 256
"""Events that may wait for a slow reader; then the model waits."""

StopReason = Literal["disconnected", "shutdown"]

Emit: TypeAlias = Callable[[ThreadStreamEvent], Awaitable[None]]
Outcome = Literal["completed", "failed", "cancelled"]
Work: TypeAlias = Callable[["Run"], Awaitable[Outcome]]
"""Produces the answer: calls `run.emit` for every event and says how it ended."""


log = get_logger(__name__)


class Run:
    """An answer in the making, with one reader.

    The work is driven from one task from start to end, because servers use context variables
    (chatkit/server.py sets the user agent that way).
    """

    def __init__(self, run_id: str, thread_id: str) -> None:
        self.id = run_id
        self.thread_id = thread_id
        self.stop_reason: StopReason | None = None
        self.outcome: Outcome | None = None
        self._queue: asyncio.Queue[ThreadStreamEvent | None] = asyncio.Queue(QUEUE_EVENTS)
        self._reading = True
        self._ended = False
        self._task: asyncio.Task[None] | None = None

    def start(self, work: Work) -> asyncio.Task[None]:
        """Begin. The caller keeps the returned task until it is done."""
        self._task = asyncio.create_task(self._execute(work), name=f"run {self.id}")
        self._task.add_done_callback(self._end)
        return self._task

    async def emit(self, event: ThreadStreamEvent) -> None:
        """Hand an event to the reader; waits while the queue is full, drops it without reader."""
        if self._reading:
            await self._queue.put(event)

    async def events(self, idle_s: float | None = None) -> AsyncIterator[list[ThreadStreamEvent]]:
        """Yield what has come, oldest first, in batches, until the run ends.

        A batch is empty when nothing has come for `idle_s` seconds. Leaving early stops the run:
        this reader is the only one.
        """
        try:
            while not (self._ended and self._queue.empty()):
                batch = await self._next_batch(idle_s)
                events = [event for event in batch if event is not None]
                if events or not batch:
                    yield events
        finally:
            self.leave()

    def leave(self) -> None:
        """The reader has gone, perhaps before it came. Idempotent."""
        self._reading = False
        # A producer that waits for room must go on, or it would never see its end.
        while not self._queue.empty():
            self._queue.get_nowait()
        self.stop("disconnected")

    def stop(self, reason: StopReason) -> None:
        """End the run early. Its text so far is saved before it ends. Idempotent."""
        if self.stop_reason is None and self._task is not None and not self._task.done():
            self.stop_reason = reason
            self._task.cancel()

    async def _execute(self, work: Work) -> None:
        started = time.perf_counter()
        try:
            self.outcome = await work(self)
        except asyncio.CancelledError:
            self.outcome = "cancelled"
        except Exception:
            self.outcome = "failed"
            log.exception("run_broke", run_id=self.id, thread_id=self.thread_id)
        finally:
            log.info(
                "run_ended",
                run_id=self.id,
                thread_id=self.thread_id,
                outcome=self.outcome,
                stopped=self.stop_reason,
                ms=round((time.perf_counter() - started) * 1000, 1),
            )

    def _end(self, _: asyncio.Task[None]) -> None:
        # Called in any case: a task that is cancelled before its first step runs none of its code.
        # The end takes no place in the queue, for which it would have to wait.
        self._ended = True
        if self._queue.empty():
            self._queue.put_nowait(None)  # wakes a reader that waits

    async def _next_batch(self, idle_s: float | None) -> list[ThreadStreamEvent | None]:
        try:
            async with asyncio.timeout(idle_s):
                batch = [await self._queue.get()]
        except TimeoutError:
            return []
        while not self._queue.empty():
            batch.append(self._queue.get_nowait())
        return batch
