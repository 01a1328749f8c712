"""What an operation costs does not depend on how long its thread is."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from tests.contract.owners import Request, somebody

from chatkit_backend.store import SqlStore
from chatkit_backend.store.sqlite import SqliteDatabase
from chatkit_backend.testing.store_contract import a_message, a_thread

Measure = Callable[[Callable[[], Awaitable[object]]], Awaitable[int]]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore[Request]]:
    store = SqlStore[Request](f"sqlite:///{tmp_path / 'chat.sqlite3'}")
    yield store
    await store.close()


@pytest.fixture
async def instructions(store: SqlStore[Request]) -> Measure:
    """Counts the instructions of SQLite's virtual machine: unlike time, always the same."""
    database = await store._opened()
    assert isinstance(database, SqliteDatabase)
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    for kept in database._kept:
        raw = kept.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.set_progress_handler(count, 1)

    async def measure(operate: Callable[[], Awaitable[object]]) -> int:
        await operate()  # the first time reads the schema, too
        before = counted
        await operate()
        return counted - before

    return measure


async def costs(store: SqlStore[Request], instructions: Measure, length: int) -> dict[str, int]:
    """Instructions of the common operations in a thread of `length` items."""
    context, thread = somebody(), a_thread()
    items = [a_message(thread) for _ in range(length)]
    await store.start_thread(thread, items, context)
    operations: dict[str, Callable[[], Awaitable[object]]] = {
        "add": lambda: store.add_thread_item(thread.id, a_message(thread), context),
        "update": lambda: store.save_item(thread.id, items[0], context),
        "open": lambda: store.load_thread_items(thread.id, None, 9, "desc", context),
        "go on": lambda: store.load_thread_items(thread.id, items[-1].id, 9, "desc", context),
        "load": lambda: store.load_item(thread.id, items[5].id, context),
        "rename": lambda: store.save_thread(thread, context),
    }
    return {name: await instructions(operate) for name, operate in operations.items()}


async def test_a_long_thread_costs_what_a_short_one_costs(
    store: SqlStore[Request], instructions: Measure
) -> None:
    short, long = [await costs(store, instructions, length) for length in (10, 10_000)]
    assert min(short.values()) > 10
    for name in short:
        assert long[name] <= 1.2 * short[name], (name, short, long)
