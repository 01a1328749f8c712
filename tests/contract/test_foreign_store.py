"""Any SDK store, such as the sample stores are, does as a `ConversationStore`."""

from collections.abc import Sequence
from typing import TypedDict, TypeVar

import pytest
from chatkit.store import NotFoundError, Store
from chatkit.types import Attachment, Page, ThreadItem, ThreadMetadata

from chatkit_backend.runs.events import HIDDEN_ITEMS
from chatkit_backend.server.conversation_store import Order
from chatkit_backend.server.foreign_store import ForeignStore
from chatkit_backend.store import CursorNotFoundError, MemoryStore
from chatkit_backend.testing.store_contract import a_hidden_item, a_message, a_thread

Row = TypeVar("Row", ThreadItem, ThreadMetadata)


class SampleStore(Store[str]):
    """As the samples have one: `KeyError` for what is not there, unknown cursors restart."""

    def __init__(self) -> None:
        self.threads: dict[str, ThreadMetadata] = {}
        self.items: dict[str, list[ThreadItem]] = {}
        self.attachments: dict[str, Attachment] = {}

    async def load_thread(self, thread_id: str, context: str) -> ThreadMetadata:
        return self.threads[thread_id]

    async def save_thread(self, thread: ThreadMetadata, context: str) -> None:
        self.threads[thread.id] = thread

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: str
    ) -> Page[ThreadItem]:
        items = self.items.get(thread_id, [])[:: 1 if order == "asc" else -1]
        return _page(items, after, limit)

    async def load_threads(
        self, limit: int, after: str | None, order: str, context: str
    ) -> Page[ThreadMetadata]:
        return _page(list(self.threads.values())[:: 1 if order == "asc" else -1], after, limit)

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: str) -> None:
        self.items.setdefault(thread_id, []).append(item)

    async def save_item(self, thread_id: str, item: ThreadItem, context: str) -> None:
        items = self.items[thread_id]
        items[[one.id for one in items].index(item.id)] = item

    async def load_item(self, thread_id: str, item_id: str, context: str) -> ThreadItem:
        return {item.id: item for item in self.items[thread_id]}[item_id]

    async def delete_thread(self, thread_id: str, context: str) -> None:
        del self.threads[thread_id]

    async def delete_thread_item(self, thread_id: str, item_id: str, context: str) -> None:
        self.items[thread_id] = [one for one in self.items[thread_id] if one.id != item_id]

    async def save_attachment(self, attachment: Attachment, context: str) -> None:
        self.attachments[attachment.id] = attachment

    async def load_attachment(self, attachment_id: str, context: str) -> Attachment:
        return self.attachments[attachment_id]

    async def delete_attachment(self, attachment_id: str, context: str) -> None:
        del self.attachments[attachment_id]


def _page(rows: Sequence[Row], after: str | None, limit: int) -> Page[Row]:
    ids = [row.id for row in rows]
    start = ids.index(after) + 1 if after in ids else 0
    data = list(rows[start : start + limit])
    more = len(rows) > start + limit
    return Page(data=data, has_more=more, after=data[-1].id if more else None)


@pytest.fixture
def store() -> ForeignStore[str]:
    return ForeignStore(SampleStore(), MemoryStore(owner=lambda _: "me"))


async def filled(store: ForeignStore[str], messages: int, hidden: int) -> ThreadMetadata:
    """A thread with hidden items between its messages."""
    thread = a_thread()
    items = [a_message(thread, str(n)) for n in range(messages)]
    for n in range(hidden):
        items.insert(2 * n + 1, a_hidden_item(thread))
    await store.start_thread(thread, items, "me")
    return thread


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_hidden_items_never_make_short_pages(store: ForeignStore[str], order: Order) -> None:
    thread = await filled(store, messages=10, hidden=8)

    pages: list[list[str]] = []
    after, more = None, True
    while more:
        page = await store.page_items(thread.id, limit=3, after=after, order=order, context="me")
        assert not any(isinstance(item, HIDDEN_ITEMS) for item in page.data)
        pages.append([item.id for item in page.data])
        after, more = page.after, page.has_more

    assert [len(page) for page in pages] == [3, 3, 3, 1]
    assert len({item_id for page in pages for item_id in page}) == 10


async def test_what_is_not_there_is_not_found_and_an_unknown_cursor_does_not_start_over(
    store: ForeignStore[str],
) -> None:
    thread = await filled(store, messages=2, hidden=0)

    with pytest.raises(NotFoundError):
        await store.load_thread("thr_x", "me")
    with pytest.raises(NotFoundError):
        await store.load_item(thread.id, "msg_x", "me")
    with pytest.raises(NotFoundError):
        await store.delete_thread("thr_x", "me")
    with pytest.raises(NotFoundError):
        await store.delete_items_after(thread.id, "msg_x", "me")
    with pytest.raises(CursorNotFoundError):
        await store.page_items(thread.id, limit=5, after="msg_x", order="asc", context="me")
    with pytest.raises(CursorNotFoundError):
        await store.page_threads(limit=5, after="thr_x", order="asc", context="me")


async def test_items_are_put_in_order_and_an_item_that_is_there_keeps_its_place(
    store: ForeignStore[str],
) -> None:
    thread = await filled(store, messages=1, hidden=0)
    [first] = (await store.page_items(thread.id, **page_of_all())).data
    changed = a_message(thread, "changed").model_copy(update={"id": first.id})

    await store.put_items(thread.id, [a_message(thread, "second"), changed], "me")

    items = (await store.page_items(thread.id, **page_of_all())).data
    assert [item.content[0].text for item in items] == ["changed", "second"]  # type: ignore[union-attr]  # they are messages


async def test_everything_behind_an_item_is_deleted(store: ForeignStore[str]) -> None:
    thread = await filled(store, messages=150, hidden=0)
    items = (await store.page_items(thread.id, **page_of_all())).data

    await store.delete_items_after(thread.id, items[2].id, "me")
    await store.delete_items(thread.id, [items[0].id], "me")

    left = (await store.page_items(thread.id, **page_of_all())).data
    assert [item.id for item in left] == [items[1].id, items[2].id]


async def test_threads_are_listed(store: ForeignStore[str]) -> None:
    made = [await filled(store, messages=1, hidden=0) for _ in range(3)]
    page = await store.page_threads(limit=2, after=made[0].id, order="asc", context="me")
    assert [thread.id for thread in page.data] == [made[1].id, made[2].id]


async def test_feedback_has_no_place(store: ForeignStore[str]) -> None:
    with pytest.raises(NotImplementedError, match="add_feedback"):
        await store.save_feedback("thr", ["msg"], "positive", "me")


class All(TypedDict):
    limit: int
    after: None
    order: Order
    context: str


def page_of_all() -> All:
    return {"limit": 100, "after": None, "order": "asc", "context": "me"}
