"""The contract of `chatkit_backend.testing.run_store_contract`, on every store of this package."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.contract.owners import Request, somebody

from chatkit_backend.store import MemoryStore, SqlStore
from chatkit_backend.testing.run_store_contract import RunStoreContract, StoreWithRuns


class Contexts:
    @pytest.fixture
    def context(self) -> Request:
        return somebody()

    @pytest.fixture
    def other_context(self) -> Request:
        return somebody()


class TestMemory(Contexts, RunStoreContract):
    @pytest.fixture
    def store(self) -> MemoryStore[Request]:
        return MemoryStore()


class TestSqliteInMemory(Contexts, RunStoreContract):
    @pytest.fixture
    async def store(self) -> AsyncIterator[SqlStore[Request]]:
        store = SqlStore[Request]("sqlite://")
        yield store
        await store.close()


class OfSeveralProcesses(Contexts, RunStoreContract):
    """A database that two stores share, as two processes do."""

    @pytest.fixture
    def url(self) -> str:
        raise NotImplementedError

    @pytest.fixture
    async def store(self, url: str) -> AsyncIterator[SqlStore[Request]]:
        store = SqlStore[Request](url)
        yield store
        await store.close()

    @pytest.fixture
    async def peer(self, url: str) -> AsyncIterator[SqlStore[Request]]:
        peer = SqlStore[Request](url)
        yield peer
        await peer.close()


class TestSqlite(OfSeveralProcesses):
    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path / 'chat.sqlite3'}"


class TestPostgresql(OfSeveralProcesses):
    @pytest.fixture
    def url(self, postgresql_url: str) -> str:
        return postgresql_url


def test_both_stores_keep_conversations_and_runs(tmp_path: Path) -> None:
    # The assignment is the test: mypy checks it.
    stores: list[StoreWithRuns] = [
        SqlStore[Request](f"sqlite:///{tmp_path / 'chat.sqlite3'}"),
        MemoryStore[Request](),
    ]
    assert len(stores) == 2
