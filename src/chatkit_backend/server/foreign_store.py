"""`ForeignStore`: any SDK `Store` as a `ConversationStore`."""

from collections.abc import Sequence
from typing import Generic, Protocol

from chatkit.store import NotFoundError, Store
from chatkit.types import Attachment, FeedbackKind, Page, ThreadItem, ThreadMetadata
from typing_extensions import TypeVar

from chatkit_backend.runs import RunStore
from chatkit_backend.runs.events import HIDDEN_ITEMS
from chatkit_backend.store.errors import CursorNotFoundError
from chatkit_backend.store.runs import Append, RunRecord, ThreadChanges

from .conversation_store import Order

C = TypeVar("C")

BATCH_ITEMS = 100


class RunKeeper(Protocol):
    """Keeps the runs of a store that cannot; every store of this package does."""

    @property
    def runs(self) -> RunStore:
        """The runs that have begun."""
        ...

    async def begin_run(
        self,
        run: RunRecord,
        changes: ThreadChanges,
        context: object,
        *,
        most_running: int | None = None,
    ) -> None:
        """See `ConversationStore.begin_run`."""
        ...


class ForeignStore(Generic[C]):
    """Does with the SDK's methods what a `ConversationStore` promises, as well as they allow.

    Several items are written one after the other: a foreign store has no transaction to offer.
    Its own isolation between users is trusted.
    """

    def __init__(self, store: Store[C], keeper: RunKeeper) -> None:
        """Adapt `store`; `keeper` has its runs."""
        self._store = store
        self._keeper = keeper

    async def load_thread(self, thread_id: str, context: C) -> ThreadMetadata:
        """Load a thread; the sample stores answer an unknown id with `KeyError`, too."""
        try:
            return await self._store.load_thread(thread_id, context)
        except KeyError as exc:
            raise NotFoundError(thread_id) from exc

    async def save_thread(self, thread: ThreadMetadata, context: C) -> None:
        """Save a thread."""
        await self._store.save_thread(thread, context)

    async def delete_thread(self, thread_id: str, context: C) -> None:
        """Delete a thread that is there."""
        await self.load_thread(thread_id, context)
        await self._store.delete_thread(thread_id, context)

    async def load_item(self, thread_id: str, item_id: str, context: C) -> ThreadItem:
        """Load one item."""
        try:
            return await self._store.load_item(thread_id, item_id, context)
        except KeyError as exc:
            raise NotFoundError(item_id) from exc

    async def start_thread(
        self,
        thread: ThreadMetadata,
        items: Sequence[ThreadItem],
        context: C,
        *,
        attachments: Sequence[Attachment] = (),
    ) -> None:
        """Save a thread, then its items."""
        await self._store.save_thread(thread, context)
        await self._save_attachments(attachments, context)
        for item in items:
            await self._store.add_thread_item(thread.id, item, context)

    async def put_items(
        self,
        thread_id: str,
        items: Sequence[ThreadItem],
        context: C,
        *,
        attachments: Sequence[Attachment] = (),
    ) -> None:
        """Save items one by one; an item that is there is updated."""
        await self._save_attachments(attachments, context)
        for item in items:
            try:
                await self.load_item(thread_id, item.id, context)
            except NotFoundError:
                await self._store.add_thread_item(thread_id, item, context)
            else:
                await self._store.save_item(thread_id, item, context)

    async def begin_run(
        self,
        run: RunRecord,
        changes: ThreadChanges,
        context: C,
        *,
        most_running: int | None = None,
    ) -> None:
        """Begin the run, then change the thread; the run ends again if that fails."""
        await self._keeper.begin_run(run, ThreadChanges(), context, most_running=most_running)
        try:
            if changes.after is not None:
                await self.delete_items_after(run.thread_id, changes.after, context)
            if changes.thread is not None:
                await self._store.save_thread(changes.thread, context)
            await self.put_items(
                run.thread_id, changes.items, context, attachments=changes.attachments
            )
        except BaseException:
            end = Append(fence=run.fence, owner=run.owner, chunk=None, end="failed")
            await self._keeper.runs.append([end])
            raise

    async def _save_attachments(self, attachments: Sequence[Attachment], context: C) -> None:
        for attachment in attachments:
            await self._store.save_attachment(attachment, context)

    async def delete_items(self, thread_id: str, item_ids: Sequence[str], context: C) -> None:
        """Delete items one by one."""
        for item_id in item_ids:
            await self._store.delete_thread_item(thread_id, item_id, context)

    async def delete_items_after(self, thread_id: str, item_id: str, context: C) -> None:
        """Delete the items behind `item_id`, newest first, so that a crash leaves no gap."""
        await self.load_item(thread_id, item_id, context)
        while True:
            page = await self._store.load_thread_items(
                thread_id, None, BATCH_ITEMS, "desc", context
            )
            for item in page.data:
                if item.id == item_id:
                    return
                await self._store.delete_thread_item(thread_id, item.id, context)
            if not page.data:
                return

    async def page_threads(
        self, *, limit: int, after: str | None, order: Order, context: C
    ) -> Page[ThreadMetadata]:
        """List threads; the cursor is checked first, because samples start over on an unknown."""
        if after is not None:
            try:
                await self.load_thread(after, context)
            except NotFoundError as exc:
                raise CursorNotFoundError(after) from exc
        return await self._store.load_threads(limit, after, order, context)

    async def page_items(
        self,
        thread_id: str,
        *,
        limit: int,
        after: str | None,
        order: Order,
        context: C,
        hidden: bool = False,
    ) -> Page[ThreadItem]:
        """List items; reads on while hidden items leave the page short."""
        await self.load_thread(thread_id, context)
        if after is not None:
            try:
                await self.load_item(thread_id, after, context)
            except NotFoundError as exc:
                raise CursorNotFoundError(after) from exc
        kept: list[ThreadItem] = []
        while True:
            page = await self._store.load_thread_items(thread_id, after, limit + 1, order, context)
            kept += [item for item in page.data if hidden or not isinstance(item, HIDDEN_ITEMS)]
            if len(kept) > limit:
                return Page(data=kept[:limit], has_more=True, after=kept[limit - 1].id)
            if not page.has_more or not page.data:
                return Page(data=kept)
            after = page.data[-1].id

    async def save_feedback(
        self, thread_id: str, item_ids: Sequence[str], kind: FeedbackKind, context: C
    ) -> None:
        """A foreign store has no place for feedback; its server's `add_feedback` has.

        Raises: NotImplementedError.
        """
        raise NotImplementedError(
            "this store cannot keep feedback; override ChatKitServer.add_feedback"
        )
