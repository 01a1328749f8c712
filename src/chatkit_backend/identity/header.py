"""`AUTH=header`: `X-User-ID`, as a proxy that has checked the user sets it."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.requests import HTTPConnection

from chatkit_backend.errors import ConfigError, Unauthenticated

from .anonymous import ANONYMOUS_PREFIX
from .authenticator import Identity
from .principal import Principal

USER_HEADER = "x-user-id"
MAX_USER_ID = 256


class HeaderAuthenticator:
    """Believes `X-User-ID` from the addresses of one's own proxies and from nobody else."""

    def __init__(self, trusted_proxies: Sequence[str]) -> None:
        """Trust these addresses and networks (`10.0.0.0/8`).

        Raises: ConfigError if there are none or one is no address.
        """
        if not trusted_proxies:
            raise ConfigError(
                "AUTH=header needs TRUSTED_PROXIES: the addresses of the proxies that set "
                "X-User-ID, such as TRUSTED_PROXIES=127.0.0.1,10.0.0.0/8"
            )
        self._networks = [_network(text) for text in trusted_proxies]

    async def authenticate(self, connection: HTTPConnection) -> Identity | None:
        """The user that a trusted proxy names.

        Raises: Unauthenticated for an empty, too long or unprintable id.
        """
        user_id = connection.headers.get(USER_HEADER)
        if user_id is None or not self._from_trusted_proxy(connection):
            return None
        user_id = user_id.strip()
        if not user_id or len(user_id) > MAX_USER_ID or not user_id.isprintable():
            raise Unauthenticated(
                "invalid_user_id", f"X-User-ID takes 1 to {MAX_USER_ID} printable characters."
            )
        if user_id.startswith(ANONYMOUS_PREFIX):
            raise Unauthenticated(
                "invalid_user_id",
                f"X-User-ID must not begin with {ANONYMOUS_PREFIX!r}: such ids are browsers'.",
            )
        return Identity(principal=Principal(user_id=user_id, scheme="header"))

    def _from_trusted_proxy(self, connection: HTTPConnection) -> bool:
        if connection.client is None:
            return False
        try:
            address = ip_address(connection.client.host)
        except ValueError:  # a Unix socket has no address
            return False
        return any(address in network for network in self._networks)


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise ConfigError(
            f"TRUSTED_PROXIES names {text!r}, which is no address or network; "
            "write it like 10.1.2.3 or 10.0.0.0/8"
        ) from None
