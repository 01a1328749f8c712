"""The SDK's `Store` methods, in terms of the few that a store of this package writes itself."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Generic, Literal

from chatkit.store import Store, StoreItemType
from chatkit.types import Attachment, Page, ThreadItem, ThreadMetadata
from typing_extensions import TypeVar, override

from .ids import new_id, new_item_id

C = TypeVar("C")

Order = Literal["asc", "desc"]


class SdkMethods(Store[C], Generic[C]):
    """A `chatkit.store.Store` for subclasses that write and page as a `ConversationStore` does."""

    @abstractmethod
    async def put_items(
        self,
        thread_id: str,
        items: Sequence[ThreadItem],
        context: C,
        *,
        attachments: Sequence[Attachment] = (),
    ) -> None:
        """See `ConversationStore.put_items`."""

    @abstractmethod
    async def delete_items(self, thread_id: str, item_ids: Sequence[str], context: C) -> None:
        """See `ConversationStore.delete_items`."""

    @abstractmethod
    async def page_threads(
        self, *, limit: int, after: str | None, order: Order, context: C
    ) -> Page[ThreadMetadata]:
        """See `ConversationStore.page_threads`."""

    @abstractmethod
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
        """See `ConversationStore.page_items`."""

    @override
    def generate_thread_id(self, context: C) -> str:
        """Make an id of 128 bits; the SDK's own have 32."""
        return new_id("thr")

    @override
    def generate_item_id(self, item_type: StoreItemType, thread: ThreadMetadata, context: C) -> str:
        """Make an id of 128 bits; the SDK's own have 32."""
        return new_item_id(item_type)

    @override
    async def load_threads(
        self, limit: int, after: str | None, order: str, context: C
    ) -> Page[ThreadMetadata]:
        """List threads by creation time.

        Raises: CursorNotFoundError (`after`), ValueError (`order`, `limit`).
        """
        return await self.page_threads(
            limit=limit, after=after, order=_order(order), context=context
        )

    @override
    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: C
    ) -> Page[ThreadItem]:
        """List a thread's items, hidden ones too, in the order in which they were added.

        Raises: NotFoundError, CursorNotFoundError (`after`), ValueError (`order`, `limit`).
        """
        return await self.page_items(
            thread_id, limit=limit, after=after, order=_order(order), context=context, hidden=True
        )

    @override
    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: C) -> None:
        """Add an item; one that is there is updated, as the SDK's continued workflows need it.

        Raises: NotFoundError if the thread is not there.
        """
        await self.put_items(thread_id, [item], context)

    @override
    async def save_item(self, thread_id: str, item: ThreadItem, context: C) -> None:
        """Update an item; one that is not there is added. Raises: NotFoundError (thread)."""
        await self.put_items(thread_id, [item], context)

    @override
    async def delete_thread_item(self, thread_id: str, item_id: str, context: C) -> None:
        """Delete an item, if it is there."""
        await self.delete_items(thread_id, [item_id], context)


def _order(order: str) -> Order:
    if order == "asc":
        return "asc"
    if order == "desc":
        return "desc"
    raise ValueError(f"order is 'asc' or 'desc', not {order!r}")
