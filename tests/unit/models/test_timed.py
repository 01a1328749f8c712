import asyncio

import pytest
from tests.integration.models.asking import call_of, events_of, text_of

from chatkit_backend.models import FirstTokenTimeoutError, TimedModel, TokenTimeoutError
from chatkit_backend.testing.scripted_model import ScriptedModel


async def test_events_that_confirm_the_request_are_not_output() -> None:
    model = TimedModel(ScriptedModel([asyncio.Event()]), first_token_s=0.05, token_s=60)
    with pytest.raises(FirstTokenTimeoutError):
        await events_of(model)


async def test_after_the_first_output_the_other_timeout_holds() -> None:
    model = TimedModel(ScriptedModel([("one", asyncio.Event())]), first_token_s=60, token_s=0.05)
    with pytest.raises(TokenTimeoutError):
        await events_of(model)


async def test_the_time_that_the_reader_takes_does_not_count() -> None:
    model = TimedModel(ScriptedModel(["one two three"]), first_token_s=60, token_s=0.2)
    words = 0
    async with call_of().stream(model) as events:
        async for event in events:
            if event.type == "response.output_text.delta":
                words += 1
                await asyncio.sleep(0.3 if words == 1 else 0)
    assert words == 3


async def test_a_timeout_error_of_the_model_s_own_is_not_taken_for_ours() -> None:
    model = TimedModel(ScriptedModel([TimeoutError("a tool's")]), first_token_s=60, token_s=60)
    with pytest.raises(TimeoutError, match="a tool's"):
        await text_of(model)
