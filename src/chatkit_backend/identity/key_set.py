"""The public keys of an identity provider (RFC 7517), kept fresh and used while it is away."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast
from urllib.parse import urlsplit

import httpx
import jwt

from chatkit_backend.errors import ConfigError, Unavailable
from chatkit_backend.logs import get_logger

from .token_rules import invalid_token

MAX_BYTES = 1_000_000
MAX_KEYS = 200
TIMEOUT_S = 5.0
DISCOVERY = "/.well-known/openid-configuration"

WEB = frozenset({"https", "http"})
RSA = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
ALGORITHMS = RSA | {"ES256", "ES384", "ES512", "EdDSA"}

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A key, and what it may be used for: that is the key's to say, not the token's.

    (RFC 8725, 3.1.)
    """

    key: object
    algorithms: frozenset[str]


class KeySourceError(Exception):
    """The provider did not answer, or not with keys."""


class KeySource(Protocol):
    """Where the keys are published."""

    async def fetch(self) -> Mapping[str, object]:
        """The key set as the provider publishes it. Raises: KeySourceError."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class PublishedKeys:
    """A `KeySource` at a URL, or wherever an OpenID provider's description says."""

    def __init__(self, *, url: str | None = None, issuer: str | None = None) -> None:
        """Take `url`, or ask `issuer` (OpenID Connect Discovery 1.0) where its keys are.

        Raises: ConfigError for what is no address of the web.
        """
        if (url or issuer) is None:
            raise ValueError("give the URL of a key set, or an issuer")
        for name, given in (("JWKS_URL", url), ("OIDC_ISSUER", issuer)):
            if given is not None and not _is_of_the_web(given, WEB):
                raise ConfigError(
                    f"{name} {given!r} is no address; it takes one such as https://login.example.com/"
                )
        self._url = url
        self._issuer = issuer
        self._client: httpx.AsyncClient | None = None

    async def fetch(self) -> Mapping[str, object]:
        """See `KeySource.fetch`."""
        return await self._json(self._url or await self._discovered())

    async def close(self) -> None:
        """See `KeySource.close`."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _discovered(self) -> str:
        issuer = cast("str", self._issuer)
        described = await self._json(issuer.rstrip("/") + DISCOVERY)
        if described.get("issuer") != issuer:
            raise KeySourceError(f"{issuer} describes itself as {described.get('issuer')!r}")
        found = described.get("jwks_uri")
        schemes = frozenset({"https"}) if issuer.startswith("https:") else WEB
        if not isinstance(found, str) or not _is_of_the_web(found, schemes):
            raise KeySourceError(f"{issuer} names {found!r} as the place of its keys")
        return found

    async def _json(self, url: str) -> Mapping[str, object]:
        if self._client is None:
            # In a thread: it reads certificates from disk.
            self._client = await asyncio.to_thread(httpx.AsyncClient, timeout=TIMEOUT_S)
        try:
            async with (
                asyncio.timeout(TIMEOUT_S),
                self._client.stream("GET", url, headers={"Accept": "application/json"}) as answer,
            ):
                body = await _bounded(answer)
            value = json.loads(body)
        except (
            httpx.HTTPError,
            httpx.InvalidURL,
            TimeoutError,
            ValueError,
            RecursionError,
        ) as exc:
            raise KeySourceError(f"{url}: {type(exc).__name__}: {exc}") from exc
        if not isinstance(value, dict):
            raise KeySourceError(f"{url} answered with no JSON object")
        return value


def _is_of_the_web(address: str, schemes: frozenset[str]) -> bool:
    try:
        parts = urlsplit(address)
        web = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        return web and address.isprintable()
    except ValueError:  # brackets, letters and ports that no address has
        return False


async def _bounded(answer: httpx.Response) -> bytes:
    if answer.status_code != httpx.codes.OK:
        raise ValueError(f"status {answer.status_code}")
    body = bytearray()
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > MAX_BYTES:
            raise ValueError(f"more than {MAX_BYTES} bytes")
    return bytes(body)


@dataclass(slots=True)
class KeySet:
    """The keys of a source, by their ids.

    Keys are asked for again after `max_age_s`, and at once when a token names a key that is not
    there, but not within `min_interval_s` of the last time: whoever sends tokens with invented key
    ids does not make us ask. While the provider is away the keys that are there are used on.

    Attributes:
        clock: Seconds that never go back.
    """

    source: KeySource
    max_age_s: float = 3600.0
    min_interval_s: float = 30.0
    clock: Callable[[], float] = field(default=lambda: asyncio.get_running_loop().time())
    _keys: dict[str | None, PublicKey] = field(default_factory=dict, init=False)
    _fetched_at: float | None = field(default=None, init=False)
    _asked_at: float | None = field(default=None, init=False)
    _fetching: "asyncio.Task[None] | None" = field(default=None, init=False)

    async def key(self, kid: str | None) -> PublicKey:
        """The key with that id; without an id, the only one.

        Raises: Unauthenticated if there is none; Unavailable if there never were any keys.
        """
        if found := self._find(kid):
            if self._is_old():
                self._ask()  # and use what is there meanwhile
            return found
        asking = self._ask()
        if asking is not None:
            # Shielded: others wait for it too.
            await asyncio.shield(asking)
        if found := self._find(kid):
            return found
        if self._fetched_at is None:
            raise Unavailable("keys_unavailable", "The identity provider does not answer now.")
        raise invalid_token("unknown key")

    async def close(self) -> None:
        """Stop asking."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)
        await self.source.close()

    def _find(self, kid: str | None) -> PublicKey | None:
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid)

    def _is_old(self) -> bool:
        return self._fetched_at is not None and self.clock() > self._fetched_at + self.max_age_s

    def _ask(self) -> "asyncio.Task[None] | None":
        """The fetch that is under way, or a new one if it is time for one."""
        if self._fetching is not None and not self._fetching.done():
            return self._fetching
        now = self.clock()
        if self._asked_at is not None and now < self._asked_at + self.min_interval_s:
            return None
        self._asked_at = now
        self._fetching = asyncio.create_task(self._fetch(), name="fetch of identity keys")
        return self._fetching

    async def _fetch(self) -> None:
        try:
            keys = usable_keys(await self.source.fetch())
        except KeySourceError as exc:
            log.warning("identity_keys_not_fetched", error=str(exc), kept=len(self._keys))
            return
        self._keys = keys
        self._fetched_at = self.clock()


def usable_keys(published: Mapping[str, object]) -> dict[str | None, PublicKey]:
    """The keys that can verify signatures. Others, and kinds that we do not know, are left out.

    Raises: KeySourceError if nothing is left.
    """
    listed = published.get("keys")
    if not isinstance(listed, list):
        raise KeySourceError("a key set has no list of keys")
    keys: dict[str | None, PublicKey] = {}
    for one in listed[:MAX_KEYS]:
        # `oct` is a shared secret, and who publishes one has none.
        if not isinstance(one, dict) or one.get("kty") == "oct" or one.get("use") == "enc":
            continue
        kid = one.get("kid")
        if not (kid is None or isinstance(kid, str)):
            continue
        try:
            found = jwt.PyJWK(one)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError):
            continue
        declared = {one["alg"]} if isinstance(one.get("alg"), str) else RSA
        made_for = declared if found.key_type == "RSA" else {found.algorithm_name}
        if algorithms := ALGORITHMS & made_for:
            keys[kid] = PublicKey(key=found.key, algorithms=algorithms)
    if not keys:
        raise KeySourceError("a key set has no key that can verify signatures")
    return keys
