"""PostgreSQL: what can go wrong between us and the server."""

import asyncio
import random
from collections.abc import AsyncIterator

import psycopg
import pytest
from chatkit.types import ThreadMetadata
from sqlalchemy import Connection, text
from sqlalchemy.util import await_only
from tests.contract.owners import Request, somebody
from tests.unit.store.proxy import Proxy, proxied

from chatkit_backend.errors import ConfigError
from chatkit_backend.store import SqlStore, StoreUnavailableError
from chatkit_backend.store.postgresql import PostgresDatabase
from chatkit_backend.store.urls import database_url
from chatkit_backend.testing.store_contract import a_thread

LOCK = text("SELECT pg_advisory_xact_lock(:key)")
SLEEP = text("SELECT pg_sleep(60)")


@pytest.fixture
async def proxy(postgresql_url: str) -> AsyncIterator[Proxy]:
    async with proxied(postgresql_url) as proxy:
        yield proxy


@pytest.fixture
async def store(proxy: Proxy) -> AsyncIterator[SqlStore[Request]]:
    store = SqlStore[Request](proxy.url, pool_size=2, timeout_s=1)
    yield store
    await store.close()


@pytest.fixture
async def database(proxy: Proxy) -> AsyncIterator[PostgresDatabase]:
    database = PostgresDatabase(database_url(proxy.url), pool_size=2, timeout_s=1)
    yield database
    await database.close()


def sleep(connection: Connection) -> None:
    connection.execute(SLEEP)


async def saved(store: SqlStore[Request], context: Request) -> ThreadMetadata:
    thread = a_thread()
    await store.save_thread(thread, context)
    return thread


async def fill_the_pool(store: SqlStore[Request], context: Request, thread_id: str) -> None:
    await asyncio.gather(*(store.load_thread(thread_id, context) for _ in range(4)))


async def test_the_first_operation_after_a_restart_of_the_server_succeeds(
    store: SqlStore[Request], proxy: Proxy
) -> None:
    context = somebody()
    thread = await saved(store, context)
    for operate in (store.load_thread(thread.id, context), store.save_thread(thread, context)):
        await fill_the_pool(store, context, thread.id)
        proxy.cut()
        proxy.restore()
        await operate


async def test_a_server_that_is_down_is_reported_and_found_again(
    store: SqlStore[Request], proxy: Proxy
) -> None:
    context = somebody()
    thread = await saved(store, context)
    proxy.cut()
    for _ in range(4):
        with pytest.raises(StoreUnavailableError) as refused:
            await store.load_thread(thread.id, context)
        assert refused.value.__cause__ is not None
    proxy.restore()
    assert await store.load_thread(thread.id, context) == thread
    await store.ping()


async def test_a_silent_network_is_reported_in_time_and_found_again(
    store: SqlStore[Request], proxy: Proxy
) -> None:
    context = somebody()
    thread = await saved(store, context)
    proxy.swallow()
    async with asyncio.timeout(5):
        with pytest.raises(StoreUnavailableError, match="no answer within 2 s"):
            await store.load_thread(thread.id, context)
    proxy.restore()
    assert await store.load_thread(thread.id, context) == thread


async def test_a_statement_that_takes_too_long_is_ended_on_the_server(
    database: PostgresDatabase, postgresql_url: str
) -> None:
    for run in (database.read, database.write):
        with pytest.raises(StoreUnavailableError):
            await run(sleep)
    async with await psycopg.AsyncConnection.connect(postgresql_url, autocommit=True) as watcher:
        running = await watcher.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND state <> 'idle' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"
        )
        assert await running.fetchone() == (0,)
    assert await database.read(lambda connection: connection.execute(text("SELECT 1")).scalar())


async def test_waiting_for_a_connection_is_bounded(database: PostgresDatabase) -> None:
    busy = [asyncio.create_task(database.read(sleep)) for _ in range(8)]
    answers = await asyncio.gather(*busy, return_exceptions=True)
    assert {type(answer) for answer in answers} == {StoreUnavailableError}
    assert "raise DATABASE_POOL_SIZE" in " ".join(map(str, answers))


async def test_a_deadlock_is_tried_again(postgresql_url: str) -> None:
    database = PostgresDatabase(database_url(postgresql_url), pool_size=2, timeout_s=10)
    both_hold_one = asyncio.Barrier(2)
    tries: list[int] = []

    def lock(first: int, second: int, connection: Connection) -> None:
        tries.append(first)
        connection.execute(LOCK, {"key": first})
        if len(tries) <= 2:
            await_only(both_hold_one.wait())
        connection.execute(LOCK, {"key": second})

    keys = (random.getrandbits(60), random.getrandbits(60))
    try:
        await asyncio.gather(
            database.write(lambda connection: lock(keys[0], keys[1], connection)),
            database.write(lambda connection: lock(keys[1], keys[0], connection)),
        )
    finally:
        await database.close()
    assert len(tries) == 3


async def test_nothing_is_left_in_the_session_for_a_pooler_to_hand_on(
    store: SqlStore[Request], database: PostgresDatabase
) -> None:
    context = somebody()
    for _ in range(20):  # psycopg prepares what it has seen five times, unless told not to
        await saved(store, context)
        await store.load_threads(20, None, "desc", context)

    def session(connection: Connection) -> tuple[object, object]:
        prepared = connection.execute(text("SELECT count(*) FROM pg_prepared_statements"))
        timeout = connection.execute(text("SHOW statement_timeout"))
        return prepared.scalar(), timeout.scalar()

    async with await psycopg.AsyncConnection.connect(
        database_url_of(store), autocommit=True
    ) as fresh:
        usual = await (await fresh.execute("SHOW statement_timeout")).fetchone()
    assert usual is not None
    await database.write(lambda connection: connection.execute(text("SELECT 1")))
    assert await database.read(session) == (0, usual[0])


def database_url_of(store: SqlStore[Request]) -> str:
    return store._url.set(drivername="postgresql").render_as_string(False)


async def test_a_cancelled_write_is_whole_and_its_connection_is_free_again(
    store: SqlStore[Request],
) -> None:
    context = somebody()
    await store.ping()
    threads = [a_thread() for _ in range(40)]
    for n, thread in enumerate(threads):
        write = asyncio.create_task(store.save_thread(thread, context))
        for _ in range(n):  # each write is cancelled one step of the loop later
            await asyncio.sleep(0)
        write.cancel()
        await asyncio.gather(write, return_exceptions=True)
    page = await store.load_threads(100, None, "asc", context)
    assert {thread.id for thread in page.data} <= {thread.id for thread in threads}
    # Four at once on two connections: none is lost.
    await fill_the_pool(store, context, (await saved(store, context)).id)


async def test_a_cancelled_write_comes_before_what_its_caller_does_next(
    store: SqlStore[Request],
) -> None:
    context = somebody()
    thread = await saved(store, context)
    for n in range(20):
        stale = thread.model_copy(update={"title": "stale"})
        fresh = thread.model_copy(update={"title": f"fresh {n}"})
        write = asyncio.create_task(store.save_thread(stale, context))
        for _ in range(n):
            await asyncio.sleep(0)
        write.cancel()
        with pytest.raises(asyncio.CancelledError):
            await write
        await store.save_thread(fresh, context)
        assert (await store.load_thread(thread.id, context)).title == f"fresh {n}"


async def test_opening_without_a_server_names_the_url_and_the_fix(unused_tcp_port: int) -> None:
    store = SqlStore[Request](f"postgresql://ann:s3cret@127.0.0.1:{unused_tcp_port}/chat")
    with pytest.raises(ConfigError) as refused:
        await store.open()
    message = str(refused.value)
    assert f"DATABASE_URL=postgresql://ann:********@127.0.0.1:{unused_tcp_port}/chat" in message
    assert message.endswith("Start the database or fix DATABASE_URL")
    assert "s3cret" not in message
    await store.close()
