"""The catalog, from settings to the request that a provider sees."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest
from agents import Agent, ModelSettings, RunConfig
from pydantic import SecretStr
from tests.integration.models.asking import Chat, text_of

from chatkit_backend.models import ModelCatalog
from chatkit_backend.models.catalog import MAX_CACHED
from chatkit_backend.models.providers import Api
from chatkit_backend.settings import Settings
from chatkit_backend.testing.model_server import Answer, HttpError, ModelServer, Say, Wait

NewCatalog = Callable[..., ModelCatalog]


@pytest.fixture
async def new_catalog(server: ModelServer, api: Api) -> AsyncIterator[NewCatalog]:
    async with AsyncExitStack() as stack:

        def build(**settings: object) -> ModelCatalog:
            given: dict[str, object] = {
                "openai_base_url": server.base_url,
                "llm_api": api,
                "model_retries": 0,
                **settings,
            }
            catalog = ModelCatalog.from_settings(Settings.model_validate(given))
            stack.push_async_callback(catalog.aclose)
            return catalog

        yield build


def chat_with(catalog: ModelCatalog, model: str | None = None) -> Chat:
    return Chat(
        Agent(name="a", model=model, instructions="Be brief."),
        RunConfig(
            model_provider=catalog,
            model_settings=ModelSettings(max_tokens=50),
            tracing_disabled=True,
        ),
    )


async def test_an_agent_without_a_model_is_answered_by_the_default(
    server: ModelServer, new_catalog: NewCatalog, api: Api
) -> None:
    catalog = new_catalog(model_name="my-model", openai_api_key=SecretStr("sk-secret"))
    assert await chat_with(catalog).say("Hi") == "You said: Hi (turn 1)"
    request = server.requests[0]
    assert request.api == api
    assert request.model == catalog.default_name == "my-model"
    assert request.headers["authorization"] == "Bearer sk-secret"
    assert request.headers["user-agent"].startswith("chatkit-backend/")


async def test_an_agent_s_own_model_name_is_asked_for(
    server: ModelServer, new_catalog: NewCatalog
) -> None:
    await chat_with(new_catalog(model_name="default"), "gpt-5").say("Hi")
    assert server.requests[0].model == "gpt-5"


async def test_parameters_implied_for_openai_s_default_model_are_not_sent_to_another(
    server: ModelServer, new_catalog: NewCatalog
) -> None:
    await chat_with(new_catalog(model_name="llama")).say("Hi")
    body = server.requests[0].body
    assert not {"reasoning", "reasoning_effort", "verbosity", "text"} & body.keys()
    assert body.get("max_tokens", body.get("max_output_tokens")) == 50


async def test_local_servers_need_no_key_and_get_no_account(
    server: ModelServer, new_catalog: NewCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-1")
    await chat_with(new_catalog()).say("Hi")
    headers = server.requests[0].headers
    assert headers["authorization"] == "Bearer not-needed"
    assert not {"openai-organization", "openai-project"} & headers.keys()


async def test_clients_may_choose_only_what_is_listed(new_catalog: NewCatalog) -> None:
    catalog = new_catalog(model_name="a", model_choices="b, c")
    allowed = [name for name in ("a", "b", "c", "d", "") if catalog.allows(name)]
    assert allowed == ["a", "b", "c"]


async def test_fallbacks_answer_for_a_model_that_fails(
    server: ModelServer, new_catalog: NewCatalog
) -> None:
    server.add(HttpError(status=503), HttpError(status=503), "Hello")
    catalog = new_catalog(model_name="a", model_fallbacks="b,a,c")
    assert await text_of(catalog.get_model(None)) == "Hello"
    assert [request.model for request in server.requests] == ["a", "b", "c"]


async def test_a_slow_model_is_retried_after_its_timeout(
    server: ModelServer, new_catalog: NewCatalog
) -> None:
    server.add(Answer(Wait(3600)), "Hello")
    catalog = new_catalog(model_retries=1, model_first_token_timeout_s=0.5)
    assert await text_of(catalog.get_model(None)) == "Hello"


async def test_models_are_kept_and_their_number_is_bounded(new_catalog: NewCatalog) -> None:
    catalog = new_catalog()
    first = catalog.get_model("model-0")
    assert catalog.get_model("model-0") is first
    for number in range(1, MAX_CACHED + 1):
        catalog.get_model(f"model-{number}")
    assert catalog.get_model("model-0") is not first


async def test_closing_ends_open_streams_and_may_be_repeated(
    server: ModelServer, new_catalog: NewCatalog
) -> None:
    server.add(Answer(Say("one two", between=Wait(3600))))
    catalog = new_catalog()
    asking = asyncio.create_task(text_of(catalog.get_model(None)))
    request = await server.request(1)
    await catalog.aclose()
    await catalog.aclose()
    async with asyncio.timeout(1):
        await request.closed.wait()
    asking.cancel()
    await asyncio.wait([asking])


@pytest.mark.parametrize("api", ["responses"], indirect=True)
async def test_without_a_provider_every_name_is_the_offline_model(
    monkeypatch: pytest.MonkeyPatch, api: Api
) -> None:
    catalog = ModelCatalog.from_settings(Settings(llm_provider="offline"))
    assert catalog.provider_name == catalog.default_name == "offline"
    assert "No language model is configured" in await text_of(catalog.get_model("gpt-5"))
    await catalog.aclose()
