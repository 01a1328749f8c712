"""Saves what a server's events say, and what is left when an answer breaks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Generic, TypeAlias

import structlog
from chatkit.errors import CustomStreamError, ErrorCode, StreamError
from chatkit.server import ChatKitServer
from chatkit.store import NotFoundError
from chatkit.types import (
    ErrorEvent,
    StreamOptionsEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    ThreadUpdatedEvent,
)
from typing_extensions import TypeVar

from chatkit_backend.models.failures import explain

from .events import EventIdentity, as_thread, is_hidden
from .pending import PendingItems, has_text, text_of
from .run import Emit, Outcome, Run

C = TypeVar("C")

Produce: TypeAlias = Callable[[], AsyncIterator[ThreadStreamEvent]]
"""Calls one of the server's extension points: `respond` or `action`."""

log = structlog.stdlib.get_logger(__name__)


class Recorder(Generic[C]):
    """Plays one answer of a `ChatKitServer`: every event is saved as it says, then emitted.

    The contract with the server is the SDK's (`ChatKitServer.respond`): `thread.item.done` adds
    an item, `.removed` deletes it, `.replaced` saves it, and a thread that the server changes is
    saved. Beyond the SDK: ids and times are made our own, a model's failure keeps the text so
    far, and what is saved on cancellation is saved in the run's own task.
    """

    def __init__(
        self,
        server: ChatKitServer[C],
        thread: ThreadMetadata,
        context: C,
        new_id: Callable[[], str],
    ) -> None:
        self._server = server
        self._store = server.store
        self._thread = thread
        self._context = context
        self._saved_thread = thread.model_copy(deep=True)
        self._pending = PendingItems()
        self._identity = EventIdentity(new_id)

    async def play(self, run: Run, produce: Produce) -> Outcome:
        """Drive `produce` to its end and say how it ended. Never raises but for cancellation."""
        options = self._server.get_stream_options(self._thread, self._context)
        await run.emit(StreamOptionsEvent(stream_options=options))
        try:
            await self._follow(produce, run.emit)
            await self._save_thread_changes(run.emit)
        except asyncio.CancelledError:
            if run.stop_reason != "shutdown":
                await self._keep_cancelled()
                raise
            log.warning("run_stopped_by_shutdown", run_id=run.id)
            await self._keep_partial(run.emit)
            await run.emit(
                _failure("The server is restarting. The answer so far is saved.", retry=True)
            )
            return "failed"
        except Exception as exc:  # noqa: BLE001  whatever a server raises, the stream ends cleanly
            await self._fail(exc, run)
            return "failed"
        return "completed"

    async def _follow(self, produce: Produce, emit: Emit) -> None:
        source = produce()
        async with AsyncExitStack() as stack:
            # The contract asks for an iterator only; a generator must see its `finally` run.
            if close := getattr(source, "aclose", None):
                stack.push_async_callback(close)
            async for raw in source:
                for event in self._identity.apply(raw):
                    await self._save(event)
                    self._pending.apply(event)
                    if not is_hidden(event):
                        await emit(event)
                if not isinstance(raw, ThreadItemUpdatedEvent):
                    await self._save_thread_changes(emit)

    async def _save(self, event: ThreadStreamEvent) -> None:
        match event:
            case ThreadItemDoneEvent():
                write = self._store.add_thread_item(self._thread.id, event.item, self._context)
            case ThreadItemReplacedEvent():
                write = self._store.save_item(self._thread.id, event.item, self._context)
            case ThreadItemRemovedEvent():
                write = self._store.delete_thread_item(
                    self._thread.id, event.item_id, self._context
                )
            case _:
                return
        await _finish(write)
        if isinstance(event, ThreadItemDoneEvent) and has_text(event.item):
            log.info("assistant_message", thread_id=self._thread.id, text=text_of(event.item))

    async def _save_thread_changes(self, emit: Emit) -> None:
        # A server may change the thread it was given (title, status) while it answers.
        if self._thread == self._saved_thread:
            return
        self._saved_thread = self._thread.model_copy(deep=True)
        await _finish(self._store.save_thread(self._saved_thread, self._context))
        await emit(ThreadUpdatedEvent(thread=as_thread(self._thread)))

    async def _keep_cancelled(self) -> None:
        items = self._pending.items()
        try:
            await self._server.handle_stream_cancelled(self._thread, items, self._context)
        except Exception:
            log.exception("cancelled_answer_not_saved", thread_id=self._thread.id)
        log.info("run_cancelled", thread_id=self._thread.id, pending_items=len(items))

    async def _keep_partial(self, emit: Emit) -> None:
        """Save the text so far and say so; take back what was shown and is not kept."""
        for item in self._pending.items():
            if has_text(item):
                await self._store.add_thread_item(self._thread.id, item, self._context)
                await emit(ThreadItemDoneEvent(item=item))
            else:
                await emit(ThreadItemRemovedEvent(item_id=item.id))

    async def _fail(self, exc: Exception, run: Run) -> None:
        failure = self._report(exc, run)
        try:
            await self._keep_partial(run.emit)
            await self._save_thread_changes(run.emit)
        except Exception:
            log.exception("partial_answer_not_saved", run_id=run.id, thread_id=self._thread.id)
        await run.emit(failure)

    def _report(self, exc: Exception, run: Run) -> ErrorEvent:
        """Log for the operator; return what the user may know."""
        where = {"run_id": run.id, "thread_id": self._thread.id}
        if isinstance(exc, CustomStreamError):
            log.info("run_refused", **where)
            return _failure(exc.message, retry=exc.allow_retry)
        if isinstance(exc, StreamError):
            log.warning("run_failed", code=str(exc.code), **where)
            return ErrorEvent(code=exc.code, allow_retry=exc.allow_retry)
        if isinstance(exc, NotFoundError):
            log.info("run_lost_its_thread", **where)
            return _failure("The conversation was deleted while it was answered.", retry=False)
        if known := explain(exc):
            log.error("model_failed", code=known.code, hint=known.operator_hint, **where)
            return _failure(known.user_message, retry=known.retryable)
        log.error("run_failed", code="unexpected", exc_info=exc, **where)
        return ErrorEvent(code=ErrorCode.STREAM_ERROR, allow_retry=True)


async def _finish(write: Awaitable[None]) -> None:
    """Wait for a write; a cancellation waits for its end too, so that nothing is half saved."""
    task = asyncio.ensure_future(write)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.done():
            await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # retrieved: the cancellation is what the caller hears of
        raise


def _failure(message: str, *, retry: bool) -> ErrorEvent:
    return ErrorEvent(code="custom", message=message, allow_retry=retry)
