"""`Authorization: Bearer` with a JSON Web Token."""

from starlette.requests import HTTPConnection

from .authenticator import Identity
from .claims import ClaimNames
from .token_rules import UNCLAIMED, TokenVerifier, header_of, invalid_token

SCHEME = "bearer "


class BearerAuthenticator:
    """Recognises the tokens that one verifier judges."""

    def __init__(self, verifier: TokenVerifier, claims: ClaimNames, *, scheme: str) -> None:
        self._verifier = verifier
        self._claims = claims
        self._scheme = scheme

    async def authenticate(self, connection: HTTPConnection) -> Identity | None:
        """See `Authenticator`. A token signed in another way is another scheme's."""
        token = bearer_token(connection) or ""
        header = header_of(token)
        if header is None or not self._verifier.recognises(header.algorithm):
            return None
        claims = await self._verifier.verify(token, header)
        return Identity(principal=self._claims.principal(claims, self._scheme), explicit=True)


class UnclaimedBearer:
    """Refuses a bearer token that no scheme before it recognised.

    Without it, whoever mistypes a token would be an anonymous visitor, and wonder where their
    threads are.
    """

    async def authenticate(self, connection: HTTPConnection) -> None:
        """Raises: Unauthenticated if there is a bearer token."""
        if bearer_token(connection) is not None:
            raise invalid_token(UNCLAIMED)


def bearer_token(connection: HTTPConnection) -> str | None:
    """The token in `Authorization: Bearer …` (RFC 6750, 2.1), perhaps empty; None without it."""
    value = connection.headers.get("authorization", "")
    if value[: len(SCHEME)].lower() != SCHEME:
        return None
    # Spaces and tabs are HTTP's (RFC 9110, 5.6.3); all else is the token's, and makes it another.
    return value[len(SCHEME) :].strip(" \t")
