"""Settings that would let strangers in: the server refuses to start with them.

Each danger has a name. Whoever wants it all the same puts the name into `UNSAFE_ALLOW`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Literal, TypeAlias, get_args

from pydantic import SecretStr

from .errors import ConfigError
from .settings import Settings

Danger: TypeAlias = Literal[
    "public_anonymous", "any_proxy", "weak_secret", "cors_wildcard", "any_audience"
]

DANGERS: tuple[Danger, ...] = get_args(Danger)

SECRETS = ("jwt_secret", "jwt_secret_previous", "secret_key", "secret_key_previous")

DISTINCT_CHARS = 8
"""A random secret of 32 characters has more of them, in any alphabet from hexadecimal on."""

EXAMPLES = re.compile(
    r"change.?me|replace.?me|change.?this|your.{0,12}(secret|key)|example|placeholder|default"
    r"|secret.?key|super.?secret|my.?secret|jwt.?secret|password|12345678|abcdefgh",
    re.IGNORECASE,
)
"""What guides and templates write where a secret belongs."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One danger, what is wrong, and what to change."""

    danger: Danger
    message: str


def refuse_unsafe(settings: Settings, schemes: Sequence[str]) -> None:
    """Check the settings with the schemes in use. `HOST` is what is listened on, whoever listens.

    Raises: ConfigError with the first danger that `UNSAFE_ALLOW` does not name, or for a name in it
    that is no danger's.
    """
    for name in settings.unsafe_allow:
        if name not in DANGERS:
            raise ConfigError(f"UNSAFE_ALLOW names {name!r}, which is none of {', '.join(DANGERS)}")
    for finding in _findings(settings, schemes):
        if finding.danger not in settings.unsafe_allow:
            raise ConfigError(
                f"{finding.message} (or accept the danger: UNSAFE_ALLOW={finding.danger})"
            )


def _findings(settings: Settings, schemes: Sequence[str]) -> Iterator[Finding]:
    by_cookie = {"anonymous", "cookie"} & {*schemes}
    # A session proves nothing more: anonymous visitors are given one.
    anonymous = "anonymous" in schemes and {*schemes} <= {"anonymous", "session"}
    if anonymous and _is_public(settings.host):
        yield Finding(
            "public_anonymous",
            f"HOST={settings.host} lets everybody on the network use the model, because "
            f"AUTH={','.join(schemes)} proves of nobody who they are. Set AUTH to a scheme "
            "that knows your users, or HOST=127.0.0.1 behind a proxy that does",
        )
    for text in settings.trusted_proxies:
        if _is_everybody(text):
            yield Finding(
                "any_proxy",
                f"TRUSTED_PROXIES={text} believes everybody: X-User-ID (AUTH=header) would make "
                "anybody anyone, and X-Forwarded-For would come from anywhere. Name the addresses "
                "of your own proxies in TRUSTED_PROXIES",
            )
    if settings.environment == "production":
        for name in SECRETS:
            secret: SecretStr | None = getattr(settings, name)
            if secret is not None and _is_weak(secret.get_secret_value()):
                yield Finding(
                    "weak_secret",
                    f"{name.upper()} is an example or has too few different characters. Make one: "
                    "python -c 'import secrets; print(secrets.token_urlsafe(32))'",
                )
    if "*" in settings.allowed_origins and by_cookie:
        yield Finding(
            "cors_wildcard",
            "CORS_ORIGINS=* lets every site's pages call a server that knows its users by cookies "
            f"(AUTH={','.join(schemes)}). Name the origins of your own pages in CORS_ORIGINS",
        )
    by_provider = settings.jwks_url or settings.oidc_issuer
    if {"jwks", "cookie"} & {*schemes} and by_provider and not settings.jwt_audience:
        yield Finding(
            "any_audience",
            "JWT_AUDIENCE is not set, so a token that the identity provider made for any other "
            "application would be taken. Set JWT_AUDIENCE to this application's client id",
        )


def _is_weak(secret: str) -> bool:
    return len(set(secret)) < DISTINCT_CHARS or EXAMPLES.search(secret) is not None


def _is_public(host: str) -> bool:
    if host == "localhost":
        return False
    try:
        return not ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return True


def _is_everybody(network: str) -> bool:
    try:
        return ip_network(network, strict=False).prefixlen == 0
    except ValueError:
        return False  # `Proxies` refuses it
