"""`AUTH=cookie`: a JSON Web Token in an httpOnly cookie that a login page has set."""

from collections.abc import Sequence

from starlette.requests import HTTPConnection

from .authenticator import Identity
from .claims import ClaimNames
from .token_rules import UNCLAIMED, TokenVerifier, header_of, invalid_token


class CookieAuthenticator:
    """Recognises a cookie by its name; what it holds is judged like a bearer token."""

    def __init__(self, name: str, verifiers: Sequence[TokenVerifier], claims: ClaimNames) -> None:
        self._name = name
        self._verifiers = tuple(verifiers)
        self._claims = claims

    async def authenticate(self, connection: HTTPConnection) -> Identity | None:
        """See `Authenticator`."""
        token = connection.cookies.get(self._name)
        if not token:
            return None
        header = header_of(token)
        for verifier in self._verifiers:
            if header is not None and verifier.recognises(header.algorithm):
                claims = await verifier.verify(token, header)
                return Identity(principal=self._claims.principal(claims, "cookie"))
        raise invalid_token(UNCLAIMED)
