"""Answers over HTTP, with the real client, on both protocols."""

import asyncio

import pytest
from agents import Agent, Model, RunConfig, Runner, function_tool
from openai import AsyncOpenAI, BadRequestError
from openai.types.responses import ResponseCompletedEvent, ResponseReasoningItem
from tests.integration.models.asking import Chat, call_of, events_of, text_in, text_of

from chatkit_backend.models import ModelStreamError
from chatkit_backend.models.providers import Api
from chatkit_backend.testing.model_server import (
    Answer,
    Call,
    Fail,
    ModelServer,
    Refuse,
    Say,
    Stop,
    Think,
    Truncate,
    Wait,
)


@function_tool
def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


async def test_ten_turns_with_tools_give_ten_answers_in_order(
    server: ModelServer, upstream: Model
) -> None:
    chat = Chat(Agent(name="adder", model=upstream, tools=[add]))
    for turn in range(10):
        server.add(Answer(Call("add", {"a": turn, "b": 1})), f"It is {turn + 1}.")
        assert await chat.say(f"{turn} + 1?") == f"It is {turn + 1}."
    assert len(server.requests) == 20
    assert server.requests[-1].user_texts == [f"{turn} + 1?" for turn in range(10)]


async def test_without_a_script_the_server_echoes_and_counts_turns(
    server: ModelServer, upstream: Model
) -> None:
    chat = Chat(Agent(name="echo", model=upstream))
    assert await chat.say("one") == "You said: one (turn 1)"
    assert await chat.say("two") == "You said: two (turn 2)"


async def test_an_answer_that_is_not_streamed_is_the_same(
    server: ModelServer, upstream: Model
) -> None:
    server.add(Answer(Say("All at once"), usage=(7, 3)))
    response = await call_of().respond(upstream)
    assert text_in(response) == "All at once"
    assert (response.usage.input_tokens, response.usage.output_tokens) == (7, 3)


async def test_reasoning_comes_before_the_text(server: ModelServer, upstream: Model) -> None:
    server.add(Answer(Think("Let me see."), Say("Done.", citations=("https://example.org",))))
    last = (await events_of(upstream))[-1]
    assert isinstance(last, ResponseCompletedEvent)
    assert isinstance(last.response.output[0], ResponseReasoningItem)
    assert last.response.output_text == "Done."


async def test_a_refusal_is_an_answer(server: ModelServer, upstream: Model) -> None:
    server.add(Answer(Refuse("I cannot help with that.")))
    last = (await events_of(upstream))[-1]
    assert isinstance(last, ResponseCompletedEvent)
    assert "I cannot help with that." in last.response.model_dump_json()


async def test_an_answer_cut_by_max_tokens_completes(server: ModelServer, upstream: Model) -> None:
    server.add(Answer("As far as it", Truncate()), "Go on.")
    chat = Chat(Agent(name="writer", model=upstream))
    assert await chat.say("Tell me everything") == "As far as it"
    assert await chat.say("And?") == "Go on."


async def test_a_cut_answer_without_text_fails(server: ModelServer, upstream: Model) -> None:
    server.add(Answer(Think("Hmm"), Truncate()))
    with pytest.raises(Exception, match=r"max_output_tokens|finish_reason='length'"):
        await events_of(upstream)


@pytest.mark.parametrize("api", ["responses"], indirect=True)
@pytest.mark.parametrize("failure", [Fail(code="server_error"), Fail("server_error", event=True)])
async def test_a_failure_in_the_stream_raises_its_code(
    server: ModelServer, upstream: Model, failure: Fail
) -> None:
    server.add(Answer("Half", failure))
    with pytest.raises(ModelStreamError) as caught:
        await events_of(upstream)
    assert caught.value.code == "server_error"


@pytest.mark.parametrize("api", ["responses"], indirect=True)
async def test_a_stream_without_its_last_event_is_a_failure(
    server: ModelServer, upstream: Model
) -> None:
    server.add(Answer("Half", Stop()))
    with pytest.raises(ModelStreamError, match="stream_cut"):
        await events_of(upstream)


@pytest.mark.parametrize("api", ["responses"], indirect=True)
async def test_an_incomplete_answer_that_is_not_streamed_raises_its_reason(
    server: ModelServer, upstream: Model
) -> None:
    server.add(Answer("As far as it", Truncate()))
    with pytest.raises(ModelStreamError) as caught:
        await call_of().respond(upstream)
    assert caught.value.code == "max_output_tokens"


@pytest.mark.parametrize("api", ["chat_completions"], indirect=True)
async def test_chat_completions_refuse_output_text_parts(client: AsyncOpenAI) -> None:
    part = {"type": "output_text", "text": "Hi"}
    messages = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": [part]}]
    with pytest.raises(BadRequestError, match="output_text"):
        await client.post(
            "/chat/completions", cast_to=object, body={"model": "m", "messages": messages}
        )


@pytest.mark.parametrize("api", ["chat_completions"], indirect=True)
async def test_chat_completions_refuse_an_output_without_its_call(client: AsyncOpenAI) -> None:
    messages = [
        {"role": "user", "content": "Hi"},
        {"role": "tool", "tool_call_id": "call_1", "content": "3"},
    ]
    with pytest.raises(BadRequestError, match="must be a response to a"):
        await client.post(
            "/chat/completions", cast_to=object, body={"model": "m", "messages": messages}
        )


@pytest.mark.parametrize("api", ["responses"], indirect=True)
async def test_responses_refuse_a_call_without_its_output(client: AsyncOpenAI) -> None:
    call = {"type": "function_call", "call_id": "call_1", "name": "add", "arguments": "{}"}
    with pytest.raises(BadRequestError, match="No tool output found"):
        await client.post("/responses", cast_to=object, body={"model": "m", "input": [call]})


async def test_a_complete_answer_leaves_its_connection_for_the_next(
    server: ModelServer, upstream: Model
) -> None:
    await text_of(upstream)
    await text_of(upstream)
    first, second = server.requests
    assert first.closed is second.closed
    assert not first.closed.is_set()


async def test_a_consumer_that_stops_reading_closes_the_upstream_stream(
    server: ModelServer, upstream: Model
) -> None:
    server.add(Answer(Say("one two three", between=Wait(3600))))
    async with call_of().stream(upstream) as events:
        async for event in events:
            if event.type == "response.output_text.delta" and event.delta:
                break
    async with asyncio.timeout(1):
        await server.requests[0].closed.wait()


async def test_a_cancelled_run_closes_the_upstream_stream(
    server: ModelServer, upstream: Model
) -> None:
    server.add(Answer(Say("one two three", between=Wait(3600))))
    result = Runner.run_streamed(
        Agent(name="a", model=upstream), "Hello", run_config=RunConfig(tracing_disabled=True)
    )
    async for event in result.stream_events():
        if event.type == "raw_response_event" and event.data.type.endswith("text.delta"):
            result.cancel()
    async with asyncio.timeout(1):
        await server.requests[0].closed.wait()


@pytest.mark.parametrize("streamed", [True, False])
async def test_a_call_cancelled_before_its_answer_closes_the_connection(
    server: ModelServer, upstream: Model, api: Api, streamed: bool
) -> None:
    server.add(Answer(Wait(3600)))
    asking = asyncio.ensure_future(events_of(upstream) if streamed else call_of().respond(upstream))
    request = await server.request(1)
    asking.cancel()
    async with asyncio.timeout(1):
        await request.closed.wait()
    assert asking.cancelled() or asking.done()
