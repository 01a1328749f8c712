"""`AUTH=jwks`: tokens that an identity provider signs with keys which it publishes."""

from .key_set import ALGORITHMS, KeySet
from .token_rules import Claims, TokenHeader, TokenRules, invalid_token
from .verified_tokens import VerifiedTokens


class PublicKeyVerifier:
    """Verifies tokens with the keys of a `KeySet`."""

    def __init__(self, keys: KeySet, rules: TokenRules) -> None:
        self._keys = keys
        self._tokens = VerifiedTokens(rules)

    def recognises(self, algorithm: str) -> bool:
        """Every signature that is made with a private key."""
        return algorithm in ALGORITHMS

    async def verify(self, token: str, header: TokenHeader) -> Claims:
        """See `TokenVerifier.verify`. Raises: Unavailable if the keys were never to be had."""
        key = await self._keys.key(header.key_id)
        if header.algorithm not in key.algorithms:
            raise invalid_token("algorithm")
        return self._tokens.claims(token, [key.key], [header.algorithm])
