"""Databases and Redis for tests."""

import asyncio
import os
import shutil
import signal
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import NoReturn

import pytest

from chatkit_backend.store.migrate import upgrade
from tests.databases import NoServerError, Server, fresh_database, postgresql_server
from tests.leaks import leaks_in
from tests.redis_servers import FoundRedis, NoRedisError, redis_server

SERVER = pytest.StashKey[Server | NoServerError]()
REDIS = pytest.StashKey[FoundRedis | NoRedisError]()
STARTED = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # Of a script's background job; the programs that tests interrupt would inherit it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    started = config.stash[STARTED] = ExitStack()
    try:
        config.stash[SERVER] = started.enter_context(postgresql_server())
    except NoServerError as exc:
        config.stash[SERVER] = exc
    try:
        config.stash[REDIS] = started.enter_context(redis_server())
    except NoRedisError as exc:
        config.stash[REDIS] = exc


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[STARTED].close()


def pytest_report_header(config: pytest.Config) -> list[str]:
    found, redis = config.stash[SERVER], config.stash[REDIS]
    return [
        f"PostgreSQL: {found.origin if isinstance(found, Server) else f'none ({found})'}",
        f"Redis: {redis.origin if isinstance(redis, FoundRedis) else f'none ({redis})'}",
    ]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test in which a secret is logged has failed, whatever else it says."""
    report = yield
    if call.when == "teardown" and report.passed:  # by then everything is captured
        logged = "".join(text for _, text in report.sections)
        if leaks := leaks_in(logged):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} had these logged: {', '.join(leaks)}"
    return report


@pytest.fixture(scope="session")
def postgresql(request: pytest.FixtureRequest) -> Server:
    """A PostgreSQL server. Without one a test is not run and says so; in CI it fails."""
    found = request.config.stash[SERVER]
    if isinstance(found, Server):
        return found
    return _not_run(f"no PostgreSQL: {found}")


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


@pytest.fixture(scope="session")
def redis_found(request: pytest.FixtureRequest) -> FoundRedis:
    """A Redis that tests share; none may break it. Without one they are not run, as above."""
    found = request.config.stash[REDIS]
    if isinstance(found, FoundRedis):
        return found
    return _not_run(f"no Redis: {found}")


@pytest.fixture
def redis_installed() -> None:
    """What it takes to start a Redis that a test may break."""
    if shutil.which("redis-server") is None:
        _not_run("redis-server is not on the PATH")


def _not_run(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(f"not run, {reason}")
    pytest.skip(f"not run, {reason}")
