"""Databases for tests."""

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from chatkit_backend.store.migrate import upgrade
from tests.databases import NoServerError, Server, fresh_database, postgresql_server

SERVER = pytest.StashKey[Server | NoServerError]()
STARTED = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    started = config.stash[STARTED] = ExitStack()
    try:
        config.stash[SERVER] = started.enter_context(postgresql_server())
    except NoServerError as exc:
        config.stash[SERVER] = exc


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[STARTED].close()


def pytest_report_header(config: pytest.Config) -> str:
    found = config.stash[SERVER]
    return f"PostgreSQL: {found.origin if isinstance(found, Server) else f'none ({found})'}"


@pytest.fixture(scope="session")
def postgresql(request: pytest.FixtureRequest) -> Server:
    """A PostgreSQL server. Without one a test is not run and says so; in CI it fails."""
    found = request.config.stash[SERVER]
    if isinstance(found, Server):
        return found
    reason = f"not run, no PostgreSQL: {found}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgresql_url(postgresql: Server) -> Iterator[str]:
    """A migrated database that the tests of this run share; each uses owners of its own."""
    with fresh_database(postgresql) as url:
        # In a thread: an async test that asks for this fixture has a loop running in this one.
        with ThreadPoolExecutor() as thread:
            thread.submit(lambda: asyncio.run(upgrade(url))).result()
        yield url


@pytest.fixture
def empty_postgresql_url(postgresql: Server) -> Iterator[str]:
    """A database without tables, for one test."""
    with fresh_database(postgresql) as url:
        yield url
