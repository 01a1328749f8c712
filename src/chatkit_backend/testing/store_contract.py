"""What every store must do, as pytest classes to inherit from.

    class TestMyStore(StoreContract):
        @pytest.fixture
        def store(self) -> Store[MyContext]: ...
        @pytest.fixture
        def context(self) -> MyContext: ...
        @pytest.fixture
        def other_context(self) -> MyContext: ...

The two contexts are of different owners, and new for each test if the store keeps rows between
tests. Needs pytest and pytest-asyncio.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

import pytest
from chatkit.store import NotFoundError, Store
from chatkit.types import (
    ActiveStatus,
    AssistantMessageContent,
    AssistantMessageItem,
    ClosedStatus,
    CustomTask,
    FileAttachment,
    HiddenContextItem,
    LockedStatus,
    Page,
    SDKHiddenContextItem,
    Thread,
    ThreadItem,
    ThreadMetadata,
    Workflow,
    WorkflowItem,
)

from chatkit_backend.server.conversation_store import ConversationStore, Order
from chatkit_backend.store.errors import CursorNotFoundError
from chatkit_backend.store.ids import new_id
from chatkit_backend.store.times import now

Context = Any  # whatever the user's store takes; the suite only hands it on

ORDERS: tuple[Order, ...] = ("asc", "desc")

T = TypeVar("T")


def a_thread(**changes: object) -> ThreadMetadata:
    """A new thread, made now."""
    return ThreadMetadata(id=new_id("thr"), created_at=now()).model_copy(update=changes)


def a_message(thread: ThreadMetadata, text: str = "Hello", **changes: object) -> ThreadItem:
    """A new assistant message of `thread`."""
    return AssistantMessageItem(
        id=new_id("msg"),
        thread_id=thread.id,
        created_at=now(),
        content=[AssistantMessageContent(text=text)],
    ).model_copy(update=changes)


def a_hidden_item(thread: ThreadMetadata) -> ThreadItem:
    """A new hidden context item of `thread`, of either type."""
    kind = random.choice((HiddenContextItem, SDKHiddenContextItem))  # noqa: S311
    return kind(id=new_id("shcx"), thread_id=thread.id, created_at=now(), content="hidden")


def an_attachment(**changes: object) -> FileAttachment:
    """A new attachment with private metadata."""
    return FileAttachment(
        id=new_id("atc"), name="notes.txt", mime_type="text/plain", metadata={"path": "blobs/1"}
    ).model_copy(update=changes)


def ids(rows: list[ThreadItem] | list[ThreadMetadata]) -> list[str]:
    """The ids of rows."""
    return [row.id for row in rows]


async def all_pages(load: Callable[[str | None], Awaitable[Page[T]]]) -> list[Page[T]]:
    """Follow `Page.after` to the end, at most 1,000 pages."""
    pages: list[Page[T]] = []
    after: str | None = None
    for _ in range(1000):
        page = await load(after)
        pages.append(page)
        if not page.has_more:
            return pages
        after = page.after
    raise AssertionError("the list does not end: 1,000 pages still say has_more")


@pytest.mark.asyncio
class StoreContract:
    """The SDK's `chatkit.store.Store`, for many users."""

    # threads

    async def test_a_saved_thread_is_loaded_as_it_was(
        self, store: Store[Context], context: Context
    ) -> None:
        for status in (ActiveStatus(), LockedStatus(reason="paid"), ClosedStatus()):
            thread = a_thread(
                title="Ütf-8 🙂", status=status, metadata={"a": [1, None, {"b": 2.5}]}
            )
            await store.save_thread(thread, context)
            assert await store.load_thread(thread.id, context) == thread

    async def test_saving_a_thread_again_updates_it(
        self, store: Store[Context], context: Context
    ) -> None:
        thread = a_thread()
        item = a_message(thread)
        await store.save_thread(thread, context)
        await store.add_thread_item(thread.id, item, context)
        await store.save_thread(thread.model_copy(update={"title": "New"}), context)
        assert (await store.load_thread(thread.id, context)).title == "New"
        assert await store.load_item(thread.id, item.id, context) == item

    async def test_a_thread_with_items_is_loaded_as_metadata(
        self, store: Store[Context], context: Context
    ) -> None:
        # `ChatKitServer` may save a `Thread`, and cannot stand getting one (`server.py:1024`):
        # "multiple values for keyword argument 'items'".
        metadata = a_thread()
        thread = Thread(**metadata.model_dump(), items=Page(data=[a_message(metadata)]))
        await store.save_thread(thread, context)
        loaded = await store.load_thread(thread.id, context)
        assert type(loaded) is ThreadMetadata
        page = await store.load_threads(20, None, "desc", context)
        assert [type(row) for row in page.data] == [ThreadMetadata]
        Thread(**loaded.model_dump(), items=Page())

    async def test_a_thread_that_is_not_there_is_not_found(
        self, store: Store[Context], context: Context
    ) -> None:
        for thread_id in ("thr_none", "", "thr_\0", "thr_\ud800"):
            with pytest.raises(NotFoundError):
                await store.load_thread(thread_id, context)
            with pytest.raises(NotFoundError):
                await store.load_thread_items(thread_id, None, 20, "asc", context)
            with pytest.raises(NotFoundError):
                await store.load_item(thread_id, "msg_none", context)
            with pytest.raises(NotFoundError):
                await store.add_thread_item(thread_id, a_message(a_thread()), context)
            with pytest.raises(NotFoundError):
                await store.delete_thread(thread_id, context)

    async def test_a_deleted_thread_is_gone_with_its_items_and_attachments(
        self, store: Store[Context], context: Context
    ) -> None:
        thread = a_thread()
        item = a_message(thread)
        attachment = an_attachment(thread_id=thread.id)
        await store.save_thread(thread, context)
        await store.add_thread_item(thread.id, item, context)
        await store.save_attachment(attachment, context)
        await store.delete_thread(thread.id, context)
        with pytest.raises(NotFoundError):
            await store.load_thread(thread.id, context)
        with pytest.raises(NotFoundError):
            await store.load_attachment(attachment.id, context)
        await store.save_thread(thread, context)
        assert (await store.load_thread_items(thread.id, None, 20, "asc", context)).data == []

    # items

    async def test_items_come_in_the_order_in_which_they_were_added(
        self, store: Store[Context], context: Context
    ) -> None:
        thread = a_thread()
        await store.save_thread(thread, context)
        # Neither their ids nor their times say so.
        items = [
            a_message(thread, id=f"msg_{9 - n}", created_at=now() - timedelta(days=n))
            for n in range(5)
        ]
        for item in items:
            await store.add_thread_item(thread.id, item, context)
        ascending = await store.load_thread_items(thread.id, None, 20, "asc", context)
        descending = await store.load_thread_items(thread.id, None, 20, "desc", context)
        assert ascending.data == items
        assert descending.data == items[::-1]

    async def test_adding_an_item_again_updates_it_in_its_place(
        self, store: Store[Context], context: Context
    ) -> None:
        # A continued workflow is added a second time (`chatkit/agents.py:813`).
        thread = a_thread()
        first, second = a_message(thread, "first"), a_message(thread, "second")
        changed = first.model_copy(update={"content": [AssistantMessageContent(text="changed")]})
        await store.save_thread(thread, context)
        for write in (store.add_thread_item, store.save_item):
            await write(thread.id, first, context)
            await write(thread.id, second, context)
            await write(thread.id, changed, context)
            page = await store.load_thread_items(thread.id, None, 20, "asc", context)
            assert page.data == [changed, second]

    async def test_a_deleted_item_is_gone_and_deleting_it_again_is_no_error(
        self, store: Store[Context], context: Context
    ) -> None:
        thread = a_thread()
        kept, gone = a_message(thread), a_message(thread)
        await store.save_thread(thread, context)
        await store.add_thread_item(thread.id, kept, context)
        await store.add_thread_item(thread.id, gone, context)
        for _ in range(2):
            await store.delete_thread_item(thread.id, gone.id, context)
            page = await store.load_thread_items(thread.id, None, 20, "asc", context)
            assert page.data == [kept]
        with pytest.raises(NotFoundError):
            await store.load_item(thread.id, gone.id, context)

    async def test_the_same_item_id_in_two_threads_names_two_items(
        self, store: Store[Context], context: Context
    ) -> None:
        one, two = a_thread(), a_thread()
        for thread in (one, two):
            await store.save_thread(thread, context)
            await store.add_thread_item(
                thread.id, a_message(thread, thread.id, id="msg_same"), context
            )
        await store.delete_thread_item(one.id, "msg_same", context)
        loaded = await store.load_item(two.id, "msg_same", context)
        assert isinstance(loaded, AssistantMessageItem)
        assert loaded.content[0].text == two.id

    async def test_loaded_objects_share_nothing_with_the_store(
        self, store: Store[Context], context: Context
    ) -> None:
        thread = a_thread(metadata={"tags": ["a"]})
        item = a_message(thread)
        await store.save_thread(thread, context)
        await store.add_thread_item(thread.id, item, context)
        original = item.model_copy(deep=True)
        for changed in (item, await store.load_item(thread.id, item.id, context)):
            cast("AssistantMessageItem", changed).content[0].text = "changed"
            assert await store.load_item(thread.id, item.id, context) == original
        thread.metadata["tags"].append("b")
        (await store.load_thread(thread.id, context)).metadata["tags"].append("c")
        assert (await store.load_thread(thread.id, context)).metadata == {"tags": ["a"]}

    # pages

    @pytest.mark.parametrize("order", ORDERS)
    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
    async def test_pages_of_items_give_each_item_once_to_the_end(
        self, store: Store[Context], context: Context, order: Order, limit: int
    ) -> None:
        thread = a_thread()
        await store.save_thread(thread, context)
        items = [a_message(thread) for _ in range(7)]
        for item in items:
            await store.add_thread_item(thread.id, item, context)
        pages = await all_pages(
            lambda after: store.load_thread_items(thread.id, after, limit, order, context)
        )
        assert [len(page.data) for page in pages[:-1]] == [limit] * (len(pages) - 1)
        assert len(pages) == -(-7 // limit)
        seen = [item.id for page in pages for item in page.data]
        assert seen == (ids(items) if order == "asc" else ids(items[::-1]))

    @pytest.mark.parametrize("order", ORDERS)
    @pytest.mark.parametrize("limit", [1, 2, 3, 6, 7])
    async def test_pages_of_threads_give_each_thread_once_by_creation_time(
        self, store: Store[Context], context: Context, order: Order, limit: int
    ) -> None:
        moment = now()
        # Three share a moment: the cursor needs more than the time.
        threads = [a_thread(created_at=moment + timedelta(seconds=max(n, 3))) for n in range(6)]
        for thread in random.sample(threads, len(threads)):
            await store.save_thread(thread, context)
        pages = await all_pages(lambda after: store.load_threads(limit, after, order, context))
        seen = [thread.id for page in pages for thread in page.data]
        by_time = sorted(threads, key=lambda thread: (thread.created_at, thread.id))
        assert seen == (ids(by_time) if order == "asc" else ids(by_time[::-1]))

    async def test_an_unknown_cursor_is_refused(
        self, store: Store[Context], context: Context
    ) -> None:
        thread, other = a_thread(), a_thread()
        item = a_message(other)
        await store.save_thread(thread, context)
        await store.save_thread(other, context)
        await store.add_thread_item(thread.id, a_message(thread), context)
        await store.add_thread_item(other.id, item, context)
        for order in ORDERS:
            for after in ("none", "\0", "\ud800", item.id):
                with pytest.raises(CursorNotFoundError, match="none|\0|\ud800|msg"):
                    await store.load_thread_items(thread.id, after, 20, order, context)
                with pytest.raises(CursorNotFoundError):
                    await store.load_threads(20, after, order, context)

    async def test_a_cursor_at_the_end_gives_an_empty_page(
        self, store: Store[Context], context: Context
    ) -> None:
        thread = a_thread()
        item = a_message(thread)
        await store.save_thread(thread, context)
        await store.add_thread_item(thread.id, item, context)
        for order in ORDERS:
            items = await store.load_thread_items(thread.id, item.id, 20, order, context)
            threads = await store.load_threads(20, thread.id, order, context)
            assert (items.data, items.has_more, items.after) == ([], False, None)
            assert (threads.data, threads.has_more, threads.after) == ([], False, None)

    async def test_a_wrong_order_or_limit_is_the_callers_mistake(
        self, store: Store[Context], context: Context
    ) -> None:
        thread = a_thread()
        await store.save_thread(thread, context)
        for limit, order in ((20, "newest"), (0, "asc"), (-1, "desc")):
            with pytest.raises(ValueError, match="order is|limit of a page"):
                await store.load_threads(limit, None, order, context)
            with pytest.raises(ValueError, match="order is|limit of a page"):
                await store.load_thread_items(thread.id, None, limit, order, context)

    async def test_the_sdks_pages_hold_hidden_items(
        self, store: Store[Context], context: Context
    ) -> None:
        thread = a_thread()
        items = [a_hidden_item(thread), a_message(thread), a_hidden_item(thread)]
        await store.save_thread(thread, context)
        for item in items:
            await store.add_thread_item(thread.id, item, context)
        page = await store.load_thread_items(thread.id, None, 20, "asc", context)
        assert page.data == items

    # values

    async def test_naive_local_times_are_kept_as_the_moments_they_are(
        self, store: Store[Context], context: Context
    ) -> None:
        # The SDK writes `datetime.now()` everywhere.
        naive = datetime.now()  # noqa: DTZ005
        thread = a_thread(created_at=naive)
        item = a_message(thread, created_at=naive)
        await store.save_thread(thread, context)
        await store.add_thread_item(thread.id, item, context)
        for loaded in (
            await store.load_thread(thread.id, context),
            await store.load_item(thread.id, item.id, context),
        ):
            assert loaded.created_at == naive.astimezone(UTC)
            assert loaded.created_at.utcoffset() == timedelta(0)

    async def test_a_loaded_workflows_duration_can_be_computed_as_the_sdk_does(
        self, store: Store[Context], context: Context
    ) -> None:
        # `datetime.now() - item.created_at` (`chatkit/agents.py:160`, `:532`)
        thread = a_thread()
        workflow = Workflow(type="custom", tasks=[CustomTask(title="Look")])
        item = WorkflowItem(
            id=new_id("wf"), thread_id=thread.id, created_at=now(), workflow=workflow
        )
        await store.save_thread(thread, context)
        await store.add_thread_item(thread.id, item, context)
        loaded = await store.load_item(thread.id, item.id, context)
        elapsed = datetime.now() - loaded.created_at  # noqa: DTZ005
        assert timedelta(0) <= elapsed < timedelta(minutes=1)

    async def test_text_that_databases_dislike_is_kept_safely(
        self, store: Store[Context], context: Context
    ) -> None:
        text = "NUL \0, half \ud83d, whole 😀, '; DROP TABLE \\u0000 \ufffe"
        expected = text.replace("\ud83d", "\ufffd")
        thread = a_thread(title=text, metadata={"NUL \0": [text]})
        item = a_message(thread, text)
        await store.save_thread(thread, context)
        await store.add_thread_item(thread.id, item, context)
        loaded_thread = await store.load_thread(thread.id, context)
        loaded_item = await store.load_item(thread.id, item.id, context)
        assert loaded_thread.title == expected
        assert loaded_thread.metadata == {"NUL \0": [expected]}
        assert isinstance(loaded_item, AssistantMessageItem)
        assert loaded_item.content[0].text == expected

    async def test_what_json_cannot_hold_is_refused_and_nothing_is_stored(
        self, store: Store[Context], context: Context
    ) -> None:
        deep: dict[str, object] = {}
        for _ in range(3000):
            deep = {"deeper": deep}
        for metadata in ({"a": object()}, deep):
            thread = a_thread(metadata=metadata)
            with pytest.raises(ValueError, match="has no JSON form"):
                await store.save_thread(thread, context)
            with pytest.raises(NotFoundError):
                await store.load_thread(thread.id, context)

    async def test_new_ids_have_128_bits(self, store: Store[Context], context: Context) -> None:
        # The SDK's have 32: one collision among about 120,000 (`chatkit/store.py:41`).
        thread = a_thread()
        made = [store.generate_thread_id(context)]
        made += [store.generate_item_id("message", thread, context)]
        for name in made:
            assert len(bytes.fromhex(name.partition("_")[2])) * 8 == 128

    # attachments

    async def test_an_attachment_is_kept_with_its_private_metadata(
        self, store: Store[Context], context: Context
    ) -> None:
        thread = a_thread()
        attachment = an_attachment()
        await store.save_thread(thread, context)
        await store.save_attachment(attachment, context)
        assert await store.load_attachment(attachment.id, context) == attachment
        claimed = attachment.model_copy(update={"thread_id": thread.id})
        await store.save_attachment(claimed, context)
        assert await store.load_attachment(attachment.id, context) == claimed
        await store.delete_attachment(attachment.id, context)
        with pytest.raises(NotFoundError):
            await store.load_attachment(attachment.id, context)

    # owners

    async def test_another_owner_reads_nothing(
        self, store: Store[Context], context: Context, other_context: Context
    ) -> None:
        thread, item, attachment = await self._conversation(store, context)
        refused: list[Callable[[], Awaitable[object]]] = [
            lambda: store.load_thread(thread.id, other_context),
            lambda: store.load_thread_items(thread.id, None, 20, "asc", other_context),
            lambda: store.load_thread_items(thread.id, item.id, 20, "asc", other_context),
            lambda: store.load_item(thread.id, item.id, other_context),
            lambda: store.load_attachment(attachment.id, other_context),
            lambda: store.load_threads(20, thread.id, "desc", other_context),
        ]
        for refusal in refused:
            with pytest.raises(NotFoundError):
                await refusal()
        assert (await store.load_threads(20, None, "desc", other_context)).data == []

    async def test_another_owner_changes_nothing(
        self, store: Store[Context], context: Context, other_context: Context
    ) -> None:
        thread, item, attachment = await self._conversation(store, context)
        own, _, own_attachment = await self._conversation(store, other_context)
        theirs = {"thread_id": thread.id}
        refused: list[Callable[[], Awaitable[object]]] = [
            lambda: store.save_thread(thread.model_copy(update={"title": "taken"}), other_context),
            lambda: store.add_thread_item(thread.id, a_message(thread), other_context),
            lambda: store.add_thread_item(thread.id, item, other_context),
            lambda: store.save_item(thread.id, item, other_context),
            lambda: store.save_attachment(attachment, other_context),
            lambda: store.save_attachment(own_attachment.model_copy(update=theirs), other_context),
            lambda: store.delete_attachment(attachment.id, other_context),
            lambda: store.delete_thread(thread.id, other_context),
        ]
        for refusal in refused:
            with pytest.raises(NotFoundError):
                await refusal()
        await store.delete_thread_item(thread.id, item.id, other_context)
        assert await store.load_thread(thread.id, context) == thread
        assert (await store.load_thread_items(thread.id, None, 20, "asc", context)).data == [item]
        assert await store.load_attachment(attachment.id, context) == attachment
        assert ids((await store.load_threads(20, None, "asc", other_context)).data) == [own.id]

    async def test_two_writers_at_once_lose_nothing(
        self, store: Store[Context], context: Context
    ) -> None:
        thread = a_thread()
        await store.save_thread(thread, context)
        writers = [[a_message(thread) for _ in range(25)] for _ in range(2)]

        async def write(items: list[ThreadItem]) -> None:
            for item in items:
                await store.add_thread_item(thread.id, item, context)

        await asyncio.gather(*(write(items) for items in writers))
        page = await store.load_thread_items(thread.id, None, 100, "asc", context)
        stored = ids(page.data)
        for items in writers:
            assert [name for name in stored if name in ids(items)] == ids(items)
        assert len(stored) == 50

    async def _conversation(
        self, store: Store[Context], context: Context
    ) -> tuple[ThreadMetadata, ThreadItem, FileAttachment]:
        thread = a_thread(title="Mine")
        item, attachment = a_message(thread), an_attachment(thread_id=thread.id)
        await store.save_thread(thread, context)
        await store.add_thread_item(thread.id, item, context)
        await store.save_attachment(attachment, context)
        return thread, item, attachment


@pytest.mark.asyncio
class ConversationStoreContract:
    """What the ChatKit operations need beyond it (`server.conversation_store`)."""

    async def test_a_thread_starts_with_its_items(
        self, store: ConversationStore[Context], context: Context
    ) -> None:
        thread = a_thread()
        items = [a_message(thread), a_message(thread)]
        await store.start_thread(thread, items, context)
        assert await store.load_thread(thread.id, context) == thread
        assert await self._items(store, thread, context) == items

    async def test_a_thread_starts_whole_or_not_at_all(
        self, store: ConversationStore[Context], context: Context
    ) -> None:
        thread = a_thread()
        with pytest.raises(ValueError, match="has no JSON form"):
            await store.start_thread(thread, [a_message(thread), self._unstorable(thread)], context)
        with pytest.raises(NotFoundError):
            await store.load_thread(thread.id, context)

    async def test_items_are_put_in_order_and_keep_their_place(
        self, store: ConversationStore[Context], context: Context
    ) -> None:
        thread = a_thread()
        first, second, third = (a_message(thread, str(n)) for n in range(3))
        changed = first.model_copy(update={"content": [AssistantMessageContent(text="changed")]})
        await store.start_thread(thread, [first, second], context)
        await store.put_items(thread.id, [third, changed], context)
        assert await self._items(store, thread, context) == [changed, second, third]

    async def test_items_are_put_all_or_none(
        self, store: ConversationStore[Context], context: Context
    ) -> None:
        thread = a_thread()
        await store.start_thread(thread, [], context)
        with pytest.raises(ValueError, match="has no JSON form"):
            await store.put_items(thread.id, [a_message(thread), self._unstorable(thread)], context)
        assert await self._items(store, thread, context) == []

    async def test_items_of_no_thread_are_refused(
        self, store: ConversationStore[Context], context: Context
    ) -> None:
        for items in ([], [a_message(a_thread())]):
            with pytest.raises(NotFoundError):
                await store.put_items("thr_none", items, context)

    async def test_several_items_are_deleted(
        self, store: ConversationStore[Context], context: Context
    ) -> None:
        thread = a_thread()
        items = [a_message(thread) for _ in range(4)]
        await store.start_thread(thread, items, context)
        await store.delete_items(thread.id, [items[0].id, "msg_none", items[2].id], context)
        assert await self._items(store, thread, context) == [items[1], items[3]]
        await store.delete_items(thread.id, [], context)
        await store.delete_items("thr_none", [items[1].id], context)
        assert await self._items(store, thread, context) == [items[1], items[3]]

    async def test_items_behind_one_are_deleted(
        self, store: ConversationStore[Context], context: Context
    ) -> None:
        thread, other = a_thread(), a_thread()
        items = [a_message(thread), a_message(thread), a_hidden_item(thread), a_message(thread)]
        await store.start_thread(thread, items, context)
        await store.start_thread(other, [a_message(other)], context)
        with pytest.raises(NotFoundError):
            await store.delete_items_after(thread.id, "msg_none", context)
        assert await self._items(store, thread, context) == items
        await store.delete_items_after(thread.id, items[1].id, context)
        assert await self._items(store, thread, context) == items[:2]
        assert len(await self._items(store, other, context)) == 1

    @pytest.mark.parametrize("order", ORDERS)
    @pytest.mark.parametrize("limit", [1, 2, 4, 5])
    async def test_hidden_items_never_make_short_pages(
        self, store: ConversationStore[Context], context: Context, order: Order, limit: int
    ) -> None:
        thread = a_thread()
        hidden = [a_hidden_item(thread) for _ in range(20)]
        shown = [a_message(thread) for _ in range(4)]
        items = [*hidden[:9], *shown[:2], *hidden[9:15], *shown[2:], *hidden[15:]]
        await store.start_thread(thread, items, context)
        pages = await all_pages(
            lambda after: store.page_items(
                thread.id, limit=limit, after=after, order=order, context=context
            )
        )
        assert len(pages) == -(-4 // limit)
        seen = [item for page in pages for item in page.data]
        assert seen == (shown if order == "asc" else shown[::-1])

    async def test_a_hidden_item_serves_as_a_cursor(
        self, store: ConversationStore[Context], context: Context
    ) -> None:
        thread = a_thread()
        items = [a_message(thread), a_hidden_item(thread), a_message(thread)]
        await store.start_thread(thread, items, context)
        page = await store.page_items(
            thread.id, limit=20, after=items[1].id, order="asc", context=context
        )
        assert page.data == [items[2]]

    async def test_feedback_on_what_is_not_there_is_refused_whole(
        self, store: ConversationStore[Context], context: Context, other_context: Context
    ) -> None:
        thread = a_thread()
        item = a_message(thread)
        await store.start_thread(thread, [item], context)
        for thread_id, item_ids, who in (
            (thread.id, [item.id, "msg_none"], context),
            ("thr_none", [item.id], context),
            ("thr_none", [], context),
            (thread.id, [item.id], other_context),
        ):
            with pytest.raises(NotFoundError):
                await store.save_feedback(thread_id, item_ids, "positive", who)

    async def test_feedback_can_be_given_again_and_dies_with_its_item(
        self, store: ConversationStore[Context], context: Context
    ) -> None:
        thread = a_thread()
        item = a_message(thread)
        await store.start_thread(thread, [item], context)
        await store.save_feedback(thread.id, [item.id], "positive", context)
        await store.save_feedback(thread.id, [item.id], "negative", context)
        await store.put_items(thread.id, [item], context)
        await store.delete_items(thread.id, [item.id], context)
        with pytest.raises(NotFoundError):
            await store.save_feedback(thread.id, [item.id], "positive", context)

    async def test_another_owner_sees_and_changes_nothing(
        self, store: ConversationStore[Context], context: Context, other_context: Context
    ) -> None:
        thread = a_thread()
        items = [a_message(thread), a_message(thread)]
        await store.start_thread(thread, items, context)
        refused: list[Callable[[], Awaitable[object]]] = [
            lambda: store.start_thread(thread, [a_message(thread)], other_context),
            lambda: store.put_items(thread.id, [a_message(thread)], other_context),
            lambda: store.put_items(thread.id, [], other_context),
            lambda: store.delete_items_after(thread.id, items[0].id, other_context),
            lambda: store.page_items(
                thread.id, limit=9, after=None, order="asc", context=other_context
            ),
            lambda: store.page_threads(
                limit=9, after=thread.id, order="asc", context=other_context
            ),
        ]
        for refusal in refused:
            with pytest.raises(NotFoundError):
                await refusal()
        await store.delete_items(thread.id, [items[0].id], other_context)
        assert await self._items(store, thread, context) == items

    async def _items(
        self, store: ConversationStore[Context], thread: ThreadMetadata, context: Context
    ) -> list[ThreadItem]:
        page = await store.page_items(
            thread.id, limit=100, after=None, order="asc", context=context, hidden=True
        )
        return page.data

    def _unstorable(self, thread: ThreadMetadata) -> ThreadItem:
        return HiddenContextItem(
            id=new_id("shcx"), thread_id=thread.id, created_at=now(), content=object()
        )
