"""`AUTH=jwt`: tokens that an application signs with a secret which it shares with us."""

from collections.abc import Sequence

from .token_rules import Claims, TokenHeader, TokenRules
from .verified_tokens import VerifiedTokens

ALGORITHMS = ("HS256", "HS384", "HS512")


class SharedSecretVerifier:
    """Verifies HMAC tokens with the current secret or the one before it."""

    def __init__(self, secrets: Sequence[str], rules: TokenRules) -> None:
        """Believe what any of `secrets` signed; the current one first."""
        self._secrets = tuple(secrets)
        self._tokens = VerifiedTokens(rules)

    def recognises(self, algorithm: str) -> bool:
        """HMAC, and nothing else: a public key is never taken for a secret."""
        return algorithm in ALGORITHMS

    async def verify(self, token: str, header: TokenHeader) -> Claims:  # noqa: ARG002
        """See `TokenVerifier.verify`."""
        return self._tokens.claims(token, self._secrets, ALGORITHMS)
