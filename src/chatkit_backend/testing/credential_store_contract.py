"""What every store must do for API keys and sessions, as a pytest class to inherit from.

    class TestMyStore(CredentialStoreContract):
        @pytest.fixture
        def store(self) -> CredentialStore: ...

The fixture `peer` may be overridden: the same rows as another process sees them. Sessions that
expired before 2001 are deleted. Needs pytest and pytest-asyncio.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chatkit_backend.store.credentials import ApiKeyRecord, CredentialStore, SessionRecord
from chatkit_backend.store.ids import new_id
from chatkit_backend.store.times import now

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

ODD_TEXTS = ("", "none", "\0", "key_\0", "key_\ud800", "x" * 100_000, "këy_🙂", "'; DROP TABLE --")
"""What a caller may send as an id."""


def a_key(**changes: object) -> ApiKeyRecord:
    """A new key."""
    key = ApiKeyRecord(id=new_id("key"), tenant="default", name="Büro 🙂", digest=new_id("run"))
    return replace(key, **changes)  # type: ignore[arg-type]  # fields by their names


def a_session(**changes: object) -> SessionRecord:
    """A new session that lives for a minute."""
    session = SessionRecord(
        id=new_id("cksess"),
        tenant="default",
        owner="default/ada",
        digest=new_id("run"),
        expires_at=now() + timedelta(minutes=1),
        payload='{"user": "Ädä 🙂"}',
    )
    return replace(session, **changes)  # type: ignore[arg-type]  # fields by their names


def refreshed(before: SessionRecord) -> SessionRecord:
    """The session with a new secret and end."""
    return replace(
        before,
        digest=new_id("run"),
        previous_digest=before.digest,
        previous_until=now() + timedelta(seconds=30),
        expires_at=before.expires_at + timedelta(minutes=1),
    )


@pytest.mark.asyncio
class CredentialStoreContract:
    """`chatkit_backend.store.credentials.CredentialStore`."""

    @pytest.fixture
    def peer(self, store: CredentialStore) -> CredentialStore:
        """The same rows as another process sees them."""
        return store

    # keys

    async def test_a_key_is_found_as_it_was_made(
        self, store: CredentialStore, peer: CredentialStore
    ) -> None:
        key = a_key()
        await store.add_key(key)
        assert await store.load_key(key.id) == key
        assert await peer.load_key(key.id) == key

    async def test_keys_of_all_tenants_are_listed_newest_first(
        self, store: CredentialStore
    ) -> None:
        made = [a_key(tenant=tenant) for tenant in ("north", "south", "north")]
        for key in made:
            await store.add_key(key)

        listed = await store.list_keys(limit=1000)
        assert [key for key in listed if key in made] == made[::-1]
        assert list(await store.list_keys(limit=2)) == made[:0:-1]

    async def test_a_revoked_key_stays_and_keeps_the_time_of_its_first_revocation(
        self, store: CredentialStore, peer: CredentialStore
    ) -> None:
        key = a_key()
        await store.add_key(key)

        revoked = await store.revoke_key(key.id)
        again = await peer.revoke_key(key.id)

        assert revoked is not None
        assert revoked.key.revoked_at is not None
        assert now() - revoked.key.revoked_at < timedelta(minutes=1)
        assert replace(revoked.key, revoked_at=None) == key
        assert again == revoked
        assert await peer.load_key(key.id) == revoked.key

    async def test_revoking_one_key_leaves_the_others(self, store: CredentialStore) -> None:
        one, other = a_key(), a_key()
        for key in (one, other):
            await store.add_key(key)
        await store.revoke_key(one.id)
        assert await store.load_key(other.id) == other

    async def test_with_a_key_the_sessions_that_it_made_are_cancelled_and_no_others(
        self, store: CredentialStore, peer: CredentialStore
    ) -> None:
        key, other = a_key(), a_key()
        for one in (key, other):
            await store.add_key(one)
        made = [a_session(issued_by=key.id, owner=f"default/{name}") for name in ("ada", "ben")]
        over = a_session(issued_by=key.id, expires_at=now() - timedelta(minutes=1))
        others = [over, a_session(issued_by=other.id), a_session()]
        for session in [*made, *others]:
            assert await store.add_session(session)

        revoked = await peer.revoke_key(key.id)
        again = await store.revoke_key(key.id)

        assert revoked is not None
        assert again is not None
        assert (revoked.sessions, again.sessions) == (2, 0)
        for session in made:
            found = await store.load_session(session.id)
            assert found is not None
            assert found == replace(session, cancelled_at=revoked.key.revoked_at)
        assert [await store.load_session(session.id) for session in others] == others

    async def test_a_revoked_key_makes_no_sessions_nor_does_one_that_never_was(
        self, store: CredentialStore, peer: CredentialStore
    ) -> None:
        key = a_key()
        await store.add_key(key)
        await store.revoke_key(key.id)

        for key_id in (key.id, new_id("key")):
            session = a_session(issued_by=key_id)
            assert not await peer.add_session(session)
            assert await store.load_session(session.id) is None

    async def test_a_session_that_is_made_while_its_key_is_revoked_does_not_outlive_it(
        self, store: CredentialStore, peer: CredentialStore
    ) -> None:
        for _ in range(10):
            key = a_key()
            await store.add_key(key)
            sessions = [a_session(issued_by=key.id) for _ in range(4)]

            revoked, added = await asyncio.gather(
                peer.revoke_key(key.id),
                asyncio.gather(*(store.add_session(one) for one in sessions)),
            )

            left = [await store.load_session(one.id) for one in sessions]
            assert [one is not None for one in left] == added
            assert all(one.cancelled_at is not None for one in left if one is not None)
            assert revoked is not None
            assert revoked.sessions == sum(added)

    # sessions

    async def test_a_session_is_found_as_it_was_made(
        self, store: CredentialStore, peer: CredentialStore
    ) -> None:
        for session in (a_session(), a_session(expires_at=LONG_AGO + timedelta(days=400))):
            await store.add_session(session)
            assert await store.load_session(session.id) == session
            assert await peer.load_session(session.id) == session

    async def test_a_rotated_session_has_its_new_secret_and_end_and_nothing_else_is_new(
        self, store: CredentialStore, peer: CredentialStore
    ) -> None:
        before = a_session()
        await store.add_session(before)
        after = refreshed(before)

        assert await store.rotate_session(before, replace(after, payload="{}", tenant="other"))

        assert await peer.load_session(before.id) == after

    async def test_a_rotation_from_what_is_there_no_more_changes_nothing(
        self, store: CredentialStore, peer: CredentialStore
    ) -> None:
        before = a_session()
        await store.add_session(before)
        first = refreshed(before)
        assert await peer.rotate_session(before, first)

        assert not await store.rotate_session(before, refreshed(before))
        assert await store.load_session(before.id) == first

    async def test_of_rotations_at_once_exactly_one_happens(
        self, store: CredentialStore, peer: CredentialStore
    ) -> None:
        before = a_session()
        await store.add_session(before)
        wanted = [refreshed(before) for _ in range(8)]

        done = await asyncio.gather(
            *((store, peer)[n % 2].rotate_session(before, after) for n, after in enumerate(wanted))
        )

        [winner] = [after for after, happened in zip(wanted, done, strict=True) if happened]
        assert await store.load_session(before.id) == winner

    @pytest.mark.parametrize(
        "change",
        [
            lambda session: replace(session, id=new_id("cksess")),
            lambda session: replace(session, owner="default/ben"),
            lambda session: replace(session, digest="another"),
        ],
        ids=["id", "owner", "digest"],
    )
    async def test_nobody_elses_session_is_rotated(
        self, store: CredentialStore, change: Callable[[SessionRecord], SessionRecord]
    ) -> None:
        session = a_session()
        await store.add_session(session)
        wrong = change(session)

        assert not await store.rotate_session(wrong, refreshed(wrong))
        assert await store.load_session(session.id) == session

    async def test_a_cancelled_session_keeps_its_time_and_is_not_rotated(
        self, store: CredentialStore, peer: CredentialStore
    ) -> None:
        session = a_session()
        await store.add_session(session)

        cancelled = await store.cancel_session(session.id, session.tenant)
        again = await peer.cancel_session(session.id, session.tenant)

        assert cancelled is not None
        assert cancelled.cancelled_at is not None
        assert replace(cancelled, cancelled_at=None) == session
        assert again == cancelled
        assert not await store.rotate_session(session, refreshed(session))
        assert await peer.load_session(session.id) == cancelled

    async def test_a_tenant_cancels_its_own_sessions_only(self, store: CredentialStore) -> None:
        session = a_session(tenant="north", owner="north/ada")
        await store.add_session(session)

        for tenant in ("south", "north/ada", "NORTH", "", "\0", "\ud800"):
            assert await store.cancel_session(session.id, tenant) is None
        assert await store.load_session(session.id) == session

    async def test_expired_sessions_are_deleted_so_many_at_a_time(
        self, store: CredentialStore, peer: CredentialStore
    ) -> None:
        old = [a_session(expires_at=LONG_AGO + timedelta(hours=n)) for n in range(5)]
        new = a_session()
        for session in [*old, new]:
            await store.add_session(session)
        limit = LONG_AGO + timedelta(hours=4)  # the fifth expires just then

        assert await store.purge_sessions(before=limit, limit=3) == 3
        assert await peer.purge_sessions(before=limit, limit=3) == 1
        assert await store.purge_sessions(before=limit, limit=3) == 0

        left = [session.id for session in old if await store.load_session(session.id)]
        assert left == [old[4].id]
        assert await store.load_session(new.id) == new
        assert await store.purge_sessions(before=LONG_AGO + timedelta(days=1), limit=3) == 1

    # both

    @pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: repr(text)[:20])
    async def test_there_is_nothing_under_an_odd_id(
        self, store: CredentialStore, text: str
    ) -> None:
        assert await store.load_key(text) is None
        assert await store.revoke_key(text) is None
        assert await store.load_session(text) is None
        assert await store.cancel_session(text, "default") is None
