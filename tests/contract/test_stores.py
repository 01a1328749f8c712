"""The contracts of `chatkit_backend.testing.store_contract`, on every store of this package."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chatkit.store import Store
from tests.contract.owners import Request, somebody

from chatkit_backend.server.conversation_store import ConversationStore
from chatkit_backend.store import MemoryStore, SqlStore
from chatkit_backend.testing.store_contract import ConversationStoreContract, StoreContract


class Contexts:
    @pytest.fixture
    def context(self) -> Request:
        return somebody()

    @pytest.fixture
    def other_context(self) -> Request:
        return somebody()


class TestMemory(Contexts, StoreContract, ConversationStoreContract):
    @pytest.fixture
    def store(self) -> MemoryStore[Request]:
        return MemoryStore()


class TestSqlite(Contexts, StoreContract, ConversationStoreContract):
    @pytest.fixture
    async def store(self, tmp_path: Path) -> AsyncIterator[SqlStore[Request]]:
        store = SqlStore[Request](f"sqlite:///{tmp_path / 'chat.sqlite3'}")
        yield store
        await store.close()


class TestSqliteInMemory(Contexts, StoreContract, ConversationStoreContract):
    @pytest.fixture
    async def store(self) -> AsyncIterator[SqlStore[Request]]:
        store = SqlStore[Request]("sqlite://")
        yield store
        await store.close()


class TestPostgresql(Contexts, StoreContract, ConversationStoreContract):
    @pytest.fixture
    async def store(self, postgresql_url: str) -> AsyncIterator[SqlStore[Request]]:
        store = SqlStore[Request](postgresql_url)
        yield store
        await store.close()


def test_both_stores_are_what_the_sdk_and_the_operations_ask_for(tmp_path: Path) -> None:
    # The assignments are the test: mypy checks them.
    sql: SqlStore[Request] = SqlStore(f"sqlite:///{tmp_path / 'chat.sqlite3'}")
    memory: MemoryStore[Request] = MemoryStore()
    sdk: list[Store[Request]] = [sql, memory]
    operations: list[ConversationStore[Request]] = [sql, memory]
    assert [*map(id, sdk)] == [*map(id, operations)]
