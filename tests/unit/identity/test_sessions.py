"""How long a session lives, whatever is done to prolong it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.requests import HTTPConnection

from chatkit_backend.errors import Unauthenticated
from chatkit_backend.identity import Principal
from chatkit_backend.identity.api_keys import ApiKeys
from chatkit_backend.identity.session import Workflow
from chatkit_backend.identity.sessions import KEPT_S, Sessions, SessionTerms
from chatkit_backend.store import MemoryStore
from chatkit_backend.store.credentials import CredentialStore, SessionRecord
from chatkit_backend.store.times import now

MINUTE = timedelta(minutes=1)
TERMS = SessionTerms(lifetime_s=600, longest_s=3600)
ADA = Principal(user_id="ada")


@pytest.fixture
def store() -> CredentialStore:
    return MemoryStore[object]().credentials


@pytest.fixture
def sessions(store: CredentialStore) -> Sessions:
    return Sessions(store, TERMS)


async def aged(
    sessions: Sessions, store: CredentialStore, *, by: timedelta, left: timedelta
) -> tuple[str, SessionRecord]:
    """A session that began some time ago and has so much left of its life."""
    secret, made = await sessions.create(ADA)
    record = replace(made.record, created_at=now() - by, expires_at=now() + left)
    await store.add_session(record)
    return secret, record


async def test_a_refresh_gives_it_another_life(sessions: Sessions, store: CredentialStore) -> None:
    secret, _ = await aged(sessions, store, by=9 * MINUTE, left=MINUTE)

    before = now()
    _, after = await sessions.refresh(secret)

    assert before + 10 * MINUTE <= after.record.expires_at <= now() + 10 * MINUTE


async def test_but_not_beyond_its_longest(sessions: Sessions, store: CredentialStore) -> None:
    secret, record = await aged(sessions, store, by=55 * MINUTE, left=MINUTE)

    _, after = await sessions.refresh(secret)

    assert after.record.expires_at == record.created_at + 60 * MINUTE


async def test_at_the_end_of_it_a_refresh_changes_the_secret_only(
    sessions: Sessions, store: CredentialStore
) -> None:
    secret, record = await aged(sessions, store, by=60 * MINUTE, left=MINUTE)

    new, after = await sessions.refresh(secret)

    assert new != secret
    assert after.record.expires_at == record.expires_at


async def test_what_is_over_is_not_refreshed(sessions: Sessions, store: CredentialStore) -> None:
    secret, _ = await aged(sessions, store, by=10 * MINUTE, left=-MINUTE)
    with pytest.raises(Unauthenticated) as refused:
        await sessions.refresh(secret)
    assert refused.value.code == "session_expired"


async def test_long_expired_sessions_are_deleted_when_others_begin(
    sessions: Sessions, store: CredentialStore
) -> None:
    kept = timedelta(seconds=KEPT_S)
    _, old = await aged(sessions, store, by=2 * kept, left=-kept - MINUTE)
    _, recent = await aged(sessions, store, by=2 * kept, left=-kept + MINUTE)

    await sessions.create(ADA)

    assert await store.load_session(old.id) is None
    assert await store.load_session(recent.id) == recent


async def test_a_key_that_is_revoked_meanwhile_makes_no_session(
    sessions: Sessions, store: CredentialStore
) -> None:
    # The process that asks for it may remember the key as it was.
    keys = ApiKeys(store)
    _, key = await keys.create("a test")
    await sessions.create(ADA, issued_by=key.id)
    await keys.revoke(key.id)

    with pytest.raises(Unauthenticated) as refused:
        await sessions.create(ADA, issued_by=key.id)
    assert refused.value.code == "invalid_api_key"


async def test_what_a_newer_version_wrote_is_read_as_far_as_it_is_known(
    sessions: Sessions, store: CredentialStore
) -> None:
    secret, made = await sessions.create(ADA, workflow=Workflow(id="support"))
    newer = with_later_members(json.loads(made.record.payload))
    await store.add_session(replace(made.record, payload=json.dumps(newer)))

    found = await sessions.authenticate(sent(secret))

    assert found is not None
    assert (found.principal, found.session) == (made.principal, made.session)


def with_later_members(value: object) -> object:
    """The same with one more member in each object that has a fixed form."""
    if not isinstance(value, dict):
        return value
    return {
        name: part if name == "state_variables" else with_later_members(part)
        for name, part in value.items()
    } | {"later": {"enabled": True}}


def sent(secret: str) -> HTTPConnection:
    """A request that carries a secret."""
    return HTTPConnection({"type": "http", "headers": [(b"x-session-token", secret.encode())]})


class TestTwoProcesses:
    """Each remembers what it read for a moment, and the other may have changed it since."""

    @pytest.fixture
    def peer(self, store: CredentialStore) -> Sessions:
        """The other process."""
        return Sessions(store, TERMS)

    async def test_a_new_secret_is_taken_at_once_by_the_process_that_did_not_give_it(
        self, sessions: Sessions, peer: Sessions
    ) -> None:
        secret, made = await sessions.create(ADA)
        await peer.authenticate(sent(secret))

        new, _ = await sessions.refresh(secret)

        for one in (new, secret):
            found = await peer.authenticate(sent(one))
            assert found is not None
            assert found.session == made.session

    async def test_so_is_a_session_whose_end_was_put_off(
        self, sessions: Sessions, peer: Sessions, store: CredentialStore
    ) -> None:
        secret, record = await aged(sessions, store, by=9 * MINUTE, left=MINUTE)
        await store.add_session(replace(record, expires_at=now() - MINUTE))
        with pytest.raises(Unauthenticated):
            await peer.authenticate(sent(secret))

        await store.add_session(record)

        assert await peer.authenticate(sent(secret)) is not None

    async def test_a_cancellation_may_go_unnoticed_for_as_long_as_the_terms_say(
        self, sessions: Sessions, store: CredentialStore
    ) -> None:
        time = 0.0
        peer = Sessions(store, TERMS, clock=lambda: time)
        secret, made = await sessions.create(ADA)
        await peer.authenticate(sent(secret))

        await sessions.cancel(made.record.id, ADA.tenant)

        assert await peer.authenticate(sent(secret)) is not None
        time = TERMS.remember_s
        with pytest.raises(Unauthenticated) as refused:
            await peer.authenticate(sent(secret))
        assert refused.value.code == "session_cancelled"
