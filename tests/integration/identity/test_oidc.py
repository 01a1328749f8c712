"""`AUTH=jwks`: a provider that rotates its keys, goes away, comes back, and answers nonsense."""

import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from time import time
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from tests.integration.conftest import ChatAgent, MakeSettings
from tests.integration.identity.issuer import (
    AUDIENCE,
    Algorithm,
    Issuer,
    Mood,
    SigningKey,
    an_issuer,
)
from tests.protocol import req

from chatkit_backend import create_app
from chatkit_backend.errors import ConfigError
from chatkit_backend.identity.key_set import KeySet, KeySourceError, PublishedKeys

LIST = req("threads.list")


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with an_issuer() as one:
        yield one


@pytest.fixture
def settings(issuer: Issuer) -> dict[str, Any]:
    return {
        "auth": ("jwks",),
        "oidc_issuer": issuer.url,
        "jwt_audience": (AUDIENCE,),
        "jwks_min_interval_s": 0.1,
    }


@pytest.fixture
async def client(
    served: Callable[..., Awaitable[str]], settings: dict[str, Any]
) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=await served(settings=settings), timeout=30) as one:
        yield one


async def ask(client: httpx.AsyncClient, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return (await client.post("/chatkit", json=LIST, headers=headers)).status_code


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_the_providers_tokens_are_believed(
    client: httpx.AsyncClient, issuer: Issuer, algorithm: Algorithm
) -> None:
    issuer.keys = [SigningKey.new("it", algorithm)]
    assert await ask(client, issuer.token()) == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 0},
        {"exp": None},
        {"exp": "soon"},
        {"exp": -(10**400)},
        {"nbf": int(time()) + 3600},
        {"iat": int(time()) + 3600},
        {"aud": "another application"},
        {"aud": None},
        {"aud": [["chat"]]},
        {"iss": "https://evil.test"},
        {"iss": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "a\nb"},
        {"sub": "x" * 300},
        {"sub": "anon_0123"},
        {"sub": {"id": "ada"}},
    ],
    ids=lambda claims: next(iter(claims)),
)
async def test_a_token_that_says_the_wrong_thing_is_refused(
    client: httpx.AsyncClient, issuer: Issuer, claims: dict[str, Any]
) -> None:
    assert await ask(client, issuer.token()) == 200
    assert await ask(client, issuer.token(**claims)) == 401


async def test_a_clock_may_be_a_little_off(client: httpx.AsyncClient, issuer: Issuer) -> None:
    assert await ask(client, issuer.token(exp=int(time()) - 5)) == 200
    assert await ask(client, issuer.token(nbf=int(time()) + 5)) == 200


NO_ADDRESSES = [
    "http://[bad/keys",
    "http://127.0.0.1:99999999/keys",
    "http://127.0.0.1:0/keys",
    "http://exa\0mple/keys",
    "http:///keys",
    "http://" + "a" * 300 + "/keys",
    "http://\u2603.\ud800x/",
    "file:///etc/passwd",
    "keys",
]


@pytest.mark.parametrize("address", NO_ADDRESSES, ids=ascii)
async def test_a_provider_that_names_no_address_for_its_keys_is_one_without_keys(
    client: httpx.AsyncClient, issuer: Issuer, address: str
) -> None:
    issuer.keys_at = address
    assert await ask(client, issuer.token()) == 503


@pytest.mark.parametrize("address", NO_ADDRESSES, ids=ascii)
async def test_it_is_told_from_a_fault_of_ours(issuer: Issuer, address: str) -> None:
    # A fetch that renews keys has nobody who waits for it: what it raises has a name.
    issuer.keys_at = address
    published = PublishedKeys(issuer=issuer.url)
    with pytest.raises(KeySourceError):
        await published.fetch()
    await published.close()


@pytest.mark.parametrize("given", ["JWKS_URL", "OIDC_ISSUER"])
@pytest.mark.parametrize("address", [*NO_ADDRESSES[:4], "login.example.com", ""], ids=ascii)
def test_the_server_does_not_start_with_what_is_no_address(
    make_settings: MakeSettings,
    agent: ChatAgent,
    settings: dict[str, Any],
    given: str,
    address: str,
) -> None:
    with pytest.raises(ConfigError, match=given):
        create_app(make_settings(**{**settings, given.lower(): address}), agent=agent)


async def test_a_key_that_was_rotated_in_is_asked_for_at_once_and_one_rotated_out_is_not_believed(
    client: httpx.AsyncClient, issuer: Issuer
) -> None:
    first = issuer.keys[0]
    assert await ask(client, issuer.token()) == 200
    second = SigningKey.new("second", "ES256")
    issuer.keys = [second]
    await _until_it_may_ask_again(client, issuer)

    assert await ask(client, issuer.token(second)) == 200
    assert await ask(client, issuer.token(first)) == 401


async def test_tokens_with_invented_keys_do_not_make_us_ask_again_and_again(
    served: Callable[..., Awaitable[str]], settings: dict[str, Any], issuer: Issuer
) -> None:
    url = await served(settings={**settings, "jwks_min_interval_s": 3600})
    async with httpx.AsyncClient(base_url=url) as client:
        assert await ask(client, issuer.token()) == 200
        for n in range(20):
            forged = SigningKey.new(f"invented {n}", "EdDSA")
            assert await ask(client, issuer.token(forged)) == 401
    assert issuer.asked == 1


async def test_while_the_provider_is_away_its_old_keys_are_used_and_then_its_new_ones(
    client: httpx.AsyncClient, issuer: Issuer
) -> None:
    assert await ask(client, issuer.token()) == 200
    await issuer.stop()
    new = SigningKey.new("new")
    assert await ask(client, issuer.token()) == 200
    assert await ask(client, issuer.token(new)) == 401
    issuer.keys.append(new)
    await issuer.start()
    await _until_it_may_ask_again(client, issuer)
    assert await ask(client, issuer.token(new)) == 200


@pytest.mark.parametrize("mood", ["error", "garbage", "not json", "no keys", "huge"])
async def test_nonsense_from_the_provider_takes_no_key_away(
    client: httpx.AsyncClient, issuer: Issuer, mood: Mood
) -> None:
    assert await ask(client, issuer.token()) == 200
    issuer.mood = mood
    unknown = SigningKey.new("unknown", "EdDSA")
    await _until_it_may_ask_again(client, issuer)
    assert await ask(client, issuer.token(unknown)) == 401
    assert await ask(client, issuer.token()) == 200
    issuer.mood = "well"


@pytest.mark.parametrize("mood", ["error", "garbage", "not json", "no keys", "huge"])
async def test_without_ever_having_had_keys_the_answer_is_to_try_later(
    client: httpx.AsyncClient, issuer: Issuer, mood: Mood
) -> None:
    issuer.mood = mood
    headers = {"Authorization": f"Bearer {issuer.token()}"}
    answer = await client.post("/chatkit", json=LIST, headers=headers)
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "keys_unavailable"
    assert "retry-after" in answer.headers


async def test_a_provider_that_calls_itself_something_else_is_not_believed(
    client: httpx.AsyncClient, issuer: Issuer
) -> None:
    issuer.described_as = "https://evil.test"
    assert await ask(client, issuer.token()) == 503


async def test_a_public_key_is_never_taken_for_a_secret(
    served: Callable[..., Awaitable[str]], settings: dict[str, Any], issuer: Issuer
) -> None:
    """Algorithm confusion: HS256 with the public key as the secret, and no signature at all."""
    url = await served(
        settings={
            **settings,
            "auth": ("jwt", "jwks", "anonymous"),
            "jwt_secret": "a secret of our own that nobody knows",
        }
    )
    public = issuer.keys[0].private.public_key()
    claims = {"iss": issuer.url, "aud": AUDIENCE, "sub": "ada", "exp": int(time()) + 300}
    async with httpx.AsyncClient(base_url=url) as client:
        assert await ask(client, issuer.token()) == 200
        for encoding in (serialization.Encoding.PEM, serialization.Encoding.DER):
            raw = public.public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
            for headers in ({"kid": "first"}, {}):
                assert await ask(client, _hmac(claims, raw, headers)) == 401
        for algorithm in ("none", "None", "NONE", ""):
            assert await ask(client, _unsigned(claims, algorithm)) == 401


async def test_a_published_shared_secret_is_left_out(
    client: httpx.AsyncClient, issuer: Issuer
) -> None:
    issuer.extra_keys = [{"kty": "oct", "kid": "shared", "k": "c2VjcmV0" * 8, "alg": "HS256"}]
    claims = {"iss": issuer.url, "aud": AUDIENCE, "sub": "ada", "exp": int(time()) + 300}
    secret = base64.urlsafe_b64decode("c2VjcmV0" * 8)
    assert await ask(client, issuer.token()) == 200
    assert await ask(client, _hmac(claims, secret, {"kid": "shared"})) == 401


async def test_a_key_is_used_for_its_own_algorithm_only(
    client: httpx.AsyncClient, issuer: Issuer
) -> None:
    key = issuer.keys[0]
    claims = {"iss": issuer.url, "aud": AUDIENCE, "sub": "ada", "exp": int(time()) + 300}
    other = jwt.encode(claims, key.private, "RS512", headers={"kid": "first"})
    assert await ask(client, issuer.token()) == 200
    assert await ask(client, other) == 401


async def test_one_key_without_an_id_needs_none(client: httpx.AsyncClient, issuer: Issuer) -> None:
    issuer.keys = [SigningKey.new(None)]
    assert await ask(client, issuer.token()) == 200


async def test_claims_become_the_person(
    served: Callable[..., Awaitable[str]], settings: dict[str, Any], issuer: Issuer
) -> None:
    from chatkit_backend import Principal

    seen: list[Principal] = []

    def context(found: Any) -> Any:
        seen.append(found.principal)
        return found

    url = await served(
        settings={
            **settings,
            "jwt_user_claim": "https://id.test/user",
            "jwt_tenant_claim": "org.id",
            "jwt_roles_claim": "realm_access.roles",
        },
        context=context,
    )
    token = issuer.token(
        **{"https://id.test/user": 42, "org": {"id": "acme"}},
        realm_access={"roles": ["admin", "staff", 7]},
        name="Ada",
        locale="de-CH",
    )
    async with httpx.AsyncClient(base_url=url) as client:
        assert await ask(client, token) == 200
        slash = issuer.token(**{"https://id.test/user": "x", "org": {"id": "a/b"}})
        assert await ask(client, slash) == 401

    assert seen == [
        Principal(
            user_id="42",
            tenant="acme",
            scheme="jwks",
            roles=("admin", "staff"),
            name="Ada",
            locale="de-CH",
        )
    ]


async def test_keys_are_asked_for_again_when_they_are_old_and_nobody_waits_for_it(
    issuer: Issuer,
) -> None:
    clock = [0.0]
    keys = KeySet(PublishedKeys(issuer=issuer.url), max_age_s=100, clock=lambda: clock[0])
    await keys.key("first")
    issuer.mood = "silent"
    clock[0] = 101.0
    try:
        assert (await keys.key("first")).algorithms == {"RS256"}
    finally:
        await keys.close()


async def _until_it_may_ask_again(client: httpx.AsyncClient, issuer: Issuer) -> None:
    """The least interval between two requests for keys is over once another one was made."""
    asked = issuer.asked
    probe = SigningKey.new("probe", "EdDSA")
    mood, issuer.mood = issuer.mood, "well"
    while issuer.asked == asked:
        await ask(client, issuer.token(probe))
    issuer.mood = mood


def _hmac(claims: dict[str, Any], secret: bytes, headers: dict[str, str]) -> str:
    """Not by PyJWT, which refuses to sign with what looks like a public key."""
    import hashlib
    import hmac

    head = _b64(json.dumps({"alg": "HS256", "typ": "JWT", **headers}).encode())
    signed = f"{head}.{_b64(json.dumps(claims).encode())}"
    return f"{signed}.{_b64(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


def _unsigned(claims: dict[str, Any], algorithm: str) -> str:
    head = _b64(json.dumps({"alg": algorithm, "typ": "JWT", "kid": "first"}).encode())
    return f"{head}.{_b64(json.dumps(claims).encode())}."


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
