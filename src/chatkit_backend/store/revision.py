"""The revision of a database's schema, read without importing Alembic (50 ms)."""

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select

from chatkit_backend.errors import ConfigError

REVISIONS = ("0001", "0002", "0003")
"""Every revision in `migrations/versions`, oldest first; a test compares."""

HEAD = REVISIONS[-1]

VERSION_TABLE = "chatkit_version"
"""Not Alembic's default, which the application around us may use in the same database."""

version = Table(
    VERSION_TABLE,
    MetaData(naming_convention={"pk": "%(table_name)s_pkc"}),  # as Alembic names it
    Column("version_num", String(32), primary_key=True),
)


def read_revision(connection: Connection) -> str | None:
    """The schema's revision; None for a database without our tables."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(select(version.c.version_num)).scalar_one_or_none()


def require_known(revision: str | None) -> None:
    """Raises: ConfigError if a newer version of this package has migrated the database."""
    if revision is not None and revision not in REVISIONS:
        raise ConfigError(
            f"the database's schema is at revision {revision}, newer than this version of "
            f"chatkit-backend, which knows {HEAD}; install the version that migrated it, or a "
            "later one, or restore a backup from before"
        )


def require_head(revision: str | None) -> None:
    """Raises: ConfigError, which tells the fix, if the schema is not the one of this version."""
    require_known(revision)
    if revision != HEAD:
        found = "has no tables yet" if revision is None else f"is at revision {revision}"
        raise ConfigError(
            f"the database's schema {found}, this version needs {HEAD}; "
            "run `chatkit-backend migrate`"
        )
