"""Sessions: issued, recognised, refreshed, cancelled.

```
            refresh (a new secret and end; the old secret lives on for OVERLAP)
             ┌────┐
             │    ▼
 create ──▶ active ── expires_at ──▶ expired
              │
              └─ cancel, end ──▶ cancelled
```
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict
from starlette.requests import HTTPConnection

from chatkit_backend.errors import Forbidden, Unauthenticated
from chatkit_backend.store.credentials import CredentialStore, SessionRecord
from chatkit_backend.store.ids import new_id
from chatkit_backend.store.times import now

from .api_keys import invalid_key
from .audit import audit
from .authenticator import Identity
from .bearer import bearer_token
from .principal import Principal
from .remembered import Remembered
from .secrets import CLIENT_SECRET, Credential
from .session import Configuration, Session, SessionStatus, Workflow

SESSION_TOKEN_HEADER = "x-session-token"  # noqa: S105  a name, no secret
KEPT_S = 7 * 24 * 3600.0
"""Seconds for which an expired session can still be cancelled, and then is deleted."""

PURGED_AT_ONCE = 200


class _Payload(BaseModel):
    """What of a session the database need not look into."""

    model_config = ConfigDict(frozen=True)

    user_id: str
    tenant: str
    roles: tuple[str, ...] = ()
    name: str | None = None
    locale: str | None = None
    session: Session


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTerms:
    """How long sessions live.

    Attributes:
        lifetime_s: From a session's creation, or its last refresh, to its end.
        longest_s: From its creation to the last end that refreshing gives it.
        overlap_s: How long a secret is still taken after its session got another.
        requests_per_minute: Answers a minute, unless its maker says otherwise.
        remember_s: Seconds for which another process's cancellation may go unnoticed.
    """

    lifetime_s: float = 600.0
    longest_s: float = 43_200.0
    overlap_s: float = 30.0
    requests_per_minute: int = 10
    remember_s: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session as its record and its contents."""

    record: SessionRecord
    principal: Principal
    session: Session

    @property
    def status(self) -> SessionStatus:
        """What became of it by now."""
        if self.record.cancelled_at is not None:
            return "cancelled"
        return "active" if now() < self.record.expires_at else "expired"


class Sessions:
    """Issues sessions and recognises their secrets: an `Authenticator`."""

    def __init__(
        self,
        store: CredentialStore,
        terms: SessionTerms,
        *,
        recognised: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`recognised` is whether `AUTH` names `session`; without it none is issued."""
        self.terms = terms
        self._recognised = recognised
        self._store = store
        self._known = Remembered(self._load, for_s=terms.remember_s, clock=clock)

    async def create(
        self,
        principal: Principal,
        *,
        configuration: Configuration | None = None,
        workflow: Workflow | None = None,
        requests_per_minute: int | None = None,
        lifetime_s: float | None = None,
        issued_by: str | None = None,
    ) -> tuple[str, OpenSession]:
        """Begin a session for somebody; returns its secret and what it is.

        Raises: Forbidden (`sessions_off`) where nobody would recognise the secret; Unauthenticated
            (`invalid_api_key`) if the key that asks is revoked by now.
        """
        if not self._recognised:
            raise Forbidden(
                "sessions_off",
                "This server takes no sessions; to change that, name session in AUTH, before the "
                "other schemes.",
            )
        secret, credential = CLIENT_SECRET.new(new_id("cksess"))
        session = Session(
            id=credential.id,
            configuration=configuration or Configuration(),
            workflow=workflow,
            max_requests_per_1_minute=requests_per_minute or self.terms.requests_per_minute,
            issued_by=issued_by,
        )
        created_at = now()
        record = SessionRecord(
            id=credential.id,
            tenant=principal.tenant,
            owner=principal.owner,
            digest=credential.digest,
            created_at=created_at,
            expires_at=created_at + timedelta(seconds=lifetime_s or self.terms.lifetime_s),
            issued_by=issued_by,
            payload=_payload(principal, session).model_dump_json(),
        )
        await self._store.purge_sessions(
            before=created_at - timedelta(seconds=KEPT_S), limit=PURGED_AT_ONCE
        )
        if not await self._store.add_session(record):
            raise invalid_key()
        audit("session_created", session_id=record.id, owner=record.owner, key_id=session.issued_by)
        return secret, _open(record)

    async def authenticate(self, connection: HTTPConnection) -> Identity | None:
        """See `Authenticator`; the secret is a bearer token, or in `X-Session-Token`.

        Raises: Unauthenticated (`session_expired`, `session_cancelled`, `invalid_session`).
        """
        given = connection.headers.get(SESSION_TOKEN_HEADER)
        token = given if given is not None else bearer_token(connection)
        credential = CLIENT_SECRET.read(token) if token is not None else None
        if credential is None:
            if given is not None:
                raise _unreadable()
            return None
        found = await self._require(credential)
        return Identity(principal=found.principal, session=found.session, explicit=True)

    async def refresh(self, secret: str, login: Principal | None = None) -> tuple[str, OpenSession]:
        """Give a session a new secret and a later end; the old secret lives on for a little.

        Of two refreshes at once with the same secret one wins; the other is told that the secret
        is not the newest. A session that an API key made ends when its maker said. Where the
        secret comes together with a `login`, it is to be the same person's: in a browser that
        somebody else uses by now a session does not live on.

        Raises: Unauthenticated, Forbidden (`not_refreshable`, `not_your_session`).
        """
        credential = CLIENT_SECRET.read(secret)
        if credential is None:
            raise _unreadable()
        self._known.forget(credential.id)
        found = await self._require(credential)
        before, at = found.record, now()
        if not credential.matches(before.digest):
            raise Unauthenticated(
                "session_refreshed", "The session was refreshed already; use its newer secret."
            )
        if login is not None and login.owner != found.principal.owner:
            audit("session_refused", session_id=before.id)
            raise Forbidden(
                "not_your_session",
                "Somebody else is logged in than the session is for; get a session of theirs.",
            )
        if found.session.issued_by is not None:
            raise Forbidden(
                "not_refreshable",
                "The server that made this session decides when it ends; ask it for another.",
            )
        latest = before.created_at + timedelta(seconds=self.terms.longest_s)
        end = min(latest, at + timedelta(seconds=self.terms.lifetime_s))
        new_secret, new = CLIENT_SECRET.new(before.id)
        after = replace(
            before,
            digest=new.digest,
            previous_digest=before.digest,
            previous_until=at + timedelta(seconds=self.terms.overlap_s),
            expires_at=max(end, before.expires_at),
        )
        if not await self._store.rotate_session(before, after):
            raise Unauthenticated(
                "session_refreshed", "The session was refreshed or cancelled meanwhile."
            )
        self._known.forget(before.id)
        audit("session_refreshed", session_id=before.id, owner=before.owner)
        return new_secret, _open(after)

    async def end(self, secret: str) -> None:
        """End the session of a secret, at its holder's wish. Idempotent.

        Raises: Unauthenticated (`invalid_session`).
        """
        credential = CLIENT_SECRET.read(secret)
        if credential is None:
            raise _unreadable()
        try:
            found = await self._require(credential)
        except Unauthenticated as exc:
            if exc.code in {"session_expired", "session_cancelled"}:
                return
            raise
        await self.cancel(found.record.id, found.record.tenant)

    async def cancel(self, session_id: str, tenant: str) -> OpenSession | None:
        """End a tenant's session at once; None if it has none with that id. Idempotent."""
        record = await self._store.cancel_session(session_id, tenant)
        self._known.forget(session_id)
        if record is None:
            return None
        audit("session_cancelled", session_id=record.id, owner=record.owner)
        return _open(record)

    async def _load(self, session_id: str) -> OpenSession | None:
        record = await self._store.load_session(session_id)
        return None if record is None else _open(record)

    async def _require(self, credential: Credential) -> OpenSession:
        # What is remembered may be older than the secret and the end that another process gave it.
        found = await self._known.get(credential.id, if_=lambda one: _is_taken(credential, one))
        if found is None or not _is_secret_of(credential, found.record, now()):
            audit("session_refused", session_id=None if found is None else found.record.id)
            raise _invalid()
        match found.status:
            case "active":
                return found
            case "expired":
                raise Unauthenticated("session_expired", "The session has expired; get a new one.")
            case "cancelled":
                raise Unauthenticated("session_cancelled", "The session was cancelled.")


def _is_taken(credential: Credential, found: OpenSession) -> bool:
    return found.status != "expired" and _is_secret_of(credential, found.record, now())


def _is_secret_of(credential: Credential, record: SessionRecord, at: datetime) -> bool:
    if credential.matches(record.digest):
        return True
    in_time = record.previous_until is not None and at < record.previous_until
    return credential.matches(record.previous_digest) and in_time


def _unreadable() -> Unauthenticated:
    audit("session_refused", session_id=None)
    return _invalid()


def _invalid() -> Unauthenticated:
    return Unauthenticated("invalid_session", "The session's secret is not valid here.")


def _payload(principal: Principal, session: Session) -> _Payload:
    return _Payload(
        user_id=principal.user_id,
        tenant=principal.tenant,
        roles=principal.roles,
        name=principal.name,
        locale=principal.locale,
        session=session,
    )


def _open(record: SessionRecord) -> OpenSession:
    payload = _Payload.model_validate_json(record.payload, extra="ignore")
    principal = Principal(
        user_id=payload.user_id,
        tenant=payload.tenant,
        scheme="session",
        roles=payload.roles,
        name=payload.name,
        locale=payload.locale,
    )
    return OpenSession(record=record, principal=principal, session=payload.session)
