"""`AUTH=anonymous`: a person per browser, by a signed cookie."""

import hashlib

from itsdangerous import BadSignature, Signer
from starlette.requests import HTTPConnection
from uuid_utils import uuid7

from .authenticator import Cookie, Identity
from .principal import Principal

COOKIE_NAME = "chatkit_user"
ANONYMOUS_PREFIX = "anon_"
"""How the ids of anonymous users begin, and nobody else's."""

COOKIE_MAX_AGE_S = 365 * 24 * 3600


class AnonymousAuthenticator:
    """Recognises a browser by its cookie and gives a cookie to one that has none.

    A cookie that is not ours (tampered with, or signed with another key) counts as none: its
    sender is a new person. There is nothing to find out by trying.
    """

    def __init__(self, secret: str) -> None:
        """Sign with `secret`; whoever changes it makes every browser a new person."""
        # itsdangerous signs with SHA-1 unless told otherwise.
        self._signer = Signer(
            secret, salt="chatkit-backend.anonymous", digest_method=hashlib.sha256
        )

    async def authenticate(self, connection: HTTPConnection) -> Identity:
        """Always returns an identity; a new one comes with its cookie."""
        known = self._read(connection.cookies.get(COOKIE_NAME))
        if known is not None:
            return Identity(principal=Principal(user_id=known, scheme="anonymous"))
        user_id = f"{ANONYMOUS_PREFIX}{uuid7().hex}"
        cookie = Cookie(
            name=COOKIE_NAME,
            value=self._signer.sign(user_id).decode(),
            max_age_s=COOKIE_MAX_AGE_S,
        )
        return Identity(principal=Principal(user_id=user_id, scheme="anonymous"), cookie=cookie)

    def _read(self, value: str | None) -> str | None:
        if not value:
            return None
        try:
            return self._signer.unsign(value).decode()
        except (BadSignature, UnicodeError):
            return None
