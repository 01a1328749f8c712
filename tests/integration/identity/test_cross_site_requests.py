"""Every route that changes something refuses another site's page that comes in a user's name."""

import json
from time import time
from typing import Any

import httpx
import jwt
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.requests import HTTPConnection
from tests.integration.conftest import ChatAgent, MakeSettings
from tests.integration.identity.conftest import JWT_SECRET
from tests.protocol import add, chat, create, req

from chatkit_backend import Principal, create_app

FRONT_END = "https://app.example.test"
EVIL = {"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"}
OWN = {"Origin": FRONT_END, "Sec-Fetch-Site": "same-site"}

WITHOUT_COOKIES = ("/v1/chatkit", "/api/chatkit/refresh")
"""Routes whose credential is never a cookie; nor is that of ending a session."""


def own_login(connection: HTTPConnection) -> Principal | None:
    """An operator's own login, which keeps a cookie."""
    return Principal(user_id="ada") if connection.cookies.get("sid") == "ada" else None


@pytest.fixture(params=["cookie", "anonymous", "header", "function"])
def scheme(request: pytest.FixtureRequest) -> str:
    """Ways of knowing somebody by what the browser, or a proxy that reads a cookie, adds."""
    return str(request.param)


@pytest.fixture
def auth(scheme: str) -> dict[str, Any]:
    return {
        "auth": ("session", "jwt") if scheme == "function" else ("session", "jwt", scheme),
        "jwt_secret": SecretStr(JWT_SECRET),
        "trusted_proxies": ("127.0.0.1",),
        "cors_origins": (FRONT_END,),
    }


@pytest.fixture
def app(
    make_settings: MakeSettings, agent: ChatAgent, auth: dict[str, Any], scheme: str
) -> FastAPI:
    authenticate = own_login if scheme == "function" else None
    return create_app(make_settings(**auth), agent=agent, authenticate=authenticate)


@pytest.fixture
async def browser(nobody: httpx.AsyncClient, scheme: str) -> httpx.AsyncClient:
    """Somebody whom each of the schemes knows."""
    claims = {"sub": "ada", "exp": int(time()) + 300}
    nobody.cookies["auth_token"] = jwt.encode(claims, JWT_SECRET)
    nobody.cookies["sid"] = "ada"
    if scheme == "header":  # the proxy's, to what it knows by its own cookie
        nobody.headers["X-User-ID"] = "ada"
    await nobody.post("/api/chatkit/session")
    return nobody


def changing(app: FastAPI) -> list[tuple[str, str]]:
    """Every route and method that is not safe and knows its caller by a cookie."""
    return [
        (method, path)
        for path, methods in app.openapi()["paths"].items()
        if not path.startswith(WITHOUT_COOKIES)
        for method in methods.keys() - {"get", "head", "options"}
        if (method, path) != ("delete", "/api/chatkit/session")
    ]


async def test_no_route_takes_another_sites_request(
    app: FastAPI, browser: httpx.AsyncClient
) -> None:
    routes = changing(app)
    assert {path for _, path in routes} >= {"/chatkit", "/api/conversation", "/api/chatkit/session"}
    plain = {"role": "user", "type": "message", "content": [{"type": "input_text", "text": "x"}]}
    bodies = {"/api/conversation": {"type": "conversation.item.create", "item": plain}}
    for method, path in routes:
        body = bodies.get(path, create())

        answer = await browser.request(method, path, json=body, headers=EVIL)

        assert answer.status_code == 403, (method, path, answer.text)
        assert answer.json()["error"]["code"] == "cross_site"
        assert "access-control-allow-origin" not in answer.headers
    listed = await browser.post("/chatkit", json=req("threads.list"))
    assert listed.json()["data"] == [], "and nothing was stored"


async def test_a_form_on_another_sites_page_is_refused_although_it_needs_no_preflight(
    browser: httpx.AsyncClient,
) -> None:
    body = json.dumps(req("threads.list")).encode()
    headers = {**EVIL, "Content-Type": "text/plain"}

    answer = await browser.post("/chatkit", content=body, headers=headers)

    assert answer.status_code == 403


@pytest.mark.parametrize("headers", [{}, OWN], ids=["own page", "allowed origin"])
async def test_our_own_and_allowed_pages_may(
    browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    browser.headers.update(headers)
    thread_id = (await chat(browser, create())).thread_id
    assert (await chat(browser, add(thread_id))).text == "Hello!"


async def test_a_session_secret_is_no_cookie_and_works_from_anywhere(
    browser: httpx.AsyncClient,
) -> None:
    secret = (await browser.post("/api/chatkit/session")).json()["client_secret"]
    browser.cookies.clear()
    for header in ({"Authorization": f"Bearer {secret}"}, {"X-Session-Token": secret}):
        answer = await browser.post(
            "/chatkit", json=req("threads.list"), headers={**EVIL, **header}
        )
        assert answer.status_code == 200


@pytest.mark.parametrize("scheme", ["anonymous"])
@pytest.mark.parametrize("cookies", [{}, {"chatkit_user": "forged"}], ids=["none", "forged"])
async def test_another_sites_page_cannot_replace_a_browsers_cookie(
    nobody: httpx.AsyncClient, cookies: dict[str, str]
) -> None:
    # A form sent from there carries no SameSite=Lax cookie; a new one in the answer would make the
    # person somebody else, without their threads.
    nobody.cookies.update(cookies)
    answer = await nobody.post("/chatkit", json=req("threads.list"), headers=EVIL)

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("scheme", ["cookie"])
async def test_a_token_in_a_header_is_taken_from_anywhere(nobody: httpx.AsyncClient) -> None:
    token = jwt.encode({"sub": "ada", "exp": int(time()) + 300}, JWT_SECRET)
    headers = {**EVIL, "Authorization": f"Bearer {token}"}
    by_cookie = {**EVIL, "Cookie": f"auth_token={token}"}

    taken = await nobody.post("/chatkit", json=req("threads.list"), headers=headers)
    refused = await nobody.post("/chatkit", json=req("threads.list"), headers=by_cookie)

    assert (taken.status_code, refused.status_code) == (200, 403)
