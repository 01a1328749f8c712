"""What holds for every request: framing, headers, limits, errors, ids."""

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import AsyncIterator
from typing import ClassVar

import httpx
import pytest
from fastapi import FastAPI
from tests.integration.conftest import ChatAgent, MakeSettings
from tests.protocol import add, ask, chat, create, refused, req, sse_events
from tests.serving import client_of, serving

from chatkit_backend import create_app
from chatkit_backend.http.assets import Assets
from chatkit_backend.testing import ScriptedModel


@pytest.mark.parametrize("path", ["/chatkit", "/api/chatkit"])
async def test_both_paths_are_the_same_endpoint(client: httpx.AsyncClient, path: str) -> None:
    thread_id = (await chat(client, create(), path=path)).thread_id
    assert (await ask(client, req("threads.list"), path=path))["data"][0]["id"] == thread_id


async def test_a_stream_is_not_cached_and_not_buffered(client: httpx.AsyncClient) -> None:
    response = await client.post("/chatkit", json=create())

    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["x-accel-buffering"] == "no"


async def test_ndjson_has_the_same_events_one_a_line(client: httpx.AsyncClient) -> None:
    response = await client.post(
        "/chatkit", json=create(), headers={"accept": "application/x-ndjson"}
    )

    assert response.headers["content-type"] == "application/x-ndjson"
    events = [json.loads(line) for line in response.text.splitlines()]
    assert events[0]["type"] == "thread.created"
    assert events[-1]["item"]["content"][0]["text"] == "Hello!"


async def test_a_silent_stream_sends_comments_and_ndjson_none(
    make_settings: MakeSettings, agent: ChatAgent, model: ScriptedModel
) -> None:
    app = create_app(make_settings(heartbeat_s=0.02), agent=agent)
    async with serving(app) as url, client_of(url) as client:
        for accept, beats in (("text/event-stream", True), ("application/x-ndjson", False)):
            gate = asyncio.Event()
            model.play_next(("Hel", gate, "lo"))
            seen = b""
            request = client.stream("POST", "/chatkit", json=create(), headers={"accept": accept})
            async with request as response:
                asyncio.get_running_loop().call_later(0.2, gate.set)
                async for chunk in response.aiter_bytes():
                    seen += chunk
            assert (b"\n\n: keep-alive\n\n" in b"\n\n" + seen) is beats
            assert b"Hello" in seen


async def test_the_request_id_comes_in_or_is_made_and_goes_out(client: httpx.AsyncClient) -> None:
    given = await client.get("/health/live", headers={"x-request-id": "abc-123"})
    made = await client.get("/health/live")
    odd = await client.get("/health/live", headers={"x-request-id": "a b\tc" + "x" * 500})

    assert given.headers["x-request-id"] == "abc-123"
    assert made.headers["x-request-id"].startswith("req_")
    assert odd.headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "invalid_json"),
        (b"not json", "invalid_json"),
        (b'"\\ud800"', "invalid_json"),
        (b"[1e999]", "invalid_json"),
        (b"\xff\xfe", "invalid_json"),
        (b"[" * 3000 + b"]" * 3000, "invalid_json"),
        (b"[" * 100 + b"]" * 100, "too_deep"),
        (b'{"type":"threads.list","params":{},"metadata":{"a":"\\u0000"}}', "invalid_text"),
        (b'{"type":"threads.list","params":{},"metadata":{"\\u0000":1}}', "invalid_text"),
        (b"{}", "unknown_type"),
        (b"[]", "invalid_request"),
        (b"null", "invalid_request"),
        (b'{"type":"threads.explode","params":{}}', "unknown_type"),
        (b'{"type":["threads.list"],"params":{}}', "unknown_type"),
        (b'{"type":"threads.get_by_id","params":{}}', "invalid_request"),
        (b'{"type":"threads.list"}', "invalid_request"),
        (b'{"type":"threads.list","params":{"order":"up"}}', "invalid_request"),
        (b'{"type":"threads.list","params":{},"metadata":{"userInfo":1}}', "invalid_metadata"),
    ],
)
async def test_what_is_wrong_with_a_body_is_a_400(
    client: httpx.AsyncClient, body: bytes, code: str
) -> None:
    assert await refused(client, body) == (400, code)


async def test_a_validation_error_names_the_member(client: httpx.AsyncClient) -> None:
    response = await client.post("/chatkit", json={"type": "threads.create", "params": {}})

    error = response.json()["error"]
    assert error["message"] == "params.input: Field required."
    assert error["errors"] == [{"path": "params.input", "message": "Field required"}]


async def test_unicode_is_stored_as_it_came(client: httpx.AsyncClient) -> None:
    text = "😀 שלום \u202e \u2028 \ufffe e\u0301 <b>"
    answer = await chat(client, create(text))

    assert answer.items("user_message")[0]["content"][0]["text"] == text


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_over_the_limit_is_a_413(client: httpx.AsyncClient, chunked: bool) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 100_000

    content = chunks() if chunked else b"x" * 2_000_000
    response = await client.post("/chatkit", content=content)

    assert response.status_code == 413
    assert response.json()["error"]["code"] == "body_too_large"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/chatkit", 405, "method_not_allowed"),
        ("DELETE", "/health", 405, "method_not_allowed"),
    ],
)
async def test_an_unknown_route_has_the_envelope_too(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    response = await client.request(method, path)

    assert response.status_code == status
    assert response.json()["error"]["code"] == code
    assert response.json()["error"]["request_id"] == response.headers["x-request-id"]


async def test_a_configured_origin_may_call_with_credentials_and_another_may_not(
    client: httpx.AsyncClient,
) -> None:
    def preflight(origin: str) -> dict[str, str]:
        return {
            "origin": origin,
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        }

    friend = await client.options("/chatkit", headers=preflight("http://localhost:3000"))
    stranger = await client.options("/chatkit", headers=preflight("https://evil.test"))

    assert friend.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert friend.headers["access-control-allow-credentials"] == "true"
    assert "access-control-allow-origin" not in stranger.headers


async def test_a_failure_of_ours_is_a_500_that_says_nothing_and_a_log_that_says_all(
    make_settings: MakeSettings, agent: ChatAgent, capfd: pytest.CaptureFixture[str]
) -> None:
    app = create_app(make_settings(), agent=agent)

    async def broken(*_: object) -> None:
        raise RuntimeError("password is hunter2")

    app.state.backend._operations.handle = broken
    async with serving(app) as url, client_of(url) as client:
        response = await client.post("/chatkit", json=req("threads.list"))

    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (500, "internal_error")
    assert "hunter2" not in response.text
    logged = capfd.readouterr().err
    assert "hunter2" in logged
    assert error["request_id"] in logged


async def test_the_debug_page_shows_the_callers_threads_and_is_not_there_in_production(
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    make_settings: MakeSettings,
    agent: ChatAgent,
) -> None:
    thread_id = (await chat(client, create("<b>bold</b>"))).thread_id

    shown = (await client.get("/debug/threads")).json()
    page = await client.get("/debug/threads", headers={"accept": "text/html"})

    assert [thread["id"] for thread in shown["data"]] == [thread_id]
    assert "&lt;b&gt;bold" in page.text
    assert "<b>bold" not in page.text
    assert (await stranger.get("/debug/threads")).json()["data"] == []
    production = create_app(make_settings(environment="production"), agent=agent)
    async with serving(production) as url, client_of(url) as visitor:
        assert (await visitor.get("/debug/threads")).status_code == 404


async def test_a_page_runs_and_loads_nothing_but_its_own_style(client: httpx.AsyncClient) -> None:
    page = await client.get("/debug/threads", headers={"accept": "text/html"})

    [style] = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = page.headers["content-security-policy"].split("; ")
    assert policy[:2] == ["default-src 'none'", f"style-src 'sha256-{digest}'"]
    assert "frame-ancestors 'none'" in policy
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/health", "/chatkit/runs/run_none", "/debug/threads"])
async def test_no_browser_guesses_what_an_answer_is(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).headers["x-content-type-options"] == "nosniff"


async def test_production_sets_its_cookie_for_https_only(
    client: httpx.AsyncClient, make_settings: MakeSettings, agent: ChatAgent
) -> None:
    development = (await client.post("/chatkit", json=req("threads.list"))).headers["set-cookie"]
    app = create_app(make_settings(environment="production"), agent=agent)
    async with serving(app) as url, client_of(url) as visitor:
        response = await visitor.post("/chatkit", json=req("threads.list"))

    for cookie in (development, response.headers["set-cookie"]):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
    assert "Secure" not in development
    assert "Secure" in response.headers["set-cookie"]


async def test_the_openapi_description_knows_every_request_type(app: FastAPI) -> None:
    schema = app.openapi()
    mapping = schema["components"]["schemas"]["ChatKitRequest"]["discriminator"]["mapping"]

    assert len(mapping) == 16
    assert schema["paths"]["/chatkit"]["post"]["requestBody"]["required"] is True


async def test_answers_of_one_connection_after_the_other(client: httpx.AsyncClient) -> None:
    thread_id = (await chat(client, create())).thread_id
    response = await client.post("/chatkit", json=add(thread_id))
    assert [event["type"] for event in sse_events(response.text)].count("thread.item.done") == 2


class TestPage:
    """`/` and `/chat`: a page for browsers, and for everybody else what the service is."""

    BROWSER: ClassVar = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

    @pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html;q=0, */*"])
    async def test_programs_are_told_what_the_service_is(
        self, client: httpx.AsyncClient, accept: str
    ) -> None:
        answer = await client.get("/", headers={"Accept": accept})
        assert answer.json()["name"] == "chatkit-backend"
        assert "Accept" in answer.headers["vary"].split(", ")

    async def test_a_browser_gets_a_page_that_asks_no_other_origin(
        self, client: httpx.AsyncClient
    ) -> None:
        page = await client.get("/", headers=self.BROWSER)
        assert page.headers["content-type"].startswith("text/html")
        policy = page.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "https:" not in policy + page.text
        assert (await client.get("/chat")).text == page.text

    async def test_without_a_built_ui_it_says_in_a_sentence_how_to_get_it(
        self, make_settings: MakeSettings, agent: ChatAgent, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Assets, "built", lambda: None)
        app = create_app(make_settings(), agent=agent)
        async with serving(app) as url, client_of(url) as client:
            page = await client.get("/", headers=self.BROWSER)
            assert (await client.get("/chatkit.js")).status_code == 404
            assert (await chat(client, create())).text
        assert "install Node.js 20 or newer and start it with\n<code>make run" in page.text

    async def test_with_a_domain_key_it_shows_the_official_element(
        self, make_settings: MakeSettings, agent: ChatAgent
    ) -> None:
        app = create_app(make_settings(chatkit_domain_key='key"<'), agent=agent)
        if Assets.built() is None:
            pytest.skip("not run, the web UI is not built")
        async with serving(app) as url, client_of(url) as client:
            page = await client.get("/", headers=self.BROWSER)
        assert "https://cdn.platform.openai.com/deployments/chatkit/chatkit.js" in page.text
        assert 'data-domain-key="key&quot;&lt;"' in page.text
        assert "https://cdn.platform.openai.com" in page.headers["content-security-policy"]
