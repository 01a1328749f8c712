"""Requests about threads and items that answer at once."""

from typing import Generic

from chatkit.types import (
    ItemFeedbackParams,
    ItemsListParams,
    Page,
    Thread,
    ThreadDeleteParams,
    ThreadGetByIdParams,
    ThreadItem,
    ThreadListParams,
    ThreadUpdateParams,
)
from typing_extensions import TypeVar

from chatkit_backend.errors import BadRequest
from chatkit_backend.identity import Session
from chatkit_backend.runs.events import as_thread

from .call import Call
from .service import Service
from .session_rules import shown_history

C = TypeVar("C")

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
MAX_TITLE = 500
"""Longest title that a user may give a thread, in characters."""


class Threads(Generic[C]):
    """Reading, listing, renaming and deleting threads; listing items; feedback."""

    def __init__(self, service: Service[C]) -> None:
        self._server = service.server
        self._store = service.store
        self._runs = service.runs

    async def get(self, params: ThreadGetByIdParams, context: C) -> Thread:
        """A thread with its newest items, oldest of them first.

        While there are older ones, `items.after` is the id to list on from, newest first
        (`items.list` with `order: desc`). The SDK returns the oldest items of the thread instead,
        which is not where a conversation goes on.
        """
        thread = await self._store.load_thread(params.thread_id, context)
        page = await self._store.page_items(
            thread.id, limit=DEFAULT_LIMIT, after=None, order="desc", context=context
        )
        items = Page[ThreadItem](data=page.data[::-1], has_more=page.has_more, after=page.after)
        return as_thread(thread).model_copy(update={"items": items})

    async def list(
        self, params: ThreadListParams, context: C, session: Session | None
    ) -> Page[Thread]:
        """One page of threads, by creation time, newest first unless asked otherwise.

        A session's maker may have limited them to the newest, or to none.
        """
        if session is not None and not session.configuration.history.enabled:
            return Page()
        if session is not None and (newest := session.configuration.history.recent_threads):
            return await self._newest(newest, params, context)
        page = await self._store.page_threads(
            limit=_limit(params.limit), after=params.after, order=params.order, context=context
        )
        return Page(
            data=[as_thread(thread) for thread in page.data],
            has_more=page.has_more,
            after=page.after,
        )

    async def _newest(self, number: int, params: ThreadListParams, context: C) -> Page[Thread]:
        page = await self._store.page_threads(
            limit=number, after=None, order="desc", context=context
        )
        return shown_history(
            [as_thread(thread) for thread in page.data],
            after=params.after,
            order=params.order,
            limit=_limit(params.limit),
        )

    async def rename(self, params: ThreadUpdateParams, context: C) -> Thread:
        """Set a thread's title. Raises: BadRequest (`invalid_title`)."""
        title = params.title.strip()
        if not title or len(title) > MAX_TITLE:
            raise BadRequest(
                "invalid_title",
                f"params.title has {len(title)} characters; it takes 1 to {MAX_TITLE}.",
            )
        thread = await self._store.load_thread(params.thread_id, context)
        thread.title = title
        await self._store.save_thread(thread, context)
        return as_thread(thread)

    async def delete(self, params: ThreadDeleteParams, call: Call[C]) -> None:
        """Delete a thread with everything in it; an answer that is being written is cancelled."""
        await self._store.load_thread(params.thread_id, call.context)
        if run := await self._runs.store.active_run(params.thread_id, call.owner):
            await self._runs.cancel(run.id, call.owner)
        await self._store.delete_thread(params.thread_id, call.context)

    async def items(self, params: ItemsListParams, context: C) -> Page[ThreadItem]:
        """One page of a thread's items that the client may see."""
        return await self._store.page_items(
            params.thread_id,
            limit=_limit(params.limit),
            after=params.after,
            order=params.order,
            context=context,
        )

    async def feedback(self, params: ItemFeedbackParams, context: C) -> None:
        """Hand feedback on items that are there to the server's `add_feedback`."""
        if not 1 <= len(params.item_ids) <= MAX_LIMIT:
            raise BadRequest(
                "invalid_request",
                f"params.item_ids has {len(params.item_ids)} members; it takes 1 to {MAX_LIMIT}.",
            )
        await self._store.load_thread(params.thread_id, context)
        for item_id in params.item_ids:
            await self._store.load_item(params.thread_id, item_id, context)
        await self._server.add_feedback(params.thread_id, params.item_ids, params.kind, context)


def _limit(given: int | None) -> int:
    if given is None:
        return DEFAULT_LIMIT
    if not 1 <= given <= MAX_LIMIT:
        raise BadRequest("invalid_limit", f"params.limit is {given}; it takes 1 to {MAX_LIMIT}.")
    return given
