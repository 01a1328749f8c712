"""`MemoryCredentials`: API keys and sessions in dictionaries."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from .credentials import ApiKeyRecord, Revocation, SessionRecord
from .times import now


class MemoryCredentials:
    """A `CredentialStore` that forgets with its process."""

    def __init__(self) -> None:
        self._keys: dict[str, ApiKeyRecord] = {}
        self._sessions: dict[str, SessionRecord] = {}

    async def add_key(self, key: ApiKeyRecord) -> None:
        """See `CredentialStore.add_key`."""
        self._keys[key.id] = key

    async def load_key(self, key_id: str) -> ApiKeyRecord | None:
        """See `CredentialStore.load_key`."""
        return self._keys.get(key_id)

    async def list_keys(self, *, limit: int) -> Sequence[ApiKeyRecord]:
        """See `CredentialStore.list_keys`."""
        return sorted(self._keys.values(), key=lambda key: key.id, reverse=True)[:limit]

    async def revoke_key(self, key_id: str) -> Revocation | None:
        """See `CredentialStore.revoke_key`."""
        key, at = self._keys.get(key_id), now()
        if key is None:
            return None
        if key.revoked_at is None:
            key = self._keys[key_id] = replace(key, revoked_at=at)
        made = [
            one
            for one in self._sessions.values()
            if one.issued_by == key_id and one.cancelled_at is None and one.expires_at > at
        ]
        for session in made:
            self._sessions[session.id] = replace(session, cancelled_at=at)
        return Revocation(key=key, sessions=len(made))

    async def add_session(self, session: SessionRecord) -> bool:
        """See `CredentialStore.add_session`."""
        if session.issued_by is not None:
            key = self._keys.get(session.issued_by)
            if key is None or key.revoked_at is not None:
                return False
        self._sessions[session.id] = session
        return True

    async def load_session(self, session_id: str) -> SessionRecord | None:
        """See `CredentialStore.load_session`."""
        return self._sessions.get(session_id)

    async def rotate_session(self, before: SessionRecord, after: SessionRecord) -> bool:
        """See `CredentialStore.rotate_session`."""
        there = self._sessions.get(before.id)
        if there is None or there.cancelled_at is not None:
            return False
        if (there.owner, there.digest) != (before.owner, before.digest):
            return False
        self._sessions[before.id] = replace(
            there,
            digest=after.digest,
            previous_digest=after.previous_digest,
            previous_until=after.previous_until,
            expires_at=after.expires_at,
        )
        return True

    async def cancel_session(self, session_id: str, tenant: str) -> SessionRecord | None:
        """See `CredentialStore.cancel_session`."""
        session = self._sessions.get(session_id)
        if session is None or session.tenant != tenant:
            return None
        if session.cancelled_at is None:
            session = self._sessions[session_id] = replace(session, cancelled_at=now())
        return session

    async def purge_sessions(self, *, before: datetime, limit: int) -> int:
        """See `CredentialStore.purge_sessions`."""
        old = [one.id for one in self._sessions.values() if one.expires_at < before][:limit]
        for session_id in old:
            del self._sessions[session_id]
        return len(old)
