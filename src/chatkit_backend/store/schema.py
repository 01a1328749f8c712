"""Opening: a database that answers and whose schema is the one of this version."""

import asyncio

from sqlalchemy import URL, Connection

from .database import Database, driver_errors
from .revision import HEAD, read_revision, require_head, require_known, version
from .sqlite import SqliteDatabase
from .tables import metadata
from .urls import is_sqlite, make_private, sqlite_file


async def open_database(url: URL, *, pool_size: int, timeout_s: float) -> Database:
    """Connect. SQLite's file and schema are made or migrated; PostgreSQL's schema is checked.

    Raises:
        ConfigError: The schema is not this version's, and is not ours to change.
        StoreUnavailableError: The database does not answer.
    """
    database: Database
    if is_sqlite(url):
        file = sqlite_file(url)
        if file is not None:
            with driver_errors():
                await asyncio.to_thread(make_private, file)
        database = SqliteDatabase(url, timeout_s=timeout_s)
    else:
        # Here and not above: servers on SQLite start without loading psycopg (60 ms).
        from .postgresql import PostgresDatabase

        database = PostgresDatabase(url, pool_size=pool_size, timeout_s=timeout_s)
    try:
        revision = await database.read(read_revision)
        if is_sqlite(url) and revision != HEAD:
            await database.write(_make)
        else:
            require_head(revision)
            if is_sqlite(url):
                await database.write(_nothing)
    except BaseException:
        await database.close()
        raise
    return database


def _nothing(_: Connection) -> None:
    """Find out at the start that the file, or its directory, can only be read."""


def _make(connection: Connection) -> None:
    """Bring SQLite's schema to HEAD. A new one is made from the tables, without Alembic (50 ms)."""
    revision = read_revision(connection)  # again: another process may have been first
    require_known(revision)
    if revision is None:
        metadata.create_all(connection)
        version.create(connection)
        connection.execute(version.insert().values(version_num=HEAD))
    elif revision != HEAD:
        from .migrate import upgrade_connection

        upgrade_connection(connection)
