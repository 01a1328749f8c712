"""Credentials of every caller for every door: real ones, and all the ways not to be one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import time
from typing import TypeAlias

import jwt
from tests.integration.identity.conftest import JWT_SECRET
from tests.integration.identity.matrix import Caller, Door

from chatkit_backend import Backend, Principal
from chatkit_backend.identity.session_issuer import AS_WITHOUT_SESSION

AUDIENCE = "chat"
TENANT_CLAIM = "org"
AUTH_COOKIE = "auth_token"

PEOPLE: Mapping[Caller, Principal] = {
    "owner": Principal(tenant="acme", user_id="ada"),
    "neighbour": Principal(tenant="acme", user_id="ben"),
    "namesake": Principal(tenant="rival", user_id="ada"),
}

Headers: TypeAlias = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Keyring:
    """Makes credentials with the running backend, once for each door and caller.

    But secrets that are to be refreshed: they are good for one request.
    """

    backend: Backend
    _made: dict[tuple[Door, Caller], list[Headers]] = field(default_factory=dict)

    async def of(self, door: Door, caller: Caller) -> list[Headers]:
        """Headers with a credential, each another kind. For who has none, a list of one."""
        if door == "secret":
            return await self._secrets(caller)
        if (door, caller) not in self._made:
            make = {"login": self._login, "server": self._server}.get(door, self._person)
            self._made[door, caller] = await make(caller)
        return self._made[door, caller]

    async def _person(self, caller: Caller) -> list[Headers]:
        owner = PEOPLE["owner"]
        match caller:
            case "owner" | "neighbour" | "namesake":
                secret = await self._session(PEOPLE[caller])
                return [*_everywhere(token(PEOPLE[caller])), *_as_session(secret)]
            case "nobody":
                return [{}]
            case "expired":
                secret = await self._session(owner, lifetime_s=1e-6)
                return [*_everywhere(token(owner, exp=int(time()) - 3600)), *_as_session(secret)]
            case "revoked":
                return _as_session(await self._cancelled())
            case "wrong audience":
                elsewhere = _everywhere(token(owner, aud="another application"))
                return [*elsewhere, _bearer(await self._key(owner.tenant))]
            case "tampered":
                secret = await self._session(owner)
                said = [{"X-User-ID": owner.user_id}, {"X-User-ID": owner.owner}]
                return [*_everywhere(_relabelled()), *_as_session(_other_end(secret)), *said]

    async def _login(self, caller: Caller) -> list[Headers]:
        if caller in PEOPLE:
            return _everywhere(token(PEOPLE[caller]))
        return await self._person(caller)

    async def _secrets(self, caller: Caller) -> list[Headers]:
        match caller:
            case "owner" | "neighbour" | "namesake":
                return [_as_session(await self._session(PEOPLE[caller]))[0]]
            case "wrong audience":
                return _everywhere(token(PEOPLE["owner"]))[:1]
            case "nobody":
                return [{}]
            case _:
                made = await self._person(caller)
                return [one for one in made if "Cookie" not in one and "X-User-ID" not in one]

    async def _server(self, caller: Caller) -> list[Headers]:
        owner = PEOPLE["owner"]
        match caller:
            case "owner" | "namesake":
                return [_bearer(await self._key(PEOPLE[caller].tenant))]
            case "revoked":
                revoked = await self._key(owner.tenant)
                assert await self.backend.access.keys.revoke("key_" + revoked.split("_")[1])
                return [_bearer(revoked)]
            case "wrong audience":
                return await self._person("owner")
            case "tampered":
                key, rival = await self._key(owner.tenant), await self._key("rival")
                mixed = "_".join([*key.split("_")[:2], rival.split("_")[2]])
                return [_bearer(_other_end(key)), _bearer(mixed), _bearer(key.upper())]
            case _:
                return await self._person(caller)

    async def _session(self, person: Principal, *, lifetime_s: float | None = None) -> str:
        secret, _ = await self.backend.access.sessions.create(
            person,
            configuration=AS_WITHOUT_SESSION,
            requests_per_minute=100_000,
            lifetime_s=lifetime_s,
        )
        return secret

    async def _cancelled(self) -> str:
        sessions, owner = self.backend.access.sessions, PEOPLE["owner"]
        secret, session = await sessions.create(owner)
        assert await sessions.cancel(session.record.id, owner.tenant) is not None
        return secret

    async def _key(self, tenant: str) -> str:
        secret, _ = await self.backend.access.keys.create("a test", tenant=tenant)
        return secret


def token(person: Principal, **claims: object) -> str:
    """A token of the application's own for `person`."""
    said = {
        "sub": person.user_id,
        TENANT_CLAIM: person.tenant,
        "aud": AUDIENCE,
        "exp": int(time()) + 3600,
        **claims,
    }
    return jwt.encode(said, JWT_SECRET, "HS256")


def _relabelled() -> str:
    """The neighbour's token, with what the owner's says."""
    head, _, signature = token(PEOPLE["neighbour"]).split(".")
    return f"{head}.{token(PEOPLE['owner']).split('.')[1]}.{signature}"


def _other_end(secret: str) -> str:
    return secret[:-1] + ("0" if secret[-1] != "0" else "1")


def _bearer(secret: str) -> Headers:
    return {"Authorization": f"Bearer {secret}"}


def _everywhere(made: str) -> list[Headers]:
    return [_bearer(made), {"Cookie": f"{AUTH_COOKIE}={made}"}]


def _as_session(secret: str) -> list[Headers]:
    return [_bearer(secret), {"X-Session-Token": secret}]
