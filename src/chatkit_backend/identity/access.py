"""Everything that decides who may ask, made from the settings."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr

from chatkit_backend.errors import ConfigError
from chatkit_backend.settings import Settings
from chatkit_backend.store.credentials import CredentialStore

from .address import Proxies
from .anonymous import AnonymousAuthenticator
from .api_keys import ApiKeys
from .authenticator import Authenticator, AuthenticatorChain
from .bearer import BearerAuthenticator, UnclaimedBearer
from .claims import ClaimNames
from .cookie import CookieAuthenticator
from .cross_site import CrossSiteGuard
from .function import Authenticate, FunctionAuthenticator
from .header import HeaderAuthenticator
from .key_set import KeySet, PublishedKeys
from .limits import Limits, LocalLimiter, SharedLimiter
from .public_keys import PublicKeyVerifier
from .secret_key import load_or_create
from .sessions import Sessions, SessionTerms
from .shared_secret import SharedSecretVerifier
from .token_rules import TokenRules, TokenVerifier

SECRET_KEY_FILE = Path("data/secret.key")

BY_BEARER = frozenset({"jwt", "jwks", "session"})
"""Schemes whose credential is a bearer token."""


def schemes_in_use(settings: Settings, authenticate: Authenticate | None) -> Sequence[str]:
    """`AUTH`; beside a function of the operator's own only if it was set.

    Its default would let everybody in whom the function does not know.
    """
    if authenticate is not None and "auth" not in settings.model_fields_set:
        return ()
    return settings.auth


class Access:
    """Who may ask.

    Attributes:
        callers: Recognises whoever calls the ChatKit protocol.
        without_sessions: The same but for sessions: whoever may ask for one.
        sessions, keys, limits, proxies, cross_site: See their classes.
    """

    def __init__(
        self,
        settings: Settings,
        credentials: CredentialStore,
        authenticate: Authenticate | None = None,
    ) -> None:
        """Take the schemes in use, and ask a function of the operator's own before them.

        Raises: ConfigError for a scheme whose settings are missing.
        """
        self._settings = settings
        first = [] if authenticate is None else [FunctionAuthenticator(authenticate)]
        schemes = schemes_in_use(settings, authenticate)
        self.proxies = Proxies(settings.trusted_proxies)
        self.keys = ApiKeys(credentials, remember_s=settings.credential_cache_s)
        self.sessions = Sessions(
            credentials,
            SessionTerms(
                lifetime_s=settings.session_lifetime_s,
                longest_s=_longest(settings),
                overlap_s=settings.session_overlap_s,
                requests_per_minute=settings.session_requests_per_minute,
                remember_s=settings.credential_cache_s,
            ),
            recognised="session" in schemes,
        )
        self.limits = Limits(
            LocalLimiter()
            if settings.redis_url is None
            else SharedLimiter(settings.redis_url.get_secret_value()),
            settings,
        )
        self.cross_site = CrossSiteGuard(settings.allowed_origins)
        self._claims = _claim_names(settings)
        self._key_set: KeySet | None = None
        self._verifiers = self._make_verifiers()
        self.callers = AuthenticatorChain([*first, *self._chain(schemes)])
        self.without_sessions = AuthenticatorChain(
            [*first, *self._chain(schemes, without="session")]
        )

    async def close(self) -> None:
        """Let go of connections."""
        await self.limits.close()
        if self._key_set is not None:
            await self._key_set.close()

    def _chain(self, schemes: Sequence[str], *, without: str = "") -> list[Authenticator]:
        """In order. A bearer token that is `without`'s is recognised by none, and refused."""
        chain: list[Authenticator] = []
        for scheme in schemes:
            if scheme == "anonymous" and BY_BEARER & {*schemes}:
                chain.append(UnclaimedBearer())
            if scheme != without:
                chain.append(self._authenticator(scheme))
        return chain

    def _authenticator(self, scheme: str) -> Authenticator:
        match scheme:
            case "jwt" | "jwks":
                if scheme not in self._verifiers:
                    raise ConfigError(_MISSING[scheme])
                return BearerAuthenticator(self._verifiers[scheme], self._claims, scheme=scheme)
            case "cookie":
                if not self._verifiers:
                    raise ConfigError(_MISSING["cookie"])
                return CookieAuthenticator(
                    self._settings.auth_cookie, list(self._verifiers.values()), self._claims
                )
            case "session":
                return self.sessions
            case "header":
                return HeaderAuthenticator(self.proxies)
            case "anonymous":
                return AnonymousAuthenticator(_cookie_keys(self._settings))
            case _:
                raise ConfigError(f"AUTH names {scheme!r}, which this version does not have")

    def _make_verifiers(self) -> dict[str, TokenVerifier]:
        """By the scheme that takes their tokens as bearer tokens."""
        settings = self._settings
        rules = TokenRules(
            issuer=settings.jwt_issuer or settings.oidc_issuer,
            audience=settings.jwt_audience,
            leeway_s=settings.jwt_leeway_s,
        )
        made: dict[str, TokenVerifier] = {}
        if settings.jwt_secret is not None:
            # Tokens of our own application; the provider's issuer is not theirs.
            own = TokenRules(
                issuer=settings.jwt_issuer, audience=rules.audience, leeway_s=rules.leeway_s
            )
            secrets = _plain(settings.jwt_secret, settings.jwt_secret_previous)
            made["jwt"] = SharedSecretVerifier(secrets, own)
        if settings.jwks_url or settings.oidc_issuer:
            self._key_set = KeySet(
                PublishedKeys(url=settings.jwks_url, issuer=settings.oidc_issuer),
                max_age_s=settings.jwks_max_age_s,
                min_interval_s=settings.jwks_min_interval_s,
            )
            made["jwks"] = PublicKeyVerifier(self._key_set, rules)
        return made


_MISSING = {
    "jwt": "AUTH=jwt needs JWT_SECRET: the secret of 32 characters or more that signs the tokens",
    "jwks": "AUTH=jwks needs OIDC_ISSUER or JWKS_URL: where the identity provider has its keys",
    "cookie": "AUTH=cookie needs JWT_SECRET, OIDC_ISSUER or JWKS_URL: how its token is verified",
}


def _longest(settings: Settings) -> float:
    if settings.session_lifetime_s > settings.session_max_age_s:
        raise ConfigError(
            f"SESSION_LIFETIME_S={settings.session_lifetime_s:g} is more than "
            f"SESSION_MAX_AGE_S={settings.session_max_age_s:g}, for which a session can live at "
            "most; lower the one or raise the other"
        )
    return settings.session_max_age_s


def _claim_names(settings: Settings) -> ClaimNames:
    return ClaimNames(
        user=settings.jwt_user_claim,
        tenant=settings.jwt_tenant_claim,
        roles=settings.jwt_roles_claim,
        name=settings.jwt_name_claim,
        locale=settings.jwt_locale_claim,
    )


def _cookie_keys(settings: Settings) -> list[str]:
    if settings.secret_key is not None:
        return _plain(settings.secret_key, settings.secret_key_previous)
    if settings.environment == "production":
        raise ConfigError(
            "SECRET_KEY is not set: AUTH=anonymous in production needs one that all replicas "
            "share. Make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return [load_or_create(SECRET_KEY_FILE), *_plain(settings.secret_key_previous)]


def _plain(*secrets: SecretStr | None) -> list[str]:
    return [secret.get_secret_value() for secret in secrets if secret is not None]
