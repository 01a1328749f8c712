from collections.abc import AsyncIterator

import pytest
from agents import Model, OpenAIChatCompletionsModel, OpenAIResponsesModel
from openai import AsyncOpenAI
from pydantic import SecretStr

from chatkit_backend.models.client import new_client
from chatkit_backend.models.providers import OPENAI, Api, ChosenProvider
from chatkit_backend.models.terminal import TerminalModel
from chatkit_backend.testing.model_server import ModelServer


@pytest.fixture(params=["responses", "chat_completions"])
def api(request: pytest.FixtureRequest) -> Api:
    return "responses" if request.param == "responses" else "chat_completions"


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as server:
        yield server


@pytest.fixture
async def client(server: ModelServer, api: Api) -> AsyncIterator[AsyncOpenAI]:
    chosen = ChosenProvider(
        provider=OPENAI,
        base_url=server.base_url,
        api=api,
        key=SecretStr("sk-test-0123456789abcdef"),
        default_model="test-model",
    )
    client = new_client(chosen, connect_timeout_s=5)
    yield client
    await client.close()


@pytest.fixture
def upstream(client: AsyncOpenAI, api: Api) -> Model:
    """The Agents SDK's model over the real client, as the catalog wraps it innermost."""
    if api == "responses":
        return TerminalModel(OpenAIResponsesModel(model="test-model", openai_client=client))
    return TerminalModel(OpenAIChatCompletionsModel(model="test-model", openai_client=client))
