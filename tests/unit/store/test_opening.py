"""Building, opening and closing a `SqlStore`."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from stat import S_IMODE

import pytest
from chatkit.types import ThreadMetadata
from tests.contract.owners import Request, somebody

from chatkit_backend.errors import ConfigError
from chatkit_backend.store import SqlStore, StoreUnavailableError
from chatkit_backend.store.migrate import upgrade
from chatkit_backend.testing.store_contract import a_thread


def test_building_a_store_touches_nothing_and_needs_no_event_loop(tmp_path: Path) -> None:
    SqlStore[Request](f"sqlite:///{tmp_path / 'deep' / 'chat.sqlite3'}")
    SqlStore[Request]("postgresql://nobody@127.0.0.1:1/none")
    assert list(tmp_path.iterdir()) == []


async def test_opening_makes_the_folder_and_the_schema(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "er" / "chat.sqlite3"
    store = SqlStore[Request](f"sqlite:///{file}")
    await store.open()
    assert file.exists()
    await store.ping()
    await store.close()


async def test_open_and_close_may_be_called_again(tmp_path: Path) -> None:
    store, context, thread = SqlStore[Request]("sqlite:///" + str(tmp_path / "c")), *fixtures()
    await store.close()
    for _ in range(2):
        await store.open()
        await store.open()
        await store.save_thread(thread, context)
        await store.close()
        await store.close()
    await store.open()
    assert await store.load_thread(thread.id, context) == thread
    await store.close()


async def test_the_first_operations_open_the_store_once(tmp_path: Path) -> None:
    store, context, thread = SqlStore[Request]("sqlite:///" + str(tmp_path / "c")), *fixtures()
    await asyncio.gather(*(store.save_thread(thread, context) for _ in range(5)), store.ping())
    assert await store.load_thread(thread.id, context) == thread
    await store.close()


async def test_a_closed_store_refuses_operations(tmp_path: Path) -> None:
    store, context, thread = SqlStore[Request]("sqlite:///" + str(tmp_path / "c")), *fixtures()
    await store.open()
    await store.close()
    with pytest.raises(StoreUnavailableError, match="the store is closed"):
        await store.save_thread(thread, context)


async def test_closing_waits_for_what_is_under_way(tmp_path: Path) -> None:
    store, context, thread = SqlStore[Request]("sqlite:///" + str(tmp_path / "c")), *fixtures()
    await store.open()
    write = asyncio.create_task(store.save_thread(thread, context))
    await asyncio.sleep(0)
    await store.close()
    assert write.done()
    await store.open()
    assert await store.load_thread(thread.id, context) == thread
    await store.close()


async def test_a_file_that_is_no_database_is_refused_with_the_fix(tmp_path: Path) -> None:
    file = tmp_path / "chat.sqlite3"
    file.write_text("This is a letter, not a database. " * 10)
    for path in (file, tmp_path, file / "below"):
        store = SqlStore[Request](f"sqlite:///{path}")
        with pytest.raises(ConfigError, match=f"DATABASE_URL=sqlite:///{path} cannot be opened"):
            await store.open()


def test_a_current_or_new_sqlite_file_is_opened_without_alembic_or_psycopg(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys\n"
        "from chatkit_backend.store import SqlStore\n"
        f"url = 'sqlite:///{tmp_path / 'chat.sqlite3'}'\n"
        "async def main():\n"
        "    for _ in range(2):\n"
        "        store = SqlStore(url)\n"
        "        await store.open()\n"
        "        await store.close()\n"
        "asyncio.run(main())\n"
        "assert not {'alembic', 'psycopg'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def fixtures() -> tuple[Request, ThreadMetadata]:
    return somebody(), a_thread()


@pytest.mark.parametrize("by", ["serve", "migrate"])
async def test_a_new_database_is_its_owners_alone(tmp_path: Path, by: str) -> None:
    file = tmp_path / "data" / "chat.sqlite3"
    url = f"sqlite:///{file}"
    if by == "migrate":
        await upgrade(url)
    store: SqlStore[object] = SqlStore(url)
    await store.open()
    try:
        modes = {path.name: S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
        assert set(modes.values()) == {0o600}, modes
        assert S_IMODE(file.parent.stat().st_mode) == 0o700
    finally:
        await store.close()


async def test_a_file_that_cannot_be_written_is_not_opened(tmp_path: Path) -> None:
    """It would be read, be called healthy, and refuse every message."""
    path = tmp_path / "chat.sqlite3"
    store = SqlStore[Request](f"sqlite:///{path}", timeout_s=0.2)
    await store.open()
    await store.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(ConfigError, match="a file that the server may make and write"):
            await store.open()
