"""API keys and sessions, as they are stored: with a digest of their secrets, never with these."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from .times import now


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyRecord:
    """A key with which a tenant's own servers call `/v1/chatkit/…`.

    Attributes:
        name: What its maker calls it.
        digest: SHA-256 of the secret, in hexadecimal digits.
    """

    id: str
    tenant: str
    name: str
    digest: str
    created_at: datetime = field(default_factory=now)
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRecord:
    """A session of one person.

    Attributes:
        issued_by: Id of the API key that made it; None if none did.
        digest: Of the secret that is valid now.
        previous_digest: Of the secret before it, valid until `previous_until`.
        payload: JSON: whom it stands for and what it permits.
    """

    id: str
    tenant: str
    owner: str
    digest: str
    expires_at: datetime
    payload: str
    issued_by: str | None = None
    created_at: datetime = field(default_factory=now)
    previous_digest: str | None = None
    previous_until: datetime | None = None
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """What revoking a key did.

    Attributes:
        key: The key, revoked.
        sessions: How many sessions that it had made, and that had not ended, are cancelled.
    """

    key: ApiKeyRecord
    sessions: int


class CredentialStore(Protocol):
    """Keeps API keys and sessions. What is found by its id is worth nothing without its secret."""

    async def add_key(self, key: ApiKeyRecord) -> None:
        """Store a new key."""
        ...

    async def load_key(self, key_id: str) -> ApiKeyRecord | None:
        """The key with that id, also a revoked one."""
        ...

    async def list_keys(self, *, limit: int) -> Sequence[ApiKeyRecord]:
        """The newest keys of all tenants, newest first."""
        ...

    async def revoke_key(self, key_id: str) -> Revocation | None:
        """Revoke a key and cancel its sessions, at once; None if there is none.

        A key that is revoked stays as it is.
        """
        ...

    async def add_session(self, session: SessionRecord) -> bool:
        """Store a new session; False if the key that made it is revoked, or never was."""
        ...

    async def load_session(self, session_id: str) -> SessionRecord | None:
        """The session with that id, whatever became of it."""
        ...

    async def rotate_session(self, before: SessionRecord, after: SessionRecord) -> bool:
        """Give a session its new secret and end; False if it changed since `before` was read."""
        ...

    async def cancel_session(self, session_id: str, tenant: str) -> SessionRecord | None:
        """Cancel a tenant's session; one that is cancelled stays so. None if there is none."""
        ...

    async def purge_sessions(self, *, before: datetime, limit: int) -> int:
        """Delete at most `limit` sessions that expired before that time; say how many."""
        ...
