"""A backend on a real socket with SQLite, a scripted agent, and a client that keeps cookies."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from agents import Agent
from chatkit.agents import AgentContext
from fastapi import FastAPI
from pydantic import SecretStr
from tests.serving import client_of, serving

from chatkit_backend import RequestContext, Settings, create_app
from chatkit_backend.testing import ScriptedModel

SECRET = "only for tests, but of thirty-two characters or more"

MakeSettings: TypeAlias = Callable[..., Settings]
ChatAgent: TypeAlias = Agent[AgentContext[RequestContext]]


@pytest.fixture
def make_settings(tmp_path: Path) -> MakeSettings:
    """Settings for one test; nothing of the environment but what is given."""

    def make(**given: Any) -> Settings:
        values: dict[str, Any] = {
            "database_url": SecretStr(f"sqlite:///{tmp_path / 'chat.sqlite3'}"),
            "llm_provider": "offline",
            "secret_key": SecretStr(SECRET),
            "shutdown_grace_s": 5,
            **given,
        }
        return Settings.model_validate(values)

    return make


@pytest.fixture
def model() -> ScriptedModel:
    """The model of `agent`. It answers "Hello!" unless a test gives it a script."""
    return ScriptedModel(["Hello!"] * 5000)


@pytest.fixture
def agent(model: ScriptedModel) -> ChatAgent:
    return ChatAgent(name="Assistant", instructions="Be brief.", model=model)


@pytest.fixture
def app(make_settings: MakeSettings, agent: ChatAgent) -> FastAPI:
    return create_app(make_settings(), agent=agent)


@pytest.fixture
async def url(app: FastAPI) -> AsyncIterator[str]:
    async with serving(app) as base:
        yield base


@pytest.fixture
async def client(url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(url) as one:
        yield one


@pytest.fixture
async def stranger(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Another browser: another person."""
    async with client_of(url) as one:
        yield one
