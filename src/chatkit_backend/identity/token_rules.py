"""What a JSON Web Token must say to be believed (RFC 7519, RFC 8725)."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import jwt
from jwt.exceptions import InvalidSubjectError

from chatkit_backend.errors import Unauthenticated

MAX_TOKEN_CHARS = 16_384
"""Longest token that is looked at. Those of large directories, with all groups, have 8,000."""

UNCLAIMED = "no scheme of AUTH takes it"
"""The reason to refuse what is no token, or is signed in a way that nobody here verifies."""

Claims: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TokenHeader:
    """What a token says of itself, which is nothing but a hint to who may judge it."""

    algorithm: str
    key_id: str | None


class TokenVerifier(Protocol):
    """Knows the keys of one kind of token."""

    def recognises(self, algorithm: str) -> bool:
        """Whether tokens signed with `algorithm` are this verifier's to judge."""
        ...

    async def verify(self, token: str, header: TokenHeader) -> Claims:
        """The claims of a token that is valid; `header` is its own. Raises: Unauthenticated."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRules:
    """Who may have made a token, for whom, and when.

    Attributes:
        issuer: What `iss` must be; None: anything.
        audience: One of them must be in `aud`; empty: anything.
        leeway_s: Seconds by which clocks may differ.
    """

    issuer: str | None = None
    audience: Sequence[str] = ()
    leeway_s: float = 30.0

    def check(self, token: str, key: Any, algorithms: Sequence[str]) -> Claims:
        """The claims of a token that `key` signed. It must have an end (`exp`).

        A key that is too short for the token's algorithm verifies nothing (RFC 7518, 3.2 and 3.3).

        Raises: Unauthenticated (`token_expired`, `invalid_token`).
        """
        if not _is_canonical(token):
            raise invalid_token("spelling")
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=list(algorithms),
                issuer=self.issuer,
                audience=list(self.audience) or None,
                leeway=self.leeway_s,
                options={
                    "require": ["exp"],
                    "verify_aud": bool(self.audience),
                    "verify_iss": self.issuer is not None,
                    "enforce_minimum_key_length": True,
                },
            )
        except jwt.ExpiredSignatureError:
            raise Unauthenticated(
                "token_expired", "The token has expired.", reason="expired"
            ) from None
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as exc:
            # Also what decoders raise for numbers and keys that no honest token has.
            raise invalid_token(_reason(exc)) from exc
        return claims


def _reason(exc: Exception) -> str:
    """What is wrong, in words of ours: those of the library quote the token."""
    match exc:
        case jwt.MissingRequiredClaimError():
            return f"no {exc.claim}"
        case jwt.InvalidSignatureError():
            return "signature"
        case jwt.InvalidAudienceError():
            return "audience"
        case jwt.InvalidIssuerError():
            return "issuer"
        case jwt.ImmatureSignatureError():
            return "not yet valid"
        case jwt.InvalidAlgorithmError():
            return "algorithm"
        case jwt.InvalidKeyError():
            return "key"
        case InvalidSubjectError():
            return "sub is no text"
        case _:
            return "malformed"


def header_of(token: str) -> TokenHeader | None:
    """The header of what looks like a token; None if it does not.

    PyJWT's own way to it decodes the whole token each time, which took 0.1 ms of a request
    (`python -m benchmarks authentication`). `TokenRules.check` is strict about all of it.
    """
    encoded, dot, _ = token.partition(".")
    if not dot or len(token) > MAX_TOKEN_CHARS:
        return None
    try:
        header = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except (ValueError, RecursionError):
        return None
    match header:
        case {"alg": str(algorithm), "kid": str(key_id)}:
            return TokenHeader(algorithm, key_id)
        case {"alg": str(algorithm), **rest} if "kid" not in rest:
            return TokenHeader(algorithm, None)
        case _:
            return None


def _is_canonical(token: str) -> bool:
    """Whether the parts are written as RFC 7515 (2) writes them: base64url, never padded.

    Otherwise one signature has several spellings and a token that was changed is believed: PyJWT
    takes padding, and how much else depends on its version.
    """
    try:
        return all(_respelled(part) == part for part in token.split("."))
    except ValueError:
        return False


def _respelled(part: str) -> str:
    return base64.urlsafe_b64encode(base64.urlsafe_b64decode(part + "==")).decode().rstrip("=")


def invalid_token(reason: str) -> Unauthenticated:
    """The one answer to every token that is not believed; `reason` is for the log."""
    return Unauthenticated("invalid_token", "The token is not valid here.", reason=reason)
