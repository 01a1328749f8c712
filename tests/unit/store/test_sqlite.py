"""SQLite: one file, several threads, perhaps several processes."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from tests.contract.owners import Request, somebody

from chatkit_backend.store import SqlStore, StoreUnavailableError
from chatkit_backend.store.sqlite import SqliteDatabase
from chatkit_backend.store.urls import database_url
from chatkit_backend.testing.store_contract import a_thread


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "chat.sqlite3"


@pytest.fixture
async def store(file: Path) -> AsyncIterator[SqlStore[Request]]:
    store = SqlStore[Request](f"sqlite:///{file}", timeout_s=0.3)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
async def database(file: Path) -> AsyncIterator[SqliteDatabase]:
    database = SqliteDatabase(database_url(f"sqlite:///{file}"), timeout_s=5)
    await database.write(lambda connection: connection.execute(text("CREATE TABLE t (n INTEGER)")))
    yield database
    await database.close()


async def test_connections_are_durable_and_keep_foreign_keys(database: SqliteDatabase) -> None:
    def pragmas(connection: Connection) -> list[object]:
        names = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        return [connection.execute(text(f"PRAGMA {name}")).scalar() for name in names]

    assert await database.read(pragmas) == ["wal", 1, 2, 5000]


async def test_readers_do_not_wait_for_a_writer(database: SqliteDatabase) -> None:
    writing, done = threading.Event(), threading.Event()

    def write(connection: Connection) -> None:
        connection.execute(text("INSERT INTO t VALUES (1)"))
        writing.set()
        assert done.wait(timeout=10)

    def count(connection: Connection) -> object:
        return connection.execute(text("SELECT count(*) FROM t")).scalar()

    writer = asyncio.create_task(database.write(write))
    await asyncio.to_thread(writing.wait)
    assert await database.read(count) == 0
    done.set()
    await writer
    assert await database.read(count) == 1


async def test_a_cancelled_caller_leaves_when_its_write_is_whole(database: SqliteDatabase) -> None:
    writing, go_on = threading.Event(), threading.Event()

    def write(connection: Connection) -> None:
        connection.execute(text("INSERT INTO t VALUES (1)"))
        writing.set()
        assert go_on.wait(timeout=10)
        connection.execute(text("INSERT INTO t VALUES (2)"))

    writer = asyncio.create_task(database.write(write))
    await asyncio.to_thread(writing.wait)
    writer.cancel()
    await asyncio.sleep(0)
    assert not writer.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await writer
    rows = await database.read(
        lambda connection: connection.execute(text("SELECT n FROM t")).scalars().all()
    )
    assert rows == [1, 2]


async def test_a_failing_write_leaves_nothing(database: SqliteDatabase) -> None:
    def write(connection: Connection) -> None:
        connection.execute(text("INSERT INTO t VALUES (1)"))
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(write)
    count = await database.read(
        lambda connection: connection.execute(text("SELECT count(*) FROM t")).scalar()
    )
    assert count == 0


async def test_another_process_that_holds_the_file_is_reported_in_time(
    store: SqlStore[Request], file: Path
) -> None:
    context = somebody()
    thread = a_thread()
    other = sqlite3.connect(file, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError, match="database is locked"):
            await store.save_thread(thread, context)
        assert (await store.load_threads(20, None, "asc", context)).data == []
        other.execute("COMMIT")
        await store.save_thread(thread, context)
    finally:
        other.close()


async def test_a_wrong_statement_is_no_fault_of_the_database(database: SqliteDatabase) -> None:
    with pytest.raises(Exception, match="no such table: none") as raised:
        await database.read(lambda connection: connection.execute(text("SELECT * FROM none")))
    assert not isinstance(raised.value, StoreUnavailableError)


async def test_a_hundred_writers_at_once_all_succeed(store: SqlStore[Request]) -> None:
    context = somebody()
    async with asyncio.TaskGroup() as writers:
        for _ in range(100):
            writers.create_task(store.save_thread(a_thread(), context))
    assert len((await store.load_threads(200, None, "asc", context)).data) == 100


class TestWritesThatComeTogether:
    async def test_share_a_transaction(self, database: SqliteDatabase) -> None:
        group = await _behind_a_slow_write(database, [_insert(number) for number in range(10)])

        assert [await one for one in group] == list(range(10))
        assert await _rows(database) == list(range(10))

    async def test_one_that_fails_is_undone_and_the_others_are_kept(
        self, database: SqliteDatabase
    ) -> None:
        def insert_and_fail(connection: Connection) -> None:
            _insert(100)(connection)
            raise LookupError("on purpose")

        first, failing, last = await _behind_a_slow_write(
            database, [_insert(1), insert_and_fail, _insert(2)]
        )

        assert await first == 1
        with pytest.raises(LookupError, match="on purpose"):
            await failing
        assert await last == 2
        assert await _rows(database) == [1, 2]

    async def test_each_is_run_once_if_none_fails(self, database: SqliteDatabase) -> None:
        ran: list[int] = []

        def noted(number: int) -> Callable[[Connection], int]:
            def insert(connection: Connection) -> int:
                ran.append(number)
                return _insert(number)(connection)

            return insert

        group = await _behind_a_slow_write(database, [noted(number) for number in range(5)])

        assert [await one for one in group] == ran == list(range(5))

    async def test_of_any_that_fail_each_is_told_why_and_the_others_are_kept(
        self, database: SqliteDatabase
    ) -> None:
        def failing(number: int) -> Callable[[Connection], int]:
            def insert_and_fail(connection: Connection) -> int:
                _insert(number)(connection)
                raise LookupError(f"on purpose, {number}")

            return insert_and_fail

        group = await _behind_a_slow_write(
            database, [failing(1), _insert(2), failing(3), _insert(4), failing(5)]
        )

        failures = [one.exception() for one in group]
        assert [str(failure) for failure in failures] == [
            "on purpose, 1",
            "None",
            "on purpose, 3",
            "None",
            "on purpose, 5",
        ]
        assert all(failure is None or failure.__context__ is None for failure in failures)
        assert await _rows(database) == [2, 4]

    async def test_a_full_disk_fails_all_and_stores_none(self, database: SqliteDatabase) -> None:
        group = await _behind_a_slow_write(database, [_insert(1), _fill_the_disk, _insert(2)])

        failures = [one.exception() for one in group]
        for failure in failures:
            assert isinstance(failure, StoreUnavailableError)
            assert "database or disk is full" in str(failure)
        assert len({id(failure) for failure in failures}) == 3, "each task raises its own"
        assert await _rows(database) == []
        assert await database.write(_insert(3)) == 3
        assert await _rows(database) == [3]

    async def test_what_ends_the_transaction_is_what_all_are_told(
        self, database: SqliteDatabase
    ) -> None:
        def end_it(connection: Connection) -> None:
            connection.exec_driver_sql("ROLLBACK")
            raise LookupError("on purpose")

        group = await _behind_a_slow_write(database, [_insert(1), end_it, _insert(2)])

        for one in group:
            with pytest.raises(StoreUnavailableError, match="on purpose"):
                await one
        assert await _rows(database) == []

    async def test_a_commit_that_fails_fails_all(self, database: SqliteDatabase) -> None:
        group = await _behind_a_slow_write(database, [_insert(1), _break_the_commit, _insert(2)])

        failures = [one.exception() for one in group]
        assert all(isinstance(failure, StoreUnavailableError) for failure in failures)
        assert len({id(failure) for failure in failures}) == 3, "each task raises its own"
        assert await _rows(database) == []
        assert await database.write(_insert(3)) == 3
        assert await _rows(database) == [3]

    async def test_a_caller_who_leaves_before_its_turn_writes_nothing(
        self, database: SqliteDatabase
    ) -> None:
        leaving, staying = await _behind_a_slow_write(database, [_insert(1), _insert(2)], leave=[0])

        with pytest.raises(asyncio.CancelledError):
            await leaving
        assert await staying == 2
        assert await _rows(database) == [2]

    async def test_one_that_waits_too_long_is_told_so(self, file: Path) -> None:
        database = SqliteDatabase(database_url(f"sqlite:///{file}"), timeout_s=0.1)
        writing, go_on = threading.Event(), threading.Event()

        def slow(connection: Connection) -> None:
            connection.execute(text("CREATE TABLE t (n INTEGER)"))
            writing.set()
            assert go_on.wait(timeout=10)

        writer = asyncio.create_task(database.write(slow))
        await asyncio.to_thread(writing.wait)
        with pytest.raises(StoreUnavailableError, match=r"under way for 0\.1 s"):
            await database.write(_insert(1))
        go_on.set()
        await writer
        assert await _rows(database) == []
        await database.close()
        with pytest.raises(StoreUnavailableError, match="closed"):
            await database.write(_insert(1))


def _insert(number: int) -> Callable[[Connection], int]:
    def insert(connection: Connection) -> int:
        connection.execute(text("INSERT INTO t VALUES (:n)"), {"n": number})
        return number

    return insert


def _fill_the_disk(connection: Connection) -> None:
    pages = connection.exec_driver_sql("PRAGMA max_page_count").scalar()
    connection.exec_driver_sql("PRAGMA max_page_count = 1")  # as many as there are
    try:
        connection.exec_driver_sql("INSERT INTO t VALUES (zeroblob(1000000))")
    finally:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def _break_the_commit(connection: Connection) -> None:
    """Leave a reference to nothing: SQLite looks for it when it commits."""
    for statement in (
        "CREATE TABLE parents (id INTEGER PRIMARY KEY)",
        "CREATE TABLE children (parent REFERENCES parents DEFERRABLE INITIALLY DEFERRED)",
        "INSERT INTO children VALUES (1)",
    ):
        connection.exec_driver_sql(statement)


async def _rows(database: SqliteDatabase) -> list[int]:
    rows = await database.read(
        lambda connection: connection.execute(text("SELECT n FROM t ORDER BY n")).scalars().all()
    )
    return list(rows)


async def _behind_a_slow_write(
    database: SqliteDatabase,
    operations: Sequence[Callable[[Connection], int | None]],
    leave: Sequence[int] = (),
) -> list[asyncio.Task[int | None]]:
    """Start operations while another is under way, so that they come together."""
    writing, go_on = threading.Event(), threading.Event()

    def slow(_: Connection) -> None:
        writing.set()
        assert go_on.wait(timeout=10)

    before = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(writing.wait)
    group = [asyncio.create_task(database.write(operation)) for operation in operations]
    await asyncio.sleep(0)  # each is in the queue now
    for position in leave:
        group[position].cancel()
    await asyncio.sleep(0)
    go_on.set()
    await before
    await asyncio.wait(group)
    return group
