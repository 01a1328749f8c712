"""Adding to and opening a thread: the cost in a long one against the cost in a short one."""

import asyncio
import os
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psycopg
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    ThreadItem,
    ThreadMetadata,
)
from psycopg import sql
from psycopg.conninfo import make_conninfo

from chatkit_backend.store import SqlStore
from chatkit_backend.store.ids import new_id
from chatkit_backend.store.migrate import upgrade

from .result import NotMeasured, Result, Row

SHORT, LONG = 10, 10_000
OTHER_THREADS = 20
"""Newer threads of `BATCH` items: in a real database no thread is the newest and the only one."""

BATCH = 500
MOST = 1.2

Operation = Callable[[str], Awaitable[float]]
"""Does something with a thread and says how many seconds it took."""

Store = SqlStore[None]


def measure(*, quick: bool) -> Iterator[Row]:
    """On SQLite, and on PostgreSQL if one is there (`TEST_DATABASE_URL`, 127.0.0.1:5432)."""
    times = 150 if quick else 500
    with TemporaryDirectory(prefix="chatkit-bench-") as folder:
        yield from asyncio.run(_on_sqlite(Path(folder), times))
    try:
        yield from asyncio.run(_on_postgresql(times))
    except psycopg.OperationalError as exc:
        reason = str(exc).splitlines()[0]
        yield NotMeasured(measure="thread length, PostgreSQL", reason=reason)


async def _on_sqlite(folder: Path, times: int) -> list[Row]:
    return await _measured("SQLite", f"sqlite:///{folder / 'chat.sqlite3'}", times)


async def _on_postgresql(times: int) -> list[Row]:
    async with _new_database() as url:
        await upgrade(url)
        return await _measured("PostgreSQL", url, times, analyze=_analyze)


@asynccontextmanager
async def _new_database() -> AsyncIterator[str]:
    """A database of our own, dropped at the end. Raises: psycopg.OperationalError."""
    server = os.environ.get("TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
    name = f"chatkit_bench_{uuid.uuid4().hex}"
    identifier = sql.Identifier(name)
    admin = await psycopg.AsyncConnection.connect(server, autocommit=True, connect_timeout=3)
    async with admin:
        await admin.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
        try:
            yield _url(make_conninfo(server, dbname=name))
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier)
            await admin.execute(drop)


def _url(conninfo: str) -> str:
    known = psycopg.conninfo.conninfo_to_dict(conninfo)
    user = ":".join(str(known[name]) for name in ("user", "password") if known.get(name))
    host = f"{known.get('host', '127.0.0.1')}:{known.get('port', 5432)}"
    return f"postgresql://{user}@{host}/{known['dbname']}"


async def _analyze(url: str) -> None:
    """Collect statistics, as a server's autovacuum does by itself within a minute."""
    connection = await psycopg.AsyncConnection.connect(url, autocommit=True)
    async with connection:
        await connection.execute("ANALYZE")


async def _measured(
    database: str,
    url: str,
    times: int,
    *,
    analyze: Callable[[str], Awaitable[None]] | None = None,
) -> list[Row]:
    store: Store = SqlStore(url, owner=lambda _: "bench")
    await store.open()
    try:
        short, long = await _thread_of(store, SHORT), await _thread_of(store, LONG)
        for _ in range(OTHER_THREADS):
            await _thread_of(store, BATCH)
        if analyze is not None:
            await analyze(url)
        return [
            await _compared(f"{name} {LONG:,} items, {database}", operation, short, long, times)
            for name, operation in (("add to", _adding(store)), ("open", _opening(store)))
        ]
    finally:
        await store.close()


async def _thread_of(store: Store, length: int) -> str:
    thread = ThreadMetadata(id=new_id("thr"), created_at=datetime.now(UTC))
    await store.start_thread(thread, [], None)
    for start in range(0, length, BATCH):
        batch = [_item(thread.id) for _ in range(min(BATCH, length - start))]
        await store.put_items(thread.id, batch, None)
    return thread.id


def _item(thread_id: str) -> ThreadItem:
    content = [AssistantMessageContent(text="A sentence of an answer. " * 8)]
    return AssistantMessageItem(
        id=new_id("msg"), thread_id=thread_id, created_at=datetime.now(UTC), content=content
    )


async def _compared(name: str, operation: Operation, short: str, long: str, times: int) -> Result:
    """Run the operation on both in turn, so that noise meets both alike."""
    seconds: dict[str, list[float]] = {short: [], long: []}
    for _ in range(times):
        for thread_id in (short, long):
            seconds[thread_id].append(await operation(thread_id))
    ours, reference = median(seconds[long]) * 1e6, median(seconds[short]) * 1e6
    return Result(
        measure=f"{name}; reference: {SHORT} items",
        ours=ours,
        reference=reference,
        unit="µs",
        must=f"ratio <= {MOST}",
        holds=ours <= MOST * reference,
    )


def _opening(store: Store) -> Operation:
    async def open_thread(thread_id: str) -> float:
        began = time.perf_counter()
        await store.page_items(thread_id, limit=20, after=None, order="desc", context=None)
        return time.perf_counter() - began

    return open_thread


def _adding(store: Store) -> Operation:
    async def add_item(thread_id: str) -> float:
        item = _item(thread_id)
        began = time.perf_counter()
        await store.put_items(thread_id, [item], None)
        seconds = time.perf_counter() - began
        await store.delete_items(thread_id, [item.id], None)  # the short thread stays short
        return seconds

    return add_item
