"""What the ChatKit operations need of a store.

The SDK's `Store` is enough for a `ChatKitServer`. Serving many users over HTTP needs a little more:
several items in one transaction, pages without hidden items, cursors that are checked. The stores
of this package have both; any other `Store` is adapted by `ForeignStore`.
"""

from collections.abc import Sequence
from typing import Literal, Protocol, TypeVar, runtime_checkable

from chatkit.types import Attachment, FeedbackKind, Page, ThreadItem, ThreadMetadata

from chatkit_backend.store.runs import RunRecord, ThreadChanges

Order = Literal["asc", "desc"]

C_contra = TypeVar("C_contra", contravariant=True)


@runtime_checkable
class ConversationStore(Protocol[C_contra]):
    """Threads and items of the context's owner.

    Every method sees only rows of the owner that `context` stands for. What is somebody else's is
    not there: `chatkit.store.NotFoundError`.
    """

    async def load_thread(self, thread_id: str, context: C_contra) -> ThreadMetadata:
        """Load a thread without its items. Raises: NotFoundError."""
        ...

    async def save_thread(self, thread: ThreadMetadata, context: C_contra) -> None:
        """Insert or update a thread; `items` of a `Thread` are left out.

        Raises: NotFoundError if the id is taken by another owner.
        """
        ...

    async def delete_thread(self, thread_id: str, context: C_contra) -> None:
        """Delete a thread with its items and feedback. Raises: NotFoundError."""
        ...

    async def load_item(self, thread_id: str, item_id: str, context: C_contra) -> ThreadItem:
        """Load one item. Raises: NotFoundError."""
        ...

    async def start_thread(
        self,
        thread: ThreadMetadata,
        items: Sequence[ThreadItem],
        context: C_contra,
        *,
        attachments: Sequence[Attachment] = (),
    ) -> None:
        """Insert or update a thread with items and their attachments, all or nothing."""
        ...

    async def put_items(
        self,
        thread_id: str,
        items: Sequence[ThreadItem],
        context: C_contra,
        *,
        attachments: Sequence[Attachment] = (),
    ) -> None:
        """Insert or update items, in this order, and their attachments, all or nothing.

        An item that is there keeps its place; a new one goes to the end. Raises: NotFoundError if
        the thread is not there.
        """
        ...

    async def begin_run(
        self,
        run: RunRecord,
        changes: ThreadChanges,
        context: C_contra,
        *,
        most_running: int | None = None,
    ) -> None:
        """Begin a run and change its thread, in one transaction.

        A run that is queued (`RunStore.enqueue`) becomes running. Raises: ThreadBusyError if
        another run is running on the thread, or an older one is queued for it; TooManyRunsError if
        `most_running` of its owner are running, on whatever threads; DuplicateRunError;
        RunCancelledError if it was cancelled in the queue; NotFoundError as `put_items`, and for
        `changes.after`.
        """
        ...

    async def delete_items(
        self, thread_id: str, item_ids: Sequence[str], context: C_contra
    ) -> None:
        """Delete items, all or nothing; ids that are not there are ignored."""
        ...

    async def delete_items_after(self, thread_id: str, item_id: str, context: C_contra) -> None:
        """Delete every item behind `item_id`, all or nothing. Raises: NotFoundError."""
        ...

    async def page_threads(
        self, *, limit: int, after: str | None, order: Order, context: C_contra
    ) -> Page[ThreadMetadata]:
        """List threads by creation time. Raises: CursorNotFoundError if `after` is not there."""
        ...

    async def page_items(
        self,
        thread_id: str,
        *,
        limit: int,
        after: str | None,
        order: Order,
        context: C_contra,
        hidden: bool = False,
    ) -> Page[ThreadItem]:
        """List a thread's items in the order in which they were added.

        Hidden context items are left out before paging unless `hidden`, so that a page is short
        only at the end. `Page.after` is the id of the page's last item while there are more.

        Raises: NotFoundError (thread), CursorNotFoundError (`after`).
        """
        ...

    async def save_feedback(
        self, thread_id: str, item_ids: Sequence[str], kind: FeedbackKind, context: C_contra
    ) -> None:
        """Keep the latest feedback for each item. Raises: NotFoundError, and then keeps none."""
        ...
