"""A backend that knows its users: API keys, sessions and tokens, on a real socket."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, TypeAlias

import httpx
import pytest
from fastapi import FastAPI
from openai import AsyncOpenAI
from pydantic import SecretStr
from tests.integration.conftest import ChatAgent, MakeSettings
from tests.serving import client_of, serving

from chatkit_backend import Backend, create_app

JWT_SECRET = "of a test, though of thirty-two characters and more"

MakeKey: TypeAlias = Callable[..., Awaitable[str]]
Serve: TypeAlias = Callable[..., Awaitable[str]]


SUMMARY = pytest.StashKey[list[str]]()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for line in config.stash.get(SUMMARY, []):
        terminalreporter.write_line(line)


@pytest.fixture
def summary(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Adds a line to what the terminal shows when all tests have run."""
    return request.config.stash.setdefault(SUMMARY, []).append


def backend_of(app: FastAPI) -> Backend:
    found = app.state.backend
    assert isinstance(found, Backend)
    return found


@pytest.fixture
def auth() -> dict[str, Any]:
    """Settings of the app; tests parametrize or override it."""
    return {
        "auth": ("session", "jwt", "cookie"),
        "jwt_secret": SecretStr(JWT_SECRET),
        "credential_cache_s": 0,
    }


@pytest.fixture
def app(make_settings: MakeSettings, agent: ChatAgent, auth: dict[str, Any]) -> FastAPI:
    return create_app(make_settings(**auth), agent=agent)


@pytest.fixture
async def make_key(app: FastAPI, url: str) -> MakeKey:
    """Makes API keys of the running app."""
    del url  # it runs

    async def make(tenant: str = "default") -> str:
        secret, _ = await backend_of(app).access.keys.create("a test", tenant=tenant)
        return secret

    return make


@pytest.fixture
async def openai_client(url: str, make_key: MakeKey) -> AsyncIterator[AsyncOpenAI]:
    """The official client, with nothing changed but its base URL and key."""
    client = AsyncOpenAI(base_url=f"{url}/v1", api_key=await make_key(), max_retries=0)
    yield client
    await client.close()


@pytest.fixture
async def nobody(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client without credentials."""
    async with client_of(url) as one:
        yield one


@pytest.fixture
async def served(make_settings: MakeSettings, agent: ChatAgent) -> AsyncIterator[Serve]:
    """Serves further apps with settings of their own, until the test ends."""
    async with AsyncExitStack() as running:

        async def serve(*, settings: dict[str, Any], **options: Any) -> str:
            given = {"agent": agent, **options}
            made = create_app(make_settings(**settings), **given)
            return await running.enter_async_context(serving(made))

        yield serve
