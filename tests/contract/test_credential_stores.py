"""The contract of `testing.credential_store_contract`, on every store of this package."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.contract.owners import Request

from chatkit_backend.store import MemoryStore, SqlStore
from chatkit_backend.store.credentials import CredentialStore
from chatkit_backend.testing.credential_store_contract import CredentialStoreContract


class TestMemory(CredentialStoreContract):
    @pytest.fixture
    def store(self) -> CredentialStore:
        return MemoryStore[Request]().credentials


class OfSeveralProcesses(CredentialStoreContract):
    """A database that two stores share, as two processes do."""

    @pytest.fixture
    def url(self) -> str:
        raise NotImplementedError

    @pytest.fixture
    async def store(self, url: str) -> AsyncIterator[CredentialStore]:
        store = SqlStore[Request](url)
        yield store.credentials
        await store.close()

    @pytest.fixture
    async def peer(self, url: str) -> AsyncIterator[CredentialStore]:
        peer = SqlStore[Request](url)
        yield peer.credentials
        await peer.close()


class TestSqlite(OfSeveralProcesses):
    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path / 'chat.sqlite3'}"


class TestPostgresql(OfSeveralProcesses):
    @pytest.fixture
    def url(self, postgresql_url: str) -> str:
        return postgresql_url
