"""What another site's page may do with our user's cookie: nothing that changes anything."""

import pytest
from starlette.requests import HTTPConnection

from chatkit_backend.errors import Forbidden
from chatkit_backend.identity.cross_site import CrossSiteGuard

FRONT_END = "https://app.example.test"


def connection(
    *,
    origin: str | None = None,
    site: str | None = None,
    host: str = "chat.example.test",
    method: str = "POST",
) -> HTTPConnection:
    """A request as it arrives here: over plain HTTP, because a proxy has taken the TLS away."""
    given = {"host": host, "origin": origin, "sec-fetch-site": site}
    headers = [(name.encode(), text.encode()) for name, text in given.items() if text is not None]
    return HTTPConnection({"type": "http", "scheme": "http", "method": method, "headers": headers})


def allowed(guard: CrossSiteGuard, asked: HTTPConnection) -> bool:
    try:
        guard.check(asked)
    except Forbidden as exc:
        assert exc.code == "cross_site"
        return False
    return True


@pytest.mark.parametrize("site", ["same-origin", "none"])
@pytest.mark.parametrize("origin", [None, "https://chat.example.test", "null"])
def test_what_the_browser_calls_our_own_page_is_one(site: str, origin: str | None) -> None:
    assert allowed(CrossSiteGuard([]), connection(site=site, origin=origin))


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "anything"])
@pytest.mark.parametrize("origin", [None, "https://evil.test", "https://chat.example.test", "null"])
def test_another_sites_page_is_refused_whatever_its_origin_looks_like(
    site: str, origin: str | None
) -> None:
    # `same-site` too: a sister host may be somebody else's. It is allowed by its name.
    assert not allowed(CrossSiteGuard([FRONT_END]), connection(site=site, origin=origin))


@pytest.mark.parametrize("site", [None, "cross-site", "same-site"])
def test_an_allowed_origin_may(site: str | None) -> None:
    assert allowed(CrossSiteGuard([FRONT_END]), connection(site=site, origin=FRONT_END))


@pytest.mark.parametrize("site", [None, "cross-site"])
@pytest.mark.parametrize("origin", ["null", "https://evil.test", "*"])
def test_a_wildcard_and_null_allow_nobody(origin: str, site: str | None) -> None:
    # Every sandboxed frame and every file has the origin `null`.
    guard = CrossSiteGuard(["*", "null"])
    assert not allowed(guard, connection(origin=origin, site=site))


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("chat.example.test", "https://chat.example.test"),
        ("chat.example.test", "http://chat.example.test"),
        ("chat.example.test:443", "https://chat.example.test"),
        ("chat.example.test", "https://chat.example.test:443"),
        ("CHAT.example.test", "https://chat.EXAMPLE.test"),
        ("localhost:8000", "http://localhost:8000"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("[2001:db8::1]", "https://[2001:db8::1]"),
    ],
)
def test_an_older_browsers_own_page_is_known_by_its_host(host: str, origin: str) -> None:
    assert allowed(CrossSiteGuard([]), connection(host=host, origin=origin))


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("chat.example.test", "https://evil.test"),
        ("chat.example.test", "https://chat.example.test.evil.test"),
        ("chat.example.test", "https://evil.test/chat.example.test"),
        ("chat.example.test", "https://chat.example.test@evil.test"),
        ("chat.example.test", "https://chat.example.test:8443"),
        ("chat.example.test:8443", "https://chat.example.test"),
        ("chat.example.test", "http://chat.example.test:443"),
        ("localhost:8000", "http://localhost:3000"),
        ("localhost:8000", "http://127.0.0.1:8000"),
        ("[::1]:8000", "http://[::2]:8000"),
        ("[::1]:8000", "http://[::1"),
        ("chat.example.test", "https://chat.example.test:99999"),
        ("chat.example.test", "https://chat.example.test:port"),
        ("chat.example.test", ""),
        ("chat.example.test", "null"),
        ("null", "null"),
        ("", "https://"),
        (":443", "https://:443"),
        ("chat.example.test", "chrome-extension://chat.example.test:0x50"),
    ],
)
def test_and_no_other_host_or_port_is_its_own(host: str, origin: str) -> None:
    assert not allowed(CrossSiteGuard([]), connection(host=host, origin=origin))


def test_what_comes_from_no_browser_is_no_pages_doing() -> None:
    assert allowed(CrossSiteGuard([]), connection())


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_safe_methods_pass(method: str) -> None:
    asked = connection(method=method, site="cross-site", origin="https://evil.test")
    assert allowed(CrossSiteGuard([]), asked)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "post", "INVENTED"])
def test_every_other_method_does_not(method: str) -> None:
    asked = connection(method=method, site="cross-site", origin="https://evil.test")
    assert not allowed(CrossSiteGuard([]), asked)


def test_a_refusal_says_which_origin_to_name_and_where() -> None:
    with pytest.raises(Forbidden, match=r"https://evil\.test.*CORS_ORIGINS"):
        CrossSiteGuard([]).check(connection(origin="https://evil.test"))
