"""Migrations: bring a database's schema to the revision of this version."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from .database import driver_errors
from .revision import HEAD, read_revision, require_head, require_known
from .urls import database_url, is_sqlite, make_private, sqlite_file

MIGRATIONS = Path(__file__).parent / "migrations"

LOCK = 0x63686174_6B697400
"""Key of PostgreSQL's advisory lock: any number, the same in every process."""

SQLITE_WAIT_S = 60
"""Seconds that a second `upgrade` waits for the first on SQLite; on PostgreSQL it waits on."""


async def upgrade(url: str) -> str:
    """Migrate the database at `url` to this version; safe when several do so at once.

    All or nothing, in one transaction. It runs in a thread: Alembic is not asynchronous.

    Returns:
        The revision that the schema now has.

    Raises:
        ConfigError: A bad URL, or a schema newer than this version.
        StoreUnavailableError: The database does not answer.
    """
    await asyncio.to_thread(_upgrade, url)
    return HEAD


async def check(url: str) -> None:
    """Raises: ConfigError if the schema at `url` is not the one of this version."""
    await asyncio.to_thread(_check, url)


def upgrade_connection(connection: Connection) -> None:
    """`upgrade` within the caller's transaction, which already keeps others out."""
    revision = read_revision(connection)
    require_known(revision)
    if revision != HEAD:
        config = script_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def script_config() -> Config:
    """Alembic's configuration, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _upgrade(url: str) -> None:
    with _locked(url) as connection:
        upgrade_connection(connection)


def _check(url: str) -> None:
    with _connected(url) as connection:
        require_head(read_revision(connection))


@contextmanager
def _connected(written: str) -> Iterator[Connection]:
    url = database_url(written)
    options: dict[str, object] = {}
    if is_sqlite(url):
        file = sqlite_file(url)
        if file is not None:
            with driver_errors():
                make_private(file)
        options = {"isolation_level": None, "timeout": SQLITE_WAIT_S}
    else:
        options = {"prepare_threshold": None}
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=options)
    with driver_errors(), engine.connect() as connection:
        yield connection


@contextmanager
def _locked(written: str) -> Iterator[Connection]:
    with _connected(written) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            # The transaction's lock, not the session's: a pooler shares sessions.
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        yield connection
        connection.commit()
