"""Where a request comes from: what our own proxies say, and nobody's claims."""

import pytest
from starlette.requests import HTTPConnection

from chatkit_backend.identity.address import Proxies

PROXIES = Proxies(["10.0.0.0/8", "192.0.2.7", "fd00::/8"])


def asked_from(peer: str | None, *forwarded: str) -> HTTPConnection:
    """A request with a line `X-Forwarded-For` for each of `forwarded`."""
    headers = [(b"x-forwarded-for", line.encode("latin-1")) for line in forwarded]
    client = None if peer is None else (peer, 1234)
    return HTTPConnection({"type": "http", "headers": headers, "client": client})


@pytest.mark.parametrize(
    ("peer", "forwarded", "origin"),
    [
        ("10.1.1.1", "198.51.100.4", "198.51.100.4"),
        ("192.0.2.7", "198.51.100.4", "198.51.100.4"),
        ("fd00::1", "2001:db8::4", "2001:db8::4"),
        ("10.1.1.1", "198.51.100.4, 10.2.2.2", "198.51.100.4"),
        ("10.1.1.1", "203.0.113.9, 198.51.100.4", "198.51.100.4"),
        ("10.1.1.1", "203.0.113.9,198.51.100.4,10.2.2.2,192.0.2.7", "198.51.100.4"),
        ("10.1.1.1", "198.51.100.4,,", "198.51.100.4"),
    ],
)
def test_the_last_hop_that_is_no_proxy_of_ours_asks(peer: str, forwarded: str, origin: str) -> None:
    assert PROXIES.origin_of(asked_from(peer, forwarded)) == origin


@pytest.mark.parametrize("peer", ["198.51.100.4", "192.0.2.8", "11.0.0.1", "::1"])
def test_nobody_elses_header_is_believed(peer: str) -> None:
    assert PROXIES.origin_of(asked_from(peer, "203.0.113.9")) == peer


def test_a_line_that_a_proxy_adds_below_the_clients_own_is_the_last() -> None:
    # HAProxy's `option forwardfor` adds a header line of its own behind what a client has sent.
    assert PROXIES.origin_of(asked_from("10.1.1.1", "203.0.113.9", "198.51.100.4")) == (
        "198.51.100.4"
    )


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("198.51.100.4:50123", "198.51.100.4"),
        ("[2001:db8::4]:50123", "2001:db8::4"),
        ("[2001:db8::4]", "2001:db8::4"),
        ("2001:DB8:0:0::4", "2001:db8::4"),
        ("::ffff:198.51.100.4", "198.51.100.4"),
    ],
)
def test_an_address_is_the_same_however_it_is_written(written: str, origin: str) -> None:
    # Some gateways add the port, which is another with each connection.
    assert PROXIES.origin_of(asked_from("10.1.1.1", written)) == origin


@pytest.mark.parametrize("nonsense", ["unknown", "_hidden", "x" * 5000, "198.51.100", "é", "[]"])
def test_a_hop_that_is_no_address_ends_the_search(nonsense: str) -> None:
    assert PROXIES.origin_of(asked_from("10.1.1.1", f"203.0.113.9, {nonsense}")) == "10.1.1.1"
    forwarded = f"{nonsense}, 198.51.100.4"
    assert PROXIES.origin_of(asked_from("10.1.1.1", forwarded)) == "198.51.100.4"


@pytest.mark.parametrize("forwarded", [(), ("",), ("10.2.2.2",)])
def test_without_another_hop_it_is_the_peer(forwarded: tuple[str, ...]) -> None:
    assert PROXIES.origin_of(asked_from("10.1.1.1", *forwarded)) == "10.1.1.1"


def test_a_socket_without_an_address_is_nobodys() -> None:
    assert PROXIES.origin_of(asked_from(None, "203.0.113.9")) == ""
    assert not PROXIES.connect(asked_from(None))


@pytest.mark.parametrize("peer", ["::ffff:10.1.1.1", "10.1.1.1"])
def test_a_proxy_is_the_same_on_a_socket_for_both_versions(peer: str) -> None:
    assert PROXIES.connect(asked_from(peer))
    assert PROXIES.origin_of(asked_from(peer, "198.51.100.4")) == "198.51.100.4"


def test_a_very_long_chain_is_looked_at_from_its_end_only() -> None:
    chain = ", ".join(["203.0.113.9", *["10.2.2.2"] * 5000])
    assert PROXIES.origin_of(asked_from("10.1.1.1", chain)) == "10.1.1.1"


@pytest.mark.parametrize(
    ("peer", "said", "expected"),
    [
        ("10.1.2.3", "https", True),
        ("10.1.2.3", "http, https", True),
        ("10.1.2.3", "https, http", False),  # the first is the client's word
        ("10.1.2.3", "", False),
        ("198.51.100.7", "https", False),
    ],
)
def test_https_is_what_our_own_proxy_says_it_is(peer: str, said: str, expected: bool) -> None:
    headers = [(b"x-forwarded-proto", said.encode())]
    asked = HTTPConnection({"type": "http", "client": (peer, 1234), "headers": headers})

    assert PROXIES.is_https(asked) is expected
