"""Saves what a server's events say, and what is left when an answer breaks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from typing import Generic, TypeAlias

from chatkit.errors import CustomStreamError, ErrorCode, StreamError
from chatkit.server import ChatKitServer
from chatkit.store import NotFoundError
from chatkit.types import (
    ErrorEvent,
    StreamOptionsEvent,
    ThreadItem,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    ThreadUpdatedEvent,
    WidgetItem,
)
from pydantic import BaseModel
from typing_extensions import TypeVar

from chatkit_backend.logs import get_logger
from chatkit_backend.models.failures import explain
from chatkit_backend.store.errors import StoreUnavailableError
from chatkit_backend.store.runs import EndState, RunFencedError

from .digest import pending_of
from .entries import Entry
from .events import EventIdentity, as_thread, is_hidden
from .patience import patiently
from .pending import PendingItems, has_text, text_of
from .run import Emit, Run

C = TypeVar("C")

Produce: TypeAlias = Callable[[], AsyncIterator[ThreadStreamEvent]]
"""Calls one of the server's extension points: `respond` or `action`."""

Turn: TypeAlias = Callable[[], Awaitable[None]]
"""Waits until an answer may begin."""

Write: TypeAlias = Callable[[], Awaitable[None]]
"""One write to the store, which may be tried again."""

log = get_logger(__name__)


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
        *,
        new_id: Callable[[], str],
        log_content: bool = False,
    ) -> None:
        self._server = server
        self._store = server.store
        self._thread = thread
        self._context = context
        self._log_content = log_content
        self._saved_thread = thread.model_copy(deep=True)
        self._pending = PendingItems()
        self._identity = EventIdentity(new_id)

    async def play(self, run: Run, produce: Produce, *, turn: Turn | None = None) -> EndState:
        """Drive `produce` to its end, once it is its `turn`, and say how it ended.

        Never raises but for cancellation.
        """
        try:
            options = self._server.get_stream_options(self._thread, self._context)
            await run.emit(StreamOptionsEvent(stream_options=options))
            if turn is not None:
                await turn()
            await self._follow(produce, run.emit)
            await run.conclude()
            await self._save_thread_changes(run.emit)
            await self._take_back_widgets(run.emit)
        except asyncio.CancelledError:
            return await self._stopped(run)
        except RunFencedError:
            raise
        except (Exception, SystemExit) as exc:  # noqa: BLE001  the stream ends cleanly, whatever
            await self._end_failed(run, self._report(exc, run))
            return "failed"
        return "completed"

    async def _follow(self, produce: Produce, emit: Emit) -> None:
        source = produce()
        async with AsyncExitStack() as stack:
            # The contract asks for an iterator only; a generator must see its `finally` run.
            if close := getattr(source, "aclose", None):
                stack.push_async_callback(close)
            async for raw in source:
                if not isinstance(raw, BaseModel):
                    raise TypeError(f"a server yields thread events, not {type(raw).__name__}")
                if isinstance(raw, ThreadItemUpdatedEvent):  # nearly all of them: more text
                    for event in self._identity.apply(raw):
                        self._pending.apply(event)
                        await emit(event)
                    continue
                for event in self._identity.apply(raw):
                    await self._save(event)
                    if not is_hidden(event):
                        await emit(event)
                await self._save_thread_changes(emit)

    async def _save(self, event: ThreadStreamEvent) -> None:
        store, thread_id, context = self._store, self._thread.id, self._context
        match event:
            case ThreadItemDoneEvent(item=item):
                await self._write(lambda: store.add_thread_item(thread_id, item, context), event)
                if self._log_content and has_text(item):
                    log.info("assistant_message", thread_id=thread_id, text=text_of(item))
            case ThreadItemReplacedEvent(item=item):
                await self._write(lambda: store.save_item(thread_id, item, context), event)
            case ThreadItemRemovedEvent(item_id=item_id):
                await self._write(
                    lambda: store.delete_thread_item(thread_id, item_id, context), event
                )
            case _:
                self._pending.apply(event)

    async def _write(self, write: Write, event: ThreadStreamEvent) -> None:
        async def write_and_note() -> None:
            await write()
            self._pending.apply(event)

        await patiently(write_and_note)

    async def _save_thread_changes(self, emit: Emit) -> None:
        """Save what the server changed of the thread that it was given: its title, its status.

        Only that: meanwhile somebody else may have changed the rest. A title that the user has
        given meanwhile stays.
        """
        if self._thread == self._saved_thread:
            return
        changed = {
            name: getattr(self._thread, name)
            for name in ThreadMetadata.model_fields
            if getattr(self._thread, name) != getattr(self._saved_thread, name)
        }

        async def merge() -> ThreadMetadata:
            # All of it anew with each try: the user may give a title while the store is away.
            stored = await self._store.load_thread(self._thread.id, self._context)
            titled = {"title"} if stored.title != self._saved_thread.title else set()
            ours = {name: value for name, value in changed.items() if name not in titled}
            merged = stored.model_copy(update=ours)
            await self._store.save_thread(merged, self._context)
            return merged

        merged = await patiently(merge)
        self._thread.title = merged.title
        self._saved_thread = self._thread.model_copy(deep=True)
        await emit(ThreadUpdatedEvent(thread=as_thread(merged)))

    async def _take_back_widgets(self, emit: Emit) -> None:
        # A tool whose widget stream failed leaves a widget that would stream for ever.
        for item in self._pending.items():
            if isinstance(item, WidgetItem):
                await emit(ThreadItemRemovedEvent(item_id=item.id))

    async def end_orphan(self, run: Run, entries: Sequence[Entry]) -> EndState:
        """End a run whose process died, or that is stopped before it is executed again.

        The text that it had stored is kept.

        `entries` is its log. An item may be whole in the store though the log does not say so yet.
        """
        await run.conclude()
        self._pending = pending_of(entries)
        if run.record.cancel_requested or run.stop_reason in ("cancelled", "disconnected"):
            await self._keep_cancelled(run)
            return "cancelled"
        message = "The answer was interrupted by a failure of the server. What was written is kept."
        await self._end_failed(run, _failure(message, retry=True))
        return "failed"

    async def take_back(self, run: Run, entries: Sequence[Entry]) -> None:
        """Remove what an attempt that failed had shown of unfinished items: they come anew."""
        for item in pending_of(entries).items():
            await run.emit(ThreadItemRemovedEvent(item_id=item.id))

    async def _stopped(self, run: Run) -> EndState:
        """Save what is left of an answer that was stopped, or whose server cancelled itself."""
        await run.conclude()
        match run.stop_reason:
            case "fenced":
                raise RunFencedError(run.id)
            case "cancelled" | "disconnected":
                await self._keep_cancelled(run)
                return "cancelled"
            case "shutdown":
                log.warning("run_stopped_by_shutdown", run_id=run.id)
                message = "The server is restarting. The answer so far is saved."
            case _:
                log.error("run_failed", code="cancelled_from_inside", run_id=run.id)
                message = "The answer was interrupted."
        await self._end_failed(run, _failure(message, retry=True))
        return "failed"

    async def _keep_cancelled(self, run: Run) -> None:
        """Let the server save what it wants of the unfinished items, and say which it did.

        It is asked again if the store was away: what it had saved by then is saved once more.
        """
        items = self._pending.items()
        keep = self._server.handle_stream_cancelled
        try:
            await patiently(lambda: keep(self._thread, items, self._context))
        except RunFencedError:
            raise
        except Exception:
            log.exception("cancelled_answer_not_saved", thread_id=self._thread.id)
        for item in items:
            await run.emit(await self._end_of(item))
        log.info("run_cancelled", thread_id=self._thread.id, pending_items=len(items))

    async def _end_of(self, item: ThreadItem) -> ThreadStreamEvent:
        try:
            stored = await patiently(
                lambda: self._store.load_item(self._thread.id, item.id, self._context)
            )
        except Exception:  # noqa: BLE001  whatever the reason, it is not known to be there
            return ThreadItemRemovedEvent(item_id=item.id)
        return ThreadItemDoneEvent(item=stored)

    async def _end_failed(self, run: Run, failure: ErrorEvent) -> None:
        """Save the text so far, then say what was saved, what is taken back, and what failed.

        In this order: a reader that leaves while it is told must not cost the text.
        """
        await run.conclude()
        ends = [await self._kept(item) for item in self._pending.items()]
        for event in (*ends, failure):
            await run.emit(event)

    async def _kept(self, item: ThreadItem) -> ThreadStreamEvent:
        """Save an unfinished item that has text; say what became of it."""
        store, thread_id, context = self._store, self._thread.id, self._context
        if has_text(item):
            try:
                if not await self._is_stored(item):
                    await patiently(lambda: store.add_thread_item(thread_id, item, context))
            except NotFoundError:
                pass  # the thread was deleted
            except RunFencedError:
                raise
            except Exception:
                log.exception("partial_answer_not_saved", thread_id=thread_id)
        return await self._end_of(item)

    async def _is_stored(self, item: ThreadItem) -> bool:
        try:
            await patiently(lambda: self._store.load_item(self._thread.id, item.id, self._context))
        except (NotFoundError, KeyError):  # the SDK's sample stores raise the latter
            return False
        return True

    def _report(self, exc: BaseException, run: Run) -> ErrorEvent:
        """Log for the operator; return what the user may know."""
        where = {"run_id": run.id, "thread_id": self._thread.id}
        if isinstance(exc, CustomStreamError):
            log.info("run_refused", **where)
            return _failure(exc.message, retry=exc.allow_retry)
        if isinstance(exc, StreamError):
            log.warning("run_failed", code=str(exc.code), **where)
            return ErrorEvent(code=exc.code, allow_retry=exc.allow_retry)
        if isinstance(exc, NotFoundError) and exc.args == (self._thread.id,):
            log.info("run_lost_its_thread", **where)
            return _failure("The conversation was deleted while it was answered.", retry=False)
        if isinstance(exc, StoreUnavailableError):
            log.error("run_failed", code="store_unavailable", error=str(exc), **where)
            return _failure("The answer could not be saved. Try again in a moment.", retry=True)
        if known := explain(exc):
            log.error("model_failed", code=known.code, hint=known.operator_hint, **where)
            return _failure(known.user_message, retry=known.retryable)
        log.error("run_failed", code="unexpected", exc_info=exc, **where)
        return ErrorEvent(code=ErrorCode.STREAM_ERROR, allow_retry=True)


def _failure(message: str, *, retry: bool) -> ErrorEvent:
    return ErrorEvent(code="custom", message=message, allow_retry=retry)
