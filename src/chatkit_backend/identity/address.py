"""Where a request comes from, past the proxies that are ours."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from starlette.requests import HTTPConnection

from chatkit_backend.errors import ConfigError

MAX_HOPS = 20

Address: TypeAlias = IPv4Address | IPv6Address


class Proxies:
    """The addresses of one's own proxies, and nobody else's."""

    def __init__(self, trusted: Sequence[str]) -> None:
        """Trust these addresses and networks (`10.0.0.0/8`).

        Raises: ConfigError if one is no address.
        """
        self._networks = [_network(text) for text in trusted]

    def __bool__(self) -> bool:
        return bool(self._networks)

    def connect(self, connection: HTTPConnection) -> bool:
        """Whether it is a trusted proxy that really connects."""
        return connection.client is not None and self._trust(address_in(connection.client.host))

    def is_https(self, connection: HTTPConnection) -> bool:
        """Whether the client speaks HTTPS: with us, or with the trusted proxy that says so."""
        # The last one is our own proxy's, as in `X-Forwarded-For`.
        said = connection.headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
        return connection.scope.get("scheme") == "https" or (
            said == "https" and self.connect(connection)
        )

    def origin_of(self, connection: HTTPConnection) -> str:
        """The address that asks.

        It is the peer's; of a trusted proxy the last in `X-Forwarded-For` that is not one: those
        before it are what somebody claims.
        """
        peer = connection.client.host if connection.client is not None else ""
        if not self._trust(address_in(peer)):
            return peer
        # A proxy may add a line of its own to those that it was sent.
        forwarded = ",".join(connection.headers.getlist("x-forwarded-for"))
        for hop in reversed(forwarded.split(",")[-MAX_HOPS:]):
            if not hop.strip():
                continue
            address = address_in(hop)
            if address is None:
                return peer
            if not self._trust(address):
                return str(address)
        return peer

    def _trust(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self._networks)


def address_in(text: str) -> Address | None:
    """The address that a text names, perhaps with a port; None if it names none.

    IPv4 is IPv4 also in the form that a socket for both versions gives it (`::ffff:192.0.2.1`).
    """
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:  # also a Unix socket, which has no address
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise ConfigError(
            f"TRUSTED_PROXIES names {text!r}, which is no address or network; "
            "write it like 10.1.2.3 or 10.0.0.0/8"
        ) from None
