"""Ten thousand forged credentials: none is believed, and none breaks anything.

What makes a credential another one is its value, not how HTTP writes it. Spaces and tabs around a
field's value are not part of it (RFC 9110, 5.5), nor are a cookie's quotes part of what it says; a
mutation that changes only those is drawn again. Everything else is a forgery, also a text that a
careless base64 decoder would read as the same bytes.
"""

import base64
import tomllib
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Literal

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from fastapi import FastAPI
from jwt.warnings import InsecureKeyLengthWarning
from packaging.requirements import Requirement
from pydantic import SecretStr
from starlette.requests import cookie_parser
from tests.integration.conftest import ChatAgent, MakeSettings
from tests.integration.identity.conftest import JWT_SECRET, backend_of
from tests.integration.identity.issuer import AUDIENCE, Issuer, SigningKey, an_issuer
from tests.integration.identity.mutations import ANY, Mutation, TokenForger, swap_parts
from tests.protocol import chat, create

from chatkit_backend import Principal, create_app
from chatkit_backend.identity.anonymous import COOKIE_NAME

PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"
FORGED = 10_000
SEED = 20261121
AUTH_COOKIE = "the_token"
TEXT = "for the eyes of its author"

Carrier = Literal["bearer", "session header", "auth cookie", "anonymous cookie", "api key"]


@dataclass(frozen=True, kw_only=True)
class Target:
    """A credential that is valid, how it travels, and what may be done to it.

    Attributes:
        share: Of all forgeries, in parts per hundred.
    """

    name: str
    carrier: Carrier
    valid: bytes
    share: int
    mutations: Sequence[Mutation]

    @property
    def path(self) -> str:
        return "/v1/chatkit/threads" if self.carrier == "api key" else "/debug/threads"

    def headers(self, value: bytes) -> list[tuple[bytes, bytes]]:
        """The request's header fields, byte by byte."""
        match self.carrier:
            case "bearer" | "api key":
                return [(b"authorization", b"Bearer " + value)]
            case "session header":
                return [(b"x-session-token", value)]
            case "auth cookie":
                return [(b"cookie", f"{AUTH_COOKIE}=".encode() + value)]
            case "anonymous cookie":
                return [(b"cookie", f"{COOKIE_NAME}=".encode() + value)]

    def is_forged(self, value: bytes) -> bool:
        """Whether `value` says something else than the valid credential."""
        if "cookie" not in self.carrier:
            return value.strip(b" \t") != self.valid
        [(_, written)] = self.headers(value)
        [(_, honest)] = self.headers(self.valid)
        name = written.partition(b"=")[0].decode()
        read = cookie_parser(written.decode("latin-1")).get(name)
        return read != cookie_parser(honest.decode("latin-1"))[name]

    def forgeries(self, number: int, chance: Random) -> Iterator[bytes]:
        """That many different ones; each mutation in turn."""
        made = {self.valid}
        while len(made) <= number:
            mutate = self.mutations[len(made) % len(self.mutations)]
            value = mutate(self.valid, chance)
            if value in made or not self.is_forged(value):
                value = chance.choice(ANY)(self.valid, chance)
            if value not in made and self.is_forged(value):
                made.add(value)
                yield value


@dataclass
class Findings:
    """What became of the forgeries."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    believed: list[tuple[str, bytes]] = field(default_factory=list)
    broke: list[tuple[str, bytes, str]] = field(default_factory=list)
    people: set[str] = field(default_factory=set)

    def note(self, target: Target, value: bytes, answer: httpx.Response) -> None:
        """Judge one answer."""
        self.statuses[target.name, answer.status_code] += 1
        if answer.status_code >= 500:
            self.broke.append((target.name, value, answer.text))
        new = answer.cookies.get(COOKIE_NAME)
        is_new_person = new is not None and new not in self.people and TEXT not in answer.text
        if new is not None:
            self.people.add(new)
        may_be_new = "cookie" in target.carrier
        if answer.status_code != 401 and not (may_be_new and is_new_person):
            self.believed.append((target.name, value))


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with an_issuer() as one:
        one.keys = [
            SigningKey.new("first", "RS256"),
            SigningKey.new("second", "ES256"),
            SigningKey.new("third", "EdDSA"),
        ]
        yield one


@pytest.fixture
async def app(
    make_settings: MakeSettings, agent: ChatAgent, issuer: Issuer
) -> AsyncIterator[FastAPI]:
    """Every scheme at once, so that what one refuses another might take."""
    made = create_app(
        make_settings(
            auth=("session", "jwt", "jwks", "cookie", "anonymous"),
            jwt_secret=SecretStr(JWT_SECRET),
            jwt_issuer=issuer.url,
            oidc_issuer=issuer.url,
            jwt_audience=(AUDIENCE,),
            jwks_min_interval_s=3600,
            auth_cookie=AUTH_COOKIE,
            session_lifetime_s=3600,
            log_level="error",
        ),
        agent=agent,
    )
    async with backend_of(made).lifespan():
        yield made


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """The application without a server before it: no byte is refused on the way."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as one:
        yield one


@pytest.fixture
async def targets(app: FastAPI, client: httpx.AsyncClient, issuer: Issuer) -> list[Target]:
    """Valid credentials of all kinds. Each of their people has a thread to be known by."""
    access = backend_of(app).access
    ada, ben = Principal(user_id="ada"), Principal(user_id="ben")
    secret, _ = await access.sessions.create(ada, requests_per_minute=1000)
    other_secret, _ = await access.sessions.create(ben)
    key, _ = await access.keys.create("one")
    other_key, _ = await access.keys.create("other")
    claims = {"iss": issuer.url, "aud": AUDIENCE, "sub": "ada", "exp": 4_000_000_000}
    own = jwt.encode(claims, JWT_SECRET, "HS256").encode()
    provided = [issuer.token(one, exp=4_000_000_000).encode() for one in issuer.keys]
    other = issuer.token(sub="ben").encode()
    forger = TokenForger(known=[*_published(issuer), b"secret", b"", b"\0" * 32])
    of_token = (*ANY, *forger.mutations, *forger.mutations, swap_parts(b".", other))
    of_secret = (*ANY, swap_parts(b"_", other_secret.encode()))
    answer = await client.post("/chatkit", json=create(TEXT))  # by nobody that we know of yet
    cookie = answer.cookies[COOKIE_NAME].strip('"').encode()
    client.cookies.clear()
    browser = (*ANY, swap_parts(b".", b"anon_0.AAAA"))
    of_key = (*ANY, swap_parts(b"_", other_key.encode()))
    made: list[tuple[str, Carrier, bytes, int, Sequence[Mutation]]] = [
        ("HS256", "bearer", own, 18, of_token),
        ("RS256", "bearer", provided[0], 12, of_token),
        ("ES256", "bearer", provided[1], 12, of_token),
        ("EdDSA", "bearer", provided[2], 12, of_token),
        ("cookie", "auth cookie", own, 10, of_token),
        ("session", "bearer", secret.encode(), 8, of_secret),
        ("X-Session-Token", "session header", secret.encode(), 8, of_secret),
        ("API key", "api key", key.encode(), 8, of_key),
        ("anonymous", "anonymous cookie", cookie, 12, browser),
    ]
    client.headers["authorization"] = f"Bearer {own.decode()}"
    await chat(client, create(TEXT))
    del client.headers["authorization"]
    return [
        Target(name=name, carrier=carrier, valid=valid, share=share, mutations=mutations)
        for name, carrier, valid, share, mutations in made
    ]


def _published(issuer: Issuer) -> Iterator[bytes]:
    """The public keys, in the forms in which somebody might take one for a secret."""
    encodings = (serialization.Encoding.PEM, serialization.Encoding.DER)
    for key in issuer.keys:
        for encoding in encodings:
            yield key.private.public_key().public_bytes(
                encoding, serialization.PublicFormat.SubjectPublicKeyInfo
            )


async def test_ten_thousand_forged_credentials_are_nobodys(
    client: httpx.AsyncClient, targets: list[Target], issuer: Issuer
) -> None:
    chance = Random(SEED)
    findings = Findings(people={target.valid.decode() for target in targets})
    for target in targets:
        honest = await client.get(target.path, headers=target.headers(target.valid))
        assert honest.status_code == 200, target.name
        assert TEXT in honest.text, target.name

    for target in targets:
        for value in target.forgeries(FORGED * target.share // 100, chance):
            answer = await client.get(target.path, headers=target.headers(value))
            client.cookies.clear()
            findings.note(target, value, answer)

    print(f"\nforged credentials: {findings.statuses.total()}, {dict(findings.statuses)}")
    assert findings.statuses.total() == FORGED
    assert findings.broke == [], len(findings.broke)
    assert findings.believed == []
    assert issuer.asked == 1, "no forgery makes us ask for keys"


async def ask(client: httpx.AsyncClient, token: bytes) -> int:
    answer = await client.get("/debug/threads", headers=[(b"authorization", b"Bearer " + token)])
    return answer.status_code


@pytest.mark.parametrize("end", [b"=", b"==", b"!", b"\n", b"\xa0", b"\x85"])
async def test_a_token_has_one_spelling(
    client: httpx.AsyncClient, issuer: Issuer, end: bytes
) -> None:
    for key in issuer.keys:
        token = issuer.token(key).encode()
        assert await ask(client, token) == 200
        assert await ask(client, b"\t " + token + b" ") == 200, "that is HTTP's spelling"
        assert await ask(client, token + end) == 401


async def test_a_secret_is_as_long_as_its_algorithm_needs(
    client: httpx.AsyncClient, issuer: Issuer
) -> None:
    """RFC 7518, 3.2: 48 bytes for HS384, 64 for HS512; this one has 51."""
    claims = {"iss": issuer.url, "aud": AUDIENCE, "sub": "ada", "exp": 4_000_000_000}

    with pytest.warns(InsecureKeyLengthWarning):
        short = jwt.encode(claims, JWT_SECRET, "HS512").encode()

    assert await ask(client, jwt.encode(claims, JWT_SECRET, "HS384").encode()) == 200
    assert await ask(client, short) == 401


@pytest.mark.parametrize("version", ["2.12.1", "2.11.0", "2.10"])
def test_a_pyjwt_that_forgets_to_look_cannot_be_installed_beside_us(version: str) -> None:
    # Up to 2.12.1 `jwt.decode` ignores `enforce_minimum_key_length`, up to 2.11 also `crit`: with
    # these two tests above would fail.
    named = tomllib.loads(PYPROJECT.read_text())["project"]["dependencies"]
    [pyjwt] = [one for one in map(Requirement, named) if one.name == "pyjwt"]
    assert version not in pyjwt.specifier


async def test_the_other_half_of_an_elliptic_signature_is_no_other_token(
    client: httpx.AsyncClient, issuer: Issuer
) -> None:
    """Of a signature (r, s) anybody can make (r, n - s), and ECDSA takes both.

    Issuers write either, so neither can be refused. It is the same claims for whoever has them
    already; as no list of tokens is kept, nothing depends on there being one text of each.
    """
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    head, payload, signature = issuer.token(issuer.keys[1]).split(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    twin = raw[:32] + (order - int.from_bytes(raw[32:])).to_bytes(32)
    written = base64.urlsafe_b64encode(twin).rstrip(b"=").decode()

    assert await ask(client, f"{head}.{payload}.{written}".encode()) == 200
