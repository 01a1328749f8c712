"""Who is asking, and who only says so."""

from pathlib import Path
from stat import S_IMODE
from typing import cast

import pytest
from starlette.requests import HTTPConnection

from chatkit_backend import Settings
from chatkit_backend.errors import ConfigError, Unauthenticated
from chatkit_backend.identity import (
    Access,
    AnonymousAuthenticator,
    AuthenticatorChain,
    HeaderAuthenticator,
    Principal,
)
from chatkit_backend.identity.address import Proxies
from chatkit_backend.identity.anonymous import COOKIE_NAME
from chatkit_backend.identity.function import FunctionAuthenticator
from chatkit_backend.identity.secret_key import load_or_create
from chatkit_backend.store.memory_credentials import MemoryCredentials

SECRET = "a secret of more than thirty-two characters"


def connection(
    *,
    cookie: str | None = None,
    user_id: str | None = None,
    session_id: str | None = None,
    peer: str = "127.0.0.1",
) -> HTTPConnection:
    headers = []
    if cookie is not None:
        headers.append((b"cookie", f"{COOKIE_NAME}={cookie}".encode()))
    if user_id is not None:
        headers.append((b"x-user-id", user_id.encode("latin-1")))
    if session_id is not None:
        headers.append((b"x-session-id", session_id.encode("latin-1")))
    return HTTPConnection({"type": "http", "headers": headers, "client": (peer, 1234)})


async def test_a_browser_is_the_same_person_again_by_its_cookie() -> None:
    anonymous = AnonymousAuthenticator([SECRET])
    first = await anonymous.authenticate(connection())
    assert first.cookie is not None

    again = await anonymous.authenticate(connection(cookie=first.cookie.value))

    assert again.principal == first.principal
    assert again.cookie is None


@pytest.mark.parametrize(
    "forge",
    ["{id}", "{id}.", "{id}.AAAA", "{value}x", "x{value}", "\x00", "é", "{value}=", "{value}~"],
)
async def test_a_forged_cookie_makes_a_new_person(forge: str) -> None:
    anonymous = AnonymousAuthenticator([SECRET])
    victim = await anonymous.authenticate(connection())
    assert victim.cookie is not None
    cookie = forge.format(id=victim.principal.user_id, value=victim.cookie.value)

    found = await anonymous.authenticate(
        HTTPConnection(
            {"type": "http", "headers": [(b"cookie", f"{COOKIE_NAME}={cookie}".encode())]}
        )
    )

    assert found.principal != victim.principal
    assert found.cookie is not None


async def test_a_cookie_that_another_key_signed_makes_a_new_person() -> None:
    theirs = await AnonymousAuthenticator(["another secret of 32 characters!!"]).authenticate(
        connection()
    )
    assert theirs.cookie is not None

    found = await AnonymousAuthenticator([SECRET]).authenticate(
        connection(cookie=theirs.cookie.value)
    )

    assert found.principal != theirs.principal


@pytest.mark.parametrize("peer", ["10.1.2.3", "127.0.0.1", "::1"])
async def test_a_trusted_proxy_names_the_user(peer: str) -> None:
    header = HeaderAuthenticator(Proxies(["10.0.0.0/8", "127.0.0.1", "::1"]))

    found = await header.authenticate(connection(user_id="ada", peer=peer))

    assert found is not None
    assert found.principal == Principal(user_id="ada", scheme="header")


async def test_without_a_user_the_proxys_session_names_a_visitor() -> None:
    header = HeaderAuthenticator(Proxies(["127.0.0.1"]))

    visitor = await header.authenticate(connection(session_id="s1"))
    user = await header.authenticate(connection(user_id="s1", session_id="s1"))

    assert visitor is not None
    assert user is not None
    assert visitor.principal == Principal(user_id="visitor:s1", scheme="header")
    assert user.principal == Principal(user_id="s1", scheme="header")
    with pytest.raises(Unauthenticated):
        await header.authenticate(connection(user_id="visitor:s1"))
    with pytest.raises(Unauthenticated):
        await header.authenticate(connection(session_id=" "))
    assert await header.authenticate(connection(session_id="s1", peer="10.0.0.1")) is None


@pytest.mark.parametrize("peer", ["11.0.0.1", "192.168.0.1", "::2", "testclient"])
async def test_nobody_else_does(peer: str) -> None:
    header = HeaderAuthenticator(Proxies(["10.0.0.0/8", "::1"]))

    assert await header.authenticate(connection(user_id="ada", peer=peer)) is None
    with pytest.raises(Unauthenticated):
        await AuthenticatorChain([header]).authenticate(connection(user_id="ada", peer=peer))


@pytest.mark.parametrize("user_id", ["", "   ", "a" * 300, "a\tb", "anon_0123"])
async def test_an_unusable_user_id_is_refused(user_id: str) -> None:
    with pytest.raises(Unauthenticated):
        await HeaderAuthenticator(Proxies(["127.0.0.1"])).authenticate(connection(user_id=user_id))


@pytest.mark.parametrize(("proxies", "named"), [((), "TRUSTED_PROXIES"), (("proxy",), "'proxy'")])
def test_header_needs_addresses_to_trust(proxies: tuple[str, ...], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        HeaderAuthenticator(Proxies(proxies))


async def test_the_first_that_recognises_its_credential_decides() -> None:
    chain = AuthenticatorChain(
        [
            HeaderAuthenticator(Proxies(["127.0.0.1"])),
            AnonymousAuthenticator([SECRET]),
        ]
    )

    by_header = await chain.authenticate(connection(user_id="ada"))
    by_cookie = await chain.authenticate(connection())

    assert by_header.principal.user_id == "ada"
    assert by_cookie.principal.scheme == "anonymous"


def test_an_owner_names_one_tenant_and_one_user_only() -> None:
    owners = {
        Principal(tenant=tenant, user_id=user).owner
        for tenant in ("a", "b")
        for user in ("x", "a/x", "b/x", "/x")
    }
    assert len(owners) == 8
    with pytest.raises(ValueError, match="a/b"):
        Principal(tenant="a/b", user_id="x")
    with pytest.raises(ValueError, match=r"user_id"):
        Principal(user_id="")


def test_the_signing_key_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret.key"

    key = load_or_create(path)

    assert load_or_create(path) == key
    assert len(key) >= 32
    assert S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_key_that_cannot_be_kept_names_the_setting_to_use_instead(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        load_or_create(tmp_path / "data" / "secret.key")


@pytest.mark.parametrize("user_id", ["a" * 257, "a\nb", "\u202eada", cast("str", 42)])
async def test_an_own_login_function_that_names_nobody_is_told_so(user_id: str) -> None:
    function = FunctionAuthenticator(lambda _: Principal(user_id=user_id))

    with pytest.raises(ValueError, match=r"user_id .* 1 to 256 printable characters"):
        await function.authenticate(HTTPConnection({"type": "http", "headers": []}))


def test_a_session_that_would_outlive_what_it_may_stops_the_start() -> None:
    settings = Settings(session_lifetime_s=7200, session_max_age_s=3600)

    with pytest.raises(ConfigError, match=r"SESSION_LIFETIME_S=7200 .* SESSION_MAX_AGE_S=3600"):
        Access(settings, MemoryCredentials())
