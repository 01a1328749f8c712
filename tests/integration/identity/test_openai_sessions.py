"""`SESSION_MODE=openai`: sessions of hosted ChatKit, from a small server that speaks its API."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from time import time
from typing import Any, Literal

import httpx
import jwt
import pytest
from openai import AsyncOpenAI
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from tests.integration.conftest import MakeSettings
from tests.integration.identity.conftest import JWT_SECRET, MakeKey, Serve
from tests.integration.identity.kept_lines import kept
from tests.protocol import Json
from tests.redis_servers import free_port
from tests.serving import client_of, serving

from chatkit_backend import create_app
from chatkit_backend.errors import ConfigError, Unavailable
from chatkit_backend.identity import Identity, Principal
from chatkit_backend.identity.session_issuer import OpenAISessions

KEY = "sk-proj-the-operators-own-key"
SECRET = "ek_68f_of_the_hosted_service"
SESSION = "/api/chatkit/session"
REFRESH = "/api/chatkit/refresh"

Mood = Literal[
    "well",
    "wrong key",
    "too many",
    "broken",
    "a web page",
    "another object",
    "half an object",
    "no text",
    "silent",
]


@dataclass
class OpenAIService:
    """Hosted ChatKit as far as sessions go. `asked` are the requests; the mood answers them."""

    url: str = ""
    mood: Mood = "well"
    asked: list[tuple[Request, Json]] = field(default_factory=list)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/v1/chatkit/sessions", self._create, methods=["POST"])])

    async def _create(self, request: Request) -> Response:
        body: Json = json.loads(await request.body())
        self.asked.append((request, body))
        match self.mood:
            case "wrong key":
                return _error(401, f"Incorrect API key provided: {KEY}.", "invalid_api_key")
            case "too many":
                headers = {"Retry-After": "50"}
                return _error(429, "Rate limit reached.", "rate_limit_exceeded", headers)
            case "broken":
                return _error(500, "The server had an error.", None)
            case "a web page":
                return HTMLResponse("<h1>Sign in to the network</h1>")
            case "another object":
                return JSONResponse({"object": "list", "data": []})
            case "half an object":
                return Response(b'{"client_secret": "ek_', media_type="application/json")
            case "no text":
                return Response(b"\xff\xfe", media_type="application/json")
            case "silent":
                await self.closing.wait()
        return JSONResponse(_session(body, len(self.asked)))


def _session(body: Json, number: int) -> Json:
    return {
        "id": f"cksess_{number}",
        "object": "chatkit.session",
        "client_secret": SECRET,
        "expires_at": int(time()) + 600,
        "user": body["user"],
        "status": "active",
        "workflow": {**body["workflow"], "state_variables": {}, "tracing": {"enabled": True}},
        "max_requests_per_1_minute": 10,
        "rate_limits": {"max_requests_per_1_minute": 10},
        "chatkit_configuration": {
            "automatic_thread_titling": {"enabled": True},
            "file_upload": {"enabled": False, "max_file_size": 512, "max_files": 10},
            "history": {"enabled": True, "recent_threads": None},
        },
    }


def _error(
    status: int, message: str, code: str | None, headers: dict[str, str] | None = None
) -> Response:
    error = {"message": message, "type": "error", "param": None, "code": code}
    return JSONResponse({"error": error}, status, headers)


@pytest.fixture
async def openai_service() -> AsyncIterator[OpenAIService]:
    service = OpenAIService()
    async with serving(service.app) as url:
        service.url = f"{url}/v1"
        yield service
        service.closing.set()


def settings_for(url: str) -> dict[str, Any]:
    return {
        "auth": ("jwt", "cookie"),
        "jwt_secret": SecretStr(JWT_SECRET),
        "session_mode": "openai",
        "openai_api_key": SecretStr(KEY),
        "openai_base_url": url,
        "chatkit_workflow_id": "wf_68f",
    }


@pytest.fixture
async def client(served: Serve, openai_service: OpenAIService) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(await served(settings=settings_for(openai_service.url))) as one:
        one.headers["Authorization"] = f"Bearer {token()}"
        yield one


def token(user: str = "ada") -> str:
    return jwt.encode({"sub": user, "exp": int(time()) + 300}, JWT_SECRET)


async def test_the_hosted_services_secret_is_handed_on(client: httpx.AsyncClient) -> None:
    answer = await client.post(SESSION)

    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    issued = answer.json()
    assert issued["client_secret"] == SECRET
    assert issued["session_id"] == "cksess_1"
    assert 595 <= issued["expires_at"] - time() <= 605
    assert KEY not in answer.text


async def test_the_hosted_service_is_asked_with_the_operators_key_for_the_operators_workflow(
    client: httpx.AsyncClient, openai_service: OpenAIService
) -> None:
    await client.post(SESSION)

    [(request, body)] = openai_service.asked
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["openai-beta"] == "chatkit_beta=v1"
    assert body == {"user": "default/ada", "workflow": {"id": "wf_68f"}}


async def test_whoever_is_not_known_costs_the_operator_nothing(
    client: httpx.AsyncClient, openai_service: OpenAIService
) -> None:
    del client.headers["Authorization"]

    refused = [await client.post(SESSION), await client.post(REFRESH)]
    client.headers["Authorization"] = "Bearer somebody-elses"
    refused += [await client.post(SESSION), await client.post(REFRESH)]
    del client.headers["Authorization"]
    refused.append(await client.post(REFRESH, json={"client_secret": SECRET}))

    assert [answer.status_code for answer in refused] == [401] * 5
    assert openai_service.asked == []


async def test_refreshing_is_another_session_for_whoever_is_known(
    client: httpx.AsyncClient, openai_service: OpenAIService
) -> None:
    del client.headers["Authorization"]
    client.cookies["auth_token"] = token()

    answer = await client.post(REFRESH, json={"client_secret": SECRET})

    assert answer.status_code == 200, answer.text
    assert answer.json()["client_secret"] == SECRET
    assert [body["user"] for _, body in openai_service.asked] == ["default/ada"]


async def test_a_refresh_counts_once_against_the_addresss_limit(
    served: Serve, openai_service: OpenAIService
) -> None:
    settings = {**settings_for(openai_service.url), "address_requests_per_minute": 10}
    async with client_of(await served(settings=settings)) as client:
        client.cookies["auth_token"] = token()
        answer = await client.post(REFRESH, json={"client_secret": SECRET})

    assert answer.headers["ratelimit-remaining"] == "9"


@pytest.mark.parametrize(
    "mood",
    [
        "wrong key",
        "too many",
        "broken",
        "a web page",
        "another object",
        "half an object",
        "no text",
    ],
)
async def test_what_goes_wrong_there_is_a_clear_answer_without_the_key(
    client: httpx.AsyncClient, openai_service: OpenAIService, mood: Mood
) -> None:
    openai_service.mood = mood

    with kept("chatkit_backend") as lines:
        answer = await client.post(SESSION)

    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "session_unavailable"
    assert "retry-after" in answer.headers
    assert len(lines.of("openai_session_failed")) == 1, "the operator is told"
    for written in (answer.text, str(answer.headers), lines.text):
        assert KEY not in written
        assert SECRET not in written

    openai_service.mood = "well"
    assert (await client.post(SESSION)).status_code == 200


async def test_a_hosted_service_that_is_away_is_a_clear_answer_too(served: Serve) -> None:
    url = await served(settings=settings_for(f"http://127.0.0.1:{free_port()}/v1"))
    async with client_of(url) as client:
        answer = await client.post(SESSION, headers={"Authorization": f"Bearer {token()}"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "session_unavailable")


@pytest.mark.parametrize("mood", ["silent", "too many"])
async def test_nobody_waits_longer_than_the_limit_for_the_hosted_service(
    openai_service: OpenAIService, mood: Mood
) -> None:
    openai_service.mood = mood  # "too many" asks to be left alone for 50 s
    make_client = partial(AsyncOpenAI, api_key=KEY, base_url=openai_service.url, max_retries=1)
    issuer = OpenAISessions(make_client, "wf_68f", timeout_s=0.3)
    try:
        async with asyncio.timeout(20):
            with pytest.raises(Unavailable):
                await issuer.issue(Identity(principal=Principal(user_id="ada")))
    finally:
        await issuer.close()


async def test_an_application_that_starts_again_asks_the_hosted_service_again(
    make_settings: MakeSettings, openai_service: OpenAIService
) -> None:
    app = create_app(make_settings(**settings_for(openai_service.url)))
    for _ in range(2):
        async with serving(app) as url, client_of(url) as client:
            headers = {"Authorization": f"Bearer {token()}"}
            answers = await asyncio.gather(*(client.post(SESSION, headers=headers) for _ in "ab"))
        assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.parametrize("missing", ["openai_api_key", "chatkit_workflow_id"])
def test_hosted_sessions_need_a_key_and_a_workflow(
    make_settings: MakeSettings, missing: str
) -> None:
    settings = {**settings_for("http://127.0.0.1:1/v1"), missing: None}
    with pytest.raises(ConfigError, match=missing.upper()):
        create_app(make_settings(**settings))


@pytest.mark.parametrize("value", [None, [], {}, "x" * 4097])
async def test_a_state_variable_that_is_none_is_told_what_it_may_be(
    nobody: httpx.AsyncClient, make_key: MakeKey, value: object
) -> None:
    workflow = {"id": "wf", "state_variables": {"plan": value}}
    answer = await nobody.post(
        "/v1/chatkit/sessions",
        json={"user": "ada", "workflow": workflow},
        headers={"Authorization": f"Bearer {await make_key()}"},
    )

    error = answer.json()["error"]
    assert (answer.status_code, error["param"]) == (400, "workflow.state_variables.plan")
    assert "text of at most 4096 characters, a number or a boolean" in error["message"]
