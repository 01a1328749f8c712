"""Migrations build the declared schema, on both engines, also when two run at once."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool
from tests.contract.owners import Request, somebody

from chatkit_backend.errors import ConfigError
from chatkit_backend.store import SqlStore
from chatkit_backend.store.migrate import check, script_config, upgrade
from chatkit_backend.store.revision import HEAD, REVISIONS, VERSION_TABLE
from chatkit_backend.store.tables import metadata
from chatkit_backend.store.urls import database_url
from chatkit_backend.testing.store_contract import a_message, a_thread


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'deep' / 'chat.sqlite3'}"
    return str(request.getfixturevalue("empty_postgresql_url"))


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = create_engine(database_url(url), poolclass=NullPool)
    with engine.begin() as connection:
        yield connection


def test_the_known_revisions_are_those_of_the_script_directory() -> None:
    scripts = ScriptDirectory.from_config(script_config())
    assert [script.revision for script in scripts.walk_revisions()] == [*reversed(REVISIONS)]
    assert scripts.get_current_head() == HEAD


# Of an index on an expression the next test sees every letter, this one nothing.
@pytest.mark.filterwarnings("ignore:.*expression-based index")
@pytest.mark.filterwarnings("ignore:.*expression #1 in index")
async def test_migrations_build_the_declared_schema(url: str) -> None:
    assert await upgrade(url) == HEAD
    with connected(url) as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                # SQLite has no identity columns; for it the next test compares every letter.
                "compare_server_default": connection.dialect.name == "postgresql",
                "version_table": VERSION_TABLE,
            },
        )
        assert compare_metadata(context, metadata) == []


async def test_a_new_sqlite_file_has_the_very_schema_that_migrations_build(tmp_path: Path) -> None:
    migrated, opened = tmp_path / "migrated", tmp_path / "opened"
    await upgrade(f"sqlite:///{migrated}")
    store = SqlStore[Request](f"sqlite:///{opened}")
    await store.open()
    await store.close()
    schemas = []
    for file in (migrated, opened):
        connection = sqlite3.connect(file)
        rows = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        connection.close()
        schemas.append([(name, " ".join((sql or "").split())) for name, sql in rows])
    assert schemas[0] == schemas[1]


async def test_upgrading_again_changes_nothing(url: str) -> None:
    await upgrade(url)
    store, context, thread = SqlStore[Request](url), somebody(), a_thread()
    items = [a_message(thread)]
    await store.start_thread(thread, items, context)
    await upgrade(url)
    page = await store.load_thread_items(thread.id, None, 20, "asc", context)
    assert page.data == items
    await store.close()


async def test_upgrades_at_once_wait_for_each_other(url: str) -> None:
    assert await asyncio.gather(*(upgrade(url) for _ in range(4))) == [HEAD] * 4
    await check(url)


async def test_stores_that_open_a_new_file_at_once_wait_for_each_other(tmp_path: Path) -> None:
    stores = [SqlStore[Request](f"sqlite:///{tmp_path / 'chat.sqlite3'}") for _ in range(4)]
    await asyncio.gather(*(store.open() for store in stores))
    await asyncio.gather(*(store.ping() for store in stores))
    for store in stores:
        await store.close()


async def test_a_database_without_our_tables_is_reported_with_the_command(url: str) -> None:
    with pytest.raises(ConfigError, match=f"no tables yet.*{HEAD}; run `chatkit-backend migrate`"):
        await check(url)


async def test_a_server_on_postgresql_only_checks(empty_postgresql_url: str) -> None:
    store = SqlStore[Request](empty_postgresql_url)
    with pytest.raises(ConfigError, match="run `chatkit-backend migrate`"):
        await store.open()
    await upgrade(empty_postgresql_url)
    await store.open()
    await store.close()


async def test_an_older_schema_is_reported_with_the_command(url: str) -> None:
    await upgrade(url)
    with connected(url) as connection:
        connection.execute(text(f"DELETE FROM {VERSION_TABLE}"))
    with pytest.raises(ConfigError, match="run `chatkit-backend migrate`"):
        await check(url)


async def test_a_schema_of_a_later_version_is_left_alone(url: str) -> None:
    await upgrade(url)
    with connected(url) as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    store = SqlStore[Request](url)
    for attempt in (lambda: upgrade(url), lambda: check(url), store.open):
        with pytest.raises(ConfigError, match=f"9999, newer than .* which knows {HEAD}; install"):
            await attempt()


async def test_our_tables_stand_beside_those_of_the_application_around_us(url: str) -> None:
    with_folder = database_url(url)
    if with_folder.database and url.startswith("sqlite"):
        Path(with_folder.database).parent.mkdir(parents=True)
    with connected(url) as connection:
        for name in ("threads", "items", "alembic_version"):
            connection.execute(text(f"CREATE TABLE {name} (theirs INTEGER)"))
    await upgrade(url)
    await check(url)
