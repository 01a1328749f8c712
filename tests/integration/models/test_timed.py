"""Timeouts over HTTP."""

import asyncio

import pytest
from agents import Model
from tests.integration.models.asking import call_of, events_of, text_of

from chatkit_backend.models import FirstTokenTimeoutError, TimedModel, TokenTimeoutError
from chatkit_backend.testing.model_server import Answer, ModelServer, Say, Think, Wait

FOREVER = Wait(3600)


async def closed(server: ModelServer) -> bool:
    async with asyncio.timeout(1):
        return await server.requests[0].closed.wait()


@pytest.mark.parametrize("streamed", [True, False])
async def test_a_model_that_does_not_begin_is_given_up(
    server: ModelServer, upstream: Model, streamed: bool
) -> None:
    server.add(Answer(FOREVER))
    model = TimedModel(upstream, first_token_s=0.1, token_s=60)
    with pytest.raises(FirstTokenTimeoutError, match=r"0\.1 s"):
        await (events_of(model) if streamed else call_of().respond(model))
    assert await closed(server)


async def test_a_model_that_falls_silent_is_given_up(server: ModelServer, upstream: Model) -> None:
    server.add(Answer(Say("one two", between=FOREVER)))
    model = TimedModel(upstream, first_token_s=60, token_s=0.1)
    with pytest.raises(TokenTimeoutError, match=r"0\.1 s"):
        await events_of(model)
    assert await closed(server)


async def test_each_output_starts_the_clock_again(server: ModelServer, upstream: Model) -> None:
    server.add(Answer(Think("a b c"), Say("one two three four", between=Wait(0.2))))
    model = TimedModel(upstream, first_token_s=60, token_s=0.5)
    assert await text_of(model) == "one two three four"
