"""`AUTH=anonymous`: a person per browser, by a signed cookie."""

import hashlib
import hmac
from collections.abc import Sequence

from itsdangerous import Signer
from starlette.requests import HTTPConnection
from uuid_utils import uuid7

from .authenticator import Cookie, Identity
from .principal import ANONYMOUS_PREFIX, Principal

COOKIE_NAME = "chatkit_user"
SEPARATOR = "."
COOKIE_MAX_AGE_S = 365 * 24 * 3600


class AnonymousAuthenticator:
    """Recognises a browser by its cookie and gives a cookie to one that has none.

    A cookie that is not ours (tampered with, or signed with another key) counts as none: its
    sender is a new person. There is nothing to find out by trying.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        """Sign with the first of `secrets` and believe them all.

        Whoever changes the secret and does not keep the one before it makes every browser a new
        person.
        """
        self._signers = [_signer(secret) for secret in secrets]

    async def authenticate(self, connection: HTTPConnection) -> Identity:
        """Always returns an identity; a new one comes with its cookie."""
        value = connection.cookies.get(COOKIE_NAME)
        for number, signer in enumerate(self._signers):
            if (known := _read(signer, value)) is not None:
                return self._identity(known, keep=number > 0)
        return self._identity(f"{ANONYMOUS_PREFIX}{uuid7().hex}", keep=True)

    def _identity(self, user_id: str, *, keep: bool) -> Identity:
        """The person; with a cookie to `keep` if the browser has none of the current key's."""
        principal = Principal(user_id=user_id, scheme="anonymous")
        if not keep:
            return Identity(principal=principal)
        value = self._signers[0].sign(user_id).decode()
        cookie = Cookie(name=COOKIE_NAME, value=value, max_age_s=COOKIE_MAX_AGE_S)
        return Identity(principal=principal, cookie=cookie)


def _signer(secret: str) -> Signer:
    # itsdangerous signs with SHA-1 unless told otherwise.
    return Signer(
        secret, salt="chatkit-backend.anonymous", sep=SEPARATOR, digest_method=hashlib.sha256
    )


def _read(signer: Signer, value: str | None) -> str | None:
    if not value:
        return None
    user_id, _, _ = value.rpartition(SEPARATOR)
    try:
        signed = signer.sign(user_id)
        given = value.encode()
    except UnicodeError:
        return None
    # Compared as text and not with `unsign`: that decodes the signature as base64, leaving out what
    # is none, so that one cookie would have any number of spellings.
    return user_id if hmac.compare_digest(signed, given) else None
