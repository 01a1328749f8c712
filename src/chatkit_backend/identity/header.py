"""`AUTH=header`: `X-User-ID` and `X-Session-ID`, as a proxy that has checked the user sets them."""

from starlette.requests import HTTPConnection

from chatkit_backend.errors import ConfigError, Unauthenticated

from .address import Proxies
from .authenticator import Identity
from .principal import ANONYMOUS_PREFIX, VISITOR_PREFIX, Principal, is_reserved

USER_HEADER = "X-User-ID"
SESSION_HEADER = "X-Session-ID"
MAX_ID = 256


class HeaderAuthenticator:
    """Believes these headers from one's own proxies and from nobody else.

    `X-User-ID` names a user. Without it `X-Session-ID` names a visitor who has not logged in: a
    person for as long as the proxy keeps that session.
    """

    def __init__(self, proxies: Proxies) -> None:
        """Believe `proxies`. Raises: ConfigError if there are none."""
        if not proxies:
            raise ConfigError(
                "AUTH=header needs TRUSTED_PROXIES: the addresses of the proxies that set "
                "X-User-ID, such as TRUSTED_PROXIES=127.0.0.1,10.0.0.0/8"
            )
        self._proxies = proxies

    async def authenticate(self, connection: HTTPConnection) -> Identity | None:
        """Whom a trusted proxy names.

        Raises: Unauthenticated for an empty, too long or unprintable id, and for two.
        """
        if not self._proxies.connect(connection):
            return None
        if (user_id := _read(connection, USER_HEADER)) is not None:
            if is_reserved(user_id):
                raise Unauthenticated(
                    "invalid_user_id",
                    f"{USER_HEADER} must begin neither with {ANONYMOUS_PREFIX!r} nor with "
                    f"{VISITOR_PREFIX!r}: such ids are those of people without a login.",
                )
            return Identity(principal=Principal(user_id=user_id, scheme="header"))
        if (session_id := _read(connection, SESSION_HEADER)) is not None:
            visitor = f"{VISITOR_PREFIX}{session_id}"
            return Identity(principal=Principal(user_id=visitor, scheme="header"))
        return None


def _read(connection: HTTPConnection, name: str) -> str | None:
    values = connection.headers.getlist(name)
    if not values:
        return None
    if len(values) > 1:
        raise Unauthenticated(
            "invalid_user_id",
            f"{name} is to be there once; the proxy must replace what clients send.",
        )
    value = values[0].strip()
    if not value or len(value) > MAX_ID or not value.isprintable():
        raise Unauthenticated(
            "invalid_user_id", f"{name} takes 1 to {MAX_ID} printable characters."
        )
    return value
