"""`DATABASE_URL` as people write it, and the SQLAlchemy URL that it means."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from chatkit_backend.errors import ConfigError

IGNORED_PARAMETERS = frozenset({"pgbouncer", "connection_limit", "pool_timeout"})
"""What Prisma-style URLs say about pools; ours works through a pooler in any case."""

EXAMPLES = "sqlite:///data/chatkit.sqlite3 or postgresql://user:password@host/name"


def database_url(written: str) -> URL:
    """Understand `sqlite:…`, `postgres:…` and `postgresql:…`, with any `+driver`.

    `sqlite://` and `sqlite:///:memory:` are a database in memory, gone with its store. The driver
    that the URL names is replaced by ours: the standard library's sqlite3, psycopg 3.

    Raises:
        ConfigError: One line that names DATABASE_URL, the value (password masked) and the fix.
    """
    scheme = written.partition(":")[0].partition("+")[0].strip().lower()
    try:
        url = make_url(written.strip())
    except (ArgumentError, ValueError) as exc:
        raise _refused(written, "it is not a URL") from exc
    if scheme == "sqlite":
        return _sqlite(url, written)
    if scheme in ("postgres", "postgresql"):
        return _postgresql(url, written)
    raise _refused(written, f"the scheme {scheme!r} is neither sqlite nor postgresql")


def is_sqlite(url: URL) -> bool:
    """Whether `url` names SQLite; otherwise it names PostgreSQL."""
    return url.get_backend_name() == "sqlite"


def make_private(file: Path) -> None:
    """Make a database's file and its folder, if they are not there, for their owner only.

    The files that SQLite puts beside it get the same permissions.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite URL; None for a database in memory."""
    return None if url.database in (None, "", ":memory:") else Path(str(url.database))


def masked(written: str) -> str:
    """`written` without what may be secret: the password and the parameters."""
    scheme, separator, rest = written.partition("://")
    if not separator:
        return "********"
    credentials, at, location = rest.partition("?")[0].rpartition("@")
    user, colon, _ = credentials.partition(":")
    return f"{scheme}://{user}{':********' if colon else ''}{at}{location}"


def _sqlite(url: URL, written: str) -> URL:
    if url.host:
        raise _refused(written, f"a relative file takes three slashes: sqlite:///{url.host}")
    if url.query:
        raise _refused(written, f"sqlite takes no parameters, and {_names(url)} was given")
    return url.set(drivername="sqlite+pysqlite")


def _postgresql(url: URL, written: str) -> URL:
    if not url.database:
        raise _refused(written, "the name of the database is missing after the host")
    url = url.difference_update_query(IGNORED_PARAMETERS)
    if "ssl" in url.query:  # asyncpg's name; its values are libpq's, and `true`
        mode = str(url.query["ssl"])
        url = url.difference_update_query(["ssl"])
        url = url.update_query_dict({"sslmode": "require" if mode == "true" else mode})
    unknown = set(url.query) - _libpq_parameters()
    if unknown:
        raise _refused(written, f"PostgreSQL knows no parameter {', '.join(sorted(unknown))}")
    return url.set(drivername="postgresql+psycopg")


def _libpq_parameters() -> set[str]:
    # Here and not above: servers on SQLite start without loading psycopg (60 ms).
    from psycopg.pq import Conninfo

    return {option.keyword.decode() for option in Conninfo.get_defaults()}


def _names(url: URL) -> str:
    return ", ".join(sorted(url.query))


def _refused(written: str, problem: str) -> ConfigError:
    return ConfigError(
        f"DATABASE_URL={masked(written)} is not usable: {problem}. Set DATABASE_URL to {EXAMPLES}"
    )
