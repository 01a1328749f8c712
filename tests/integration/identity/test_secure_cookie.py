"""Cookies in production: Secure, and an operator who serves plain HTTP is told what that means."""

from typing import Any

from tests.integration.identity.conftest import Serve
from tests.integration.identity.kept_lines import kept
from tests.protocol import req
from tests.serving import client_of

PRODUCTION: dict[str, Any] = {
    "environment": "production",
    "unsafe_allow": ("public_anonymous", "weak_secret"),
    "trusted_proxies": ("127.0.0.1",),
}


async def told(served: Serve, headers: dict[str, str], **settings: Any) -> tuple[str, list[str]]:
    """The cookie of a stranger, and the warnings, after two requests that bring none."""
    url = await served(settings={**PRODUCTION, **settings})
    with kept("chatkit_backend.http.callers") as lines:
        async with client_of(url, headers=headers) as first:
            await first.post("/chatkit", json=req("threads.list"))
        async with client_of(url, headers=headers) as second:
            answer = await second.post("/chatkit", json=req("threads.list"))
    return answer.headers["set-cookie"], lines.events


async def test_over_plain_http_it_is_said_once_that_nobody_keeps_the_cookie(served: Serve) -> None:
    cookie, warnings = await told(served, {})

    assert "Secure" in cookie
    assert warnings == ["cookie_not_kept"]


async def test_behind_a_proxy_that_speaks_https_there_is_nothing_to_say(served: Serve) -> None:
    cookie, warnings = await told(served, {"X-Forwarded-Proto": "https"})

    assert "Secure" in cookie
    assert warnings == []


async def test_in_development_a_cookie_is_kept_and_nothing_is_said(served: Serve) -> None:
    cookie, warnings = await told(served, {}, environment="development")

    assert "Secure" not in cookie
    assert warnings == []
