from pathlib import Path

import pytest

from chatkit_backend.errors import ConfigError
from chatkit_backend.store.urls import database_url, masked, sqlite_file


@pytest.mark.parametrize(
    ("written", "file"),
    [
        ("sqlite:///data/chat.db", Path("data/chat.db")),
        ("sqlite+aiosqlite:///./chat.db", Path("chat.db")),
        ("sqlite:////var/lib/chat.db", Path("/var/lib/chat.db")),
        ("  sqlite:///chat.db\n", Path("chat.db")),
        ("sqlite://", None),
        ("sqlite:///", None),
        ("sqlite:///:memory:", None),
    ],
)
def test_a_sqlite_url_names_a_file_or_memory(written: str, file: Path | None) -> None:
    url = database_url(written)
    assert url.drivername == "sqlite+pysqlite"
    assert sqlite_file(url) == file


@pytest.mark.parametrize(
    "scheme", ["postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg2", "POSTGRES"]
)
def test_postgresql_is_accepted_with_any_driver(scheme: str) -> None:
    url = database_url(f"{scheme}://ann:p%40ss@db.example:5433/chat")
    assert url.drivername == "postgresql+psycopg"
    assert (url.username, url.password, url.host, url.port, url.database) == (
        "ann",
        "p@ss",
        "db.example",
        5433,
        "chat",
    )


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (
            "sslmode=require&channel_binding=require",
            {"sslmode": "require", "channel_binding": "require"},
        ),
        ("sslmode=require&pgbouncer=true&connection_limit=1", {"sslmode": "require"}),
        ("ssl=true", {"sslmode": "require"}),
        ("ssl=verify-full", {"sslmode": "verify-full"}),
        ("application_name=chat", {"application_name": "chat"}),
        ("host=/var/run/postgresql", {"host": "/var/run/postgresql"}),
    ],
)
def test_parameters_of_hosted_postgresql_work(written: str, kept: dict[str, str]) -> None:
    assert dict(database_url(f"postgres://ann@ep-x-pooler.neon.example/db?{written}").query) == kept


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("", "not a URL"),
        ("data/chat.db", "not a URL"),
        ("mysql://ann:s3cret@host/db", "'mysql' is neither sqlite nor postgresql"),
        ("postgresql://ann:s3cret@host", "the name of the database is missing"),
        ("postgresql://ann:s3cret@host:port/db", "not a URL"),
        ("postgresql://ann:s3cret@host/db?sslmod=require", "knows no parameter sslmod"),
        ("postgresql://ann:s3cret@host/db?password=s3cret&x=1", "knows no parameter x"),
        ("sqlite://chat.db", "sqlite:///chat.db"),
        ("sqlite:///chat.db?mode=ro", "sqlite takes no parameters, and mode was given"),
    ],
)
def test_a_bad_url_is_refused_with_its_name_its_value_and_the_fix(
    written: str, problem: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        database_url(written)
    message = str(refused.value)
    assert message.startswith(f"DATABASE_URL={masked(written)} is not usable: ")
    assert problem in message
    assert "Set DATABASE_URL to sqlite:///data/chatkit.sqlite3 or postgresql://" in message
    assert "s3cret" not in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("postgres://ann:p@ss@host/db?sslmode=require", "postgres://ann:********@host/db"),
        ("postgres://ann@host/db", "postgres://ann@host/db"),
        ("postgres://host/db?password=x", "postgres://host/db"),
        ("sqlite:///data/chat.db", "sqlite:///data/chat.db"),
        ("no url: s3cret", "********"),
    ],
)
def test_a_shown_url_has_no_secret(written: str, shown: str) -> None:
    assert masked(written) == shown
