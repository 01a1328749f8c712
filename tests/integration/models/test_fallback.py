"""Fallback over HTTP: another model answers when the first cannot begin."""

import pytest
from agents import Model, OpenAIChatCompletionsModel, OpenAIResponsesModel
from openai import APIStatusError, AsyncOpenAI
from openai.types.responses import ResponseTextDeltaEvent
from tests.integration.models.asking import call_of, events_of, text_in, text_of

from chatkit_backend.models import FallbackModel
from chatkit_backend.models.providers import Api
from chatkit_backend.models.terminal import TerminalModel
from chatkit_backend.testing.model_server import Answer, Fail, HttpError, ModelServer, Say


@pytest.fixture
def fallback(client: AsyncOpenAI, api: Api) -> FallbackModel:
    def model(name: str) -> Model:
        if api == "responses":
            return TerminalModel(OpenAIResponsesModel(model=name, openai_client=client))
        return TerminalModel(OpenAIChatCompletionsModel(model=name, openai_client=client))

    return FallbackModel([(name, model(name)) for name in ("first", "second", "third")])


def asked(server: ModelServer) -> list[str]:
    return [request.model for request in server.requests]


@pytest.mark.parametrize(
    "failure",
    [
        HttpError(status=503),
        HttpError(status=429),
        HttpError(status=404, code="model_not_found"),
        HttpError(status=400, code="context_length_exceeded"),
        Answer(Fail()),
    ],
)
async def test_the_next_model_answers_unseen(
    server: ModelServer, fallback: FallbackModel, failure: Answer | HttpError
) -> None:
    server.add(failure, failure, "Hello")
    events = await events_of(fallback)
    assert asked(server) == ["first", "second", "third"]
    assert [event.type for event in events].count("response.created") == 1
    assert "".join(e.delta for e in events if isinstance(e, ResponseTextDeltaEvent)) == "Hello"


async def test_answers_that_are_not_streamed_fall_back_alike(
    server: ModelServer, fallback: FallbackModel
) -> None:
    server.add(HttpError(status=503), "Hello")
    assert text_in(await call_of().respond(fallback)) == "Hello"
    assert asked(server) == ["first", "second"]


@pytest.mark.parametrize(
    "failure",
    [
        HttpError(status=401, code="invalid_api_key"),
        HttpError(status=429, code="insufficient_quota"),
        HttpError(status=400),
    ],
)
async def test_what_fails_everywhere_is_raised_at_once(
    server: ModelServer, fallback: FallbackModel, failure: HttpError
) -> None:
    server.add(failure)
    with pytest.raises(APIStatusError):
        await text_of(fallback)
    assert asked(server) == ["first"]


async def test_the_last_model_s_failure_is_raised(
    server: ModelServer, fallback: FallbackModel
) -> None:
    server.add(HttpError(status=503), HttpError(status=502), HttpError(status=500))
    with pytest.raises(APIStatusError) as caught:
        await text_of(fallback)
    assert caught.value.status_code == 500


async def test_no_other_model_takes_over_after_the_first_output(
    server: ModelServer, fallback: FallbackModel
) -> None:
    server.add(Answer(Say("Half of"), Fail()))
    with pytest.raises(Exception, match="error"):
        await text_of(fallback)
    assert asked(server) == ["first"]


def test_no_models_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="one model or more"):
        FallbackModel([])
