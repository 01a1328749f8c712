"""Retries over HTTP: when, how often, how long after, and never after the first output."""

import pytest
from agents import Model
from openai import APIConnectionError, APIStatusError
from openai.types.responses import ResponseTextDeltaEvent
from tests.integration.models.asking import call_of, events_of, text_in, text_of

from chatkit_backend.models import Backoff, ModelStreamError, RetriedModel
from chatkit_backend.models.providers import Api
from chatkit_backend.testing.model_server import Answer, Cut, Fail, HttpError, ModelServer, Say

BUSY = HttpError(status=503, code="overloaded", message="Overloaded")


class Waits:
    """Records how long a retry would have waited, and does not wait."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


async def collect(model: Model, seen: list[str]) -> None:
    async with call_of().stream(model) as events:
        async for event in events:
            seen += [event.delta] if isinstance(event, ResponseTextDeltaEvent) else []


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def retried(upstream: Model, waits: Waits) -> RetriedModel:
    backoff = Backoff(first_s=1, most_s=20, jitter=0.5)
    return RetriedModel(upstream, retries=2, backoff=backoff, sleep=waits, chance=lambda: 0.5)


@pytest.mark.parametrize(
    "failure",
    [
        BUSY,
        HttpError(status=500),
        HttpError(status=408),
        HttpError(status=409),
        HttpError(status=429, code="rate_limit_exceeded"),
        Answer(Cut()),
        Answer(Fail()),
        Answer(Fail(event=True)),
    ],
    ids=["503", "500", "408", "409", "429", "cut", "failed", "error"],
)
async def test_a_failure_that_may_pass_is_tried_again_unseen(
    server: ModelServer, retried: RetriedModel, waits: Waits, failure: Answer | HttpError
) -> None:
    server.add(failure, failure, "Hello")
    events = await events_of(retried)
    assert len(server.requests) == 3
    assert waits.seconds == [0.75, 1.5]
    assert [event.type for event in events].count("response.created") == 1
    assert "".join(e.delta for e in events if isinstance(e, ResponseTextDeltaEvent)) == "Hello"


async def test_an_answer_that_is_not_streamed_is_tried_again_alike(
    server: ModelServer, retried: RetriedModel, waits: Waits
) -> None:
    server.add(BUSY, Answer(Fail()), "Hello")
    assert text_in(await call_of().respond(retried)) == "Hello"
    assert waits.seconds == [0.75, 1.5]


async def test_the_last_failure_is_raised(server: ModelServer, retried: RetriedModel) -> None:
    server.add(BUSY, BUSY, HttpError(status=500))
    with pytest.raises(APIStatusError) as caught:
        await events_of(retried)
    assert caught.value.status_code == 500
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "7"}, 7),
        ({"retry-after-ms": "250"}, 0.25),
        ({"Retry-After": "9", "retry-after-ms": "250"}, 0.25),
        ({"Retry-After": "3600"}, 20),
        ({"Retry-After": "soon"}, 0.75),
    ],
)
async def test_the_provider_says_when_to_come_back(
    server: ModelServer,
    retried: RetriedModel,
    waits: Waits,
    headers: dict[str, str],
    wait: float,
) -> None:
    server.add(HttpError(status=429, headers=headers), "Hello")
    assert await text_of(retried) == "Hello"
    assert waits.seconds == [wait]


@pytest.mark.parametrize(
    "failure",
    [
        HttpError(status=400),
        HttpError(status=401, code="invalid_api_key"),
        HttpError(status=403),
        HttpError(status=404, code="model_not_found"),
        HttpError(status=429, code="insufficient_quota"),
        HttpError(status=400, code="context_length_exceeded"),
    ],
)
async def test_a_failure_that_stays_is_not_tried_again(
    server: ModelServer, retried: RetriedModel, waits: Waits, failure: HttpError
) -> None:
    server.add(failure)
    with pytest.raises(APIStatusError):
        await events_of(retried)
    assert len(server.requests) == 1
    assert waits.seconds == []


@pytest.mark.parametrize("failure", [Cut(), Fail()])
async def test_nothing_is_tried_again_after_the_first_output(
    server: ModelServer, retried: RetriedModel, failure: Cut | Fail
) -> None:
    server.add(Answer(Say("Half of"), failure))
    seen: list[str] = []
    with pytest.raises(Exception, match="error"):
        await collect(retried, seen)
    assert "".join(seen) == "Half of"
    assert len(server.requests) == 1


async def test_a_refused_connection_is_tried_again(
    server: ModelServer, retried: RetriedModel, waits: Waits, api: Api
) -> None:
    await server.__aexit__(None, None, None)
    with pytest.raises((APIConnectionError, ModelStreamError)):
        await events_of(retried)
    assert len(waits.seconds) == 2
