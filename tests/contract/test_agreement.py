"""Memory and SQL agree: whatever is done, both answer alike."""

from collections.abc import Awaitable, Callable
from typing import cast

from chatkit.store import NotFoundError
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contract.owners import Request, somebody

from chatkit_backend.server.conversation_store import ConversationStore, Order
from chatkit_backend.store import MemoryStore, SqlStore
from chatkit_backend.testing.store_contract import a_hidden_item, a_message, a_thread

NAMES = [f"msg_{n}" for n in range(6)]
THREAD = a_thread()
VISIBLE = {name: a_message(THREAD, name, id=name) for name in NAMES}
HIDDEN = {
    name: a_hidden_item(THREAD).model_copy(update={"id": name, "content": name}) for name in NAMES
}

Step = Callable[[ConversationStore[Request], Request], Awaitable[object]]

names = st.sampled_from(NAMES)
items = st.tuples(st.sampled_from([VISIBLE, HIDDEN]), names).map(lambda pair: pair[0][pair[1]])


def _page(limit: int, after: str | None, order: Order, hidden: bool) -> Step:
    return lambda store, context: store.page_items(
        THREAD.id, limit=limit, after=after, order=order, context=context, hidden=hidden
    )


puts: st.SearchStrategy[Step] = st.lists(items, max_size=4).map(
    lambda some: lambda store, context: store.put_items(THREAD.id, some, context)
)
deletes: st.SearchStrategy[Step] = st.lists(names, max_size=3).map(
    lambda some: lambda store, context: store.delete_items(THREAD.id, some, context)
)
cuts: st.SearchStrategy[Step] = names.map(
    lambda name: lambda store, context: store.delete_items_after(THREAD.id, name, context)
)
orders: st.SearchStrategy[Order] = st.sampled_from(cast("list[Order]", ["asc", "desc"]))
pages: st.SearchStrategy[Step] = st.builds(
    _page, st.integers(1, 7), st.none() | names, orders, st.booleans()
)


async def _answer(step: Step, store: ConversationStore[Request], context: Request) -> object:
    try:
        return await step(store, context)
    except NotFoundError as exc:
        return type(exc), str(exc)


@settings(max_examples=60, deadline=None)
@given(st.lists(puts | deletes | cuts | pages, max_size=12), orders)
async def test_memory_and_sql_answer_alike(steps: list[Step], order: Order) -> None:
    context = somebody()
    memory, sql = MemoryStore[Request](), SqlStore[Request]("sqlite://")
    try:
        for store in (memory, sql):
            await store.start_thread(THREAD, [], context)
        for step in [*steps, _page(10, None, order, True)]:
            assert await _answer(step, memory, context) == await _answer(step, sql, context)
    finally:
        await sql.close()
