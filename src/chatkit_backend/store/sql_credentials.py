"""`SqlCredentials`: API keys and sessions in SQLite or PostgreSQL."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    Connection,
    Executable,
    Integer,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from .credentials import ApiKeyRecord, Revocation, SessionRecord
from .database import Database
from .keys import is_key
from .owner_guard import across_owners
from .tables import UtcDateTime, api_keys, sessions
from .times import now

HOLDER = "whoever has its secret is the owner; the digest is compared with what is found"
REVOKED = "the sessions of a revoked key are cancelled, whosever they are"
EXPIRED = "expired sessions are deleted for everybody"

ID = bindparam("credential_id", type_=Text())
TENANT = bindparam("of_tenant", type_=Text())
OWNER = bindparam("of_owner", type_=Text())
TIME = bindparam("time", type_=UtcDateTime())
LIMIT = bindparam("limit", type_=Integer())

ADD_KEY = insert(api_keys)
LOAD_KEY = select(api_keys).where(api_keys.c.id == ID)
LIST_KEYS = select(api_keys).order_by(api_keys.c.id.desc()).limit(LIMIT)
REVOKE_KEY = (
    update(api_keys)
    .where(api_keys.c.id == ID, api_keys.c.revoked_at.is_(None))
    .values(revoked_at=TIME)
)
CANCEL_SESSIONS_OF_KEY = across_owners(
    update(sessions)
    .where(
        sessions.c.issued_by == ID, sessions.c.cancelled_at.is_(None), sessions.c.expires_at > TIME
    )
    .values(cancelled_at=TIME),
    REVOKED,
)
# The lock holds a revocation up until the session is there to be cancelled.
LOCK_KEY = (
    select(api_keys.c.id)
    .where(api_keys.c.id == ID, api_keys.c.revoked_at.is_(None))
    .with_for_update(read=True)
)
ADD_SESSION = insert(sessions)
LOAD_SESSION = across_owners(select(sessions).where(sessions.c.id == ID), HOLDER)
ROTATE_SESSION = (
    update(sessions)
    .where(
        sessions.c.id == ID,
        sessions.c.owner == OWNER,
        sessions.c.digest == bindparam("old_digest", type_=Text()),
        sessions.c.cancelled_at.is_(None),
    )
    .values(
        digest=bindparam("new_digest", type_=Text()),
        previous_digest=bindparam("new_previous_digest", type_=Text()),
        previous_until=bindparam("new_previous_until", type_=UtcDateTime()),
        expires_at=bindparam("new_expires_at", type_=UtcDateTime()),
    )
)
CANCEL_SESSION = (
    update(sessions)
    .where(sessions.c.id == ID, sessions.c.tenant == TENANT, sessions.c.cancelled_at.is_(None))
    .values(cancelled_at=TIME)
)
LOAD_TENANT_SESSION = select(sessions).where(sessions.c.id == ID, sessions.c.tenant == TENANT)
PURGE_SESSIONS = across_owners(
    delete(sessions).where(
        sessions.c.id.in_(select(sessions.c.id).where(sessions.c.expires_at < TIME).limit(LIMIT))
    ),
    EXPIRED,
)

Params: TypeAlias = dict[str, object]


class SqlCredentials:
    """A `CredentialStore` beside the conversations of a `SqlStore`, in the same database."""

    def __init__(self, opened: Callable[[], Awaitable[Database]]) -> None:
        """Ask `opened` for the database; it opens it if need be."""
        self._opened = opened

    async def add_key(self, key: ApiKeyRecord) -> None:
        """See `CredentialStore.add_key`."""
        await self._execute(ADD_KEY, _row(key))

    async def load_key(self, key_id: str) -> ApiKeyRecord | None:
        """See `CredentialStore.load_key`."""
        found = await self._read(LOAD_KEY, {"credential_id": key_id}) if is_key(key_id) else []
        return ApiKeyRecord(**found[0]) if found else None

    async def list_keys(self, *, limit: int) -> Sequence[ApiKeyRecord]:
        """See `CredentialStore.list_keys`."""
        return [ApiKeyRecord(**row) for row in await self._read(LIST_KEYS, {"limit": limit})]

    async def revoke_key(self, key_id: str) -> Revocation | None:
        """See `CredentialStore.revoke_key`."""
        if not is_key(key_id):
            return None
        params: Params = {"credential_id": key_id, "time": now()}

        def revoke(connection: Connection) -> Revocation | None:
            # The key first: from then on it makes no sessions (`LOCK_KEY`).
            connection.execute(REVOKE_KEY, params)
            found = connection.execute(LOAD_KEY, params).mappings().one_or_none()
            if found is None:
                return None
            cancelled = connection.execute(CANCEL_SESSIONS_OF_KEY, params).rowcount
            return Revocation(key=ApiKeyRecord(**found), sessions=cancelled)

        return await (await self._opened()).write(revoke)

    async def add_session(self, session: SessionRecord) -> bool:
        """See `CredentialStore.add_session`."""
        row, key = _row(session), {"credential_id": session.issued_by}

        def add(connection: Connection) -> bool:
            if session.issued_by is not None and connection.execute(LOCK_KEY, key).first() is None:
                return False
            connection.execute(ADD_SESSION, row)
            return True

        return await (await self._opened()).write(add)

    async def load_session(self, session_id: str) -> SessionRecord | None:
        """See `CredentialStore.load_session`."""
        if not is_key(session_id):
            return None
        found = await self._read(LOAD_SESSION, {"credential_id": session_id})
        return SessionRecord(**found[0]) if found else None

    async def rotate_session(self, before: SessionRecord, after: SessionRecord) -> bool:
        """See `CredentialStore.rotate_session`."""
        changed = await self._execute(
            ROTATE_SESSION,
            {
                "credential_id": before.id,
                "of_owner": before.owner,
                "old_digest": before.digest,
                "new_digest": after.digest,
                "new_previous_digest": after.previous_digest,
                "new_previous_until": after.previous_until,
                "new_expires_at": after.expires_at,
            },
        )
        return changed == 1

    async def cancel_session(self, session_id: str, tenant: str) -> SessionRecord | None:
        """See `CredentialStore.cancel_session`."""
        if not (is_key(session_id) and is_key(tenant)):
            return None
        params: Params = {"credential_id": session_id, "of_tenant": tenant}
        await self._execute(CANCEL_SESSION, {**params, "time": now()})
        found = await self._read(LOAD_TENANT_SESSION, params)
        return SessionRecord(**found[0]) if found else None

    async def purge_sessions(self, *, before: datetime, limit: int) -> int:
        """See `CredentialStore.purge_sessions`."""
        return await self._execute(PURGE_SESSIONS, {"time": before, "limit": limit})

    async def _read(self, query: Executable, params: Params) -> list[dict[str, Any]]:
        def read(connection: Connection) -> list[dict[str, Any]]:
            return [dict(row) for row in connection.execute(query, params).mappings()]

        return await (await self._opened()).read(read)

    async def _execute(self, statement: Executable, params: Params) -> int:
        """Write with one statement; return how many rows it touched."""
        database = await self._opened()
        return await database.write(
            lambda connection: connection.execute(statement, params).rowcount
        )


def _row(record: ApiKeyRecord | SessionRecord) -> Params:
    return {one.name: getattr(record, one.name) for one in fields(record)}
