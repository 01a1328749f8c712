"""API keys: how a tenant's own servers call `/v1/chatkit/…`."""

import time
from collections.abc import Callable, Sequence

from starlette.requests import HTTPConnection

from chatkit_backend.errors import Unauthenticated
from chatkit_backend.store.credentials import ApiKeyRecord, CredentialStore, Revocation
from chatkit_backend.store.ids import new_id

from .audit import audit
from .bearer import bearer_token
from .principal import DEFAULT_TENANT
from .remembered import Remembered
from .secrets import API_KEY

LISTED = 1000
"""Most keys that a list shows."""


class ApiKeys:
    """Makes, lists, revokes and recognises API keys.

    Args:
        remember_s: Seconds for which another process's revocation may go unnoticed.
    """

    def __init__(
        self,
        store: CredentialStore,
        *,
        remember_s: float = 2.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._known = Remembered(store.load_key, for_s=remember_s, clock=clock)

    async def create(self, name: str, *, tenant: str = DEFAULT_TENANT) -> tuple[str, ApiKeyRecord]:
        """Make a key. What is returned first is the key itself, and nobody can ask for it again."""
        secret, credential = API_KEY.new(new_id("key"))
        record = ApiKeyRecord(id=credential.id, tenant=tenant, name=name, digest=credential.digest)
        await self._store.add_key(record)
        audit("key_created", key_id=record.id, tenant=tenant)
        return secret, record

    async def list(self) -> Sequence[ApiKeyRecord]:
        """The newest keys, newest first."""
        return await self._store.list_keys(limit=LISTED)

    async def revoke(self, key_id: str) -> Revocation | None:
        """Revoke a key for good, with the sessions it made; None if there is none with that id."""
        before = await self._store.load_key(key_id)
        done = await self._store.revoke_key(key_id)
        self._known.forget(key_id)
        if done is not None and (before is None or before.revoked_at is None):
            audit("key_revoked", key_id=key_id, tenant=done.key.tenant, sessions=done.sessions)
        return done

    async def authenticate(self, connection: HTTPConnection) -> ApiKeyRecord:
        """The key that a request carries as its bearer token. Raises: Unauthenticated."""
        token = bearer_token(connection)
        if token is None:
            raise Unauthenticated(
                "missing_api_key",
                "The request has no API key; send it as 'Authorization: Bearer <key>'.",
            )
        credential = API_KEY.read(token)
        key = None
        if credential is not None:
            key = await self._known.get(credential.id)
            if key is not None and credential.matches(key.digest) and key.revoked_at is None:
                return key
        audit("key_refused", key_id=None if key is None else key.id)
        raise invalid_key()


def invalid_key() -> Unauthenticated:
    """What a request with a wrong or revoked key is refused with."""
    return Unauthenticated("invalid_api_key", "The API key is not valid here.")
