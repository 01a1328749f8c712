"""The offline model, through the Agents SDK's runner where it matters."""

import asyncio
from collections import Counter

import pytest
from agents import Agent, ModelSettings, RunConfig, Runner, TResponseInputItem, function_tool
from agents.items import TResponseStreamEvent
from openai.types.responses import (
    ResponseCompletedEvent,
    ResponseFunctionToolCall,
    ResponseOutputMessage,
    ResponseTextDeltaEvent,
)
from tests.integration.models.asking import Chat, call_of, events_of, text_in, text_of

from chatkit_backend.models import OfflineModel
from chatkit_backend.models.offline_reply import MAX_LONG_WORDS

NOTICE = "No language model is configured"


@function_tool
def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


@pytest.fixture
def model() -> OfflineModel:
    return OfflineModel(delay_s=0)


@pytest.fixture
def chat(model: OfflineModel) -> Chat:
    return Chat(Agent(name="offline", model=model, tools=[add]))


async def test_the_first_answer_of_each_conversation_says_what_it_is_and_how_to_change_it(
    model: OfflineModel, chat: Chat
) -> None:
    first = await chat.say("Hello")
    assert NOTICE in first
    assert "OPENAI_API_KEY" in first
    assert ".env" in first
    assert NOTICE not in await chat.say("Hello again")
    assert NOTICE in await Chat(Agent(name="other", model=model)).say("Hello")


async def test_it_remembers_the_conversation(chat: Chat) -> None:
    await chat.say("Hello, my name is Ada")
    second = await chat.say("What do you know?")
    assert "Message 2" in second
    assert "> Hello, my name is Ada" in second
    assert "**Ada**" in await chat.say("What is my name?")


async def test_it_does_not_invent_a_name(chat: Chat) -> None:
    assert "not told me your name" in await chat.say("what's my name")


async def test_it_calls_a_tool_and_reports_the_output(chat: Chat) -> None:
    answer = await chat.say('/call add {"a": 20, "b": 22}')
    assert "`add`" in answer
    assert "42" in answer


async def test_it_calls_tools_again_in_a_later_turn(chat: Chat) -> None:
    await chat.say('/call add {"a": 1, "b": 1}')
    assert "5" in await chat.say('/call add {"a": 2, "b": 3}')


@pytest.mark.parametrize("command", ["/call", "/call nope", '/call nope {"a": 1}'])
async def test_an_unknown_tool_is_answered_with_the_list(chat: Chat, command: str) -> None:
    assert '/call add {"a": "integer", "b": "integer"}' in await chat.say(command)


@pytest.mark.parametrize("arguments", ["{", "[1]", "1", "{'a': 1}"])
async def test_bad_arguments_are_answered_with_an_example(chat: Chat, arguments: str) -> None:
    answer = await chat.say(f"/call add {arguments}")
    assert "JSON" in answer
    assert "/call add {" in answer


async def test_an_agent_without_tools_says_so(model: OfflineModel) -> None:
    assert "no tools" in await text_of(model, call_of("/call x"))


async def test_it_hands_off_to_another_agent(model: OfflineModel) -> None:
    other = Agent(name="Billing", model=model)
    result = await Runner.run(
        Agent(name="Front", model=model, handoffs=[other]),
        "/call transfer_to_billing",
        run_config=RunConfig(tracing_disabled=True),
    )
    assert result.last_agent is other
    assert "transfer_to_billing" in result.final_output


@pytest.mark.parametrize("number", [1, 50, 500])
async def test_long_writes_as_many_words(model: OfflineModel, number: int) -> None:
    text = await text_of(model, call_of(told(f"/long {number}")))
    assert len(text.split()) == number


async def test_long_is_bounded_and_says_so(model: OfflineModel) -> None:
    text = await text_of(model, call_of(told("/long 99999999999")))
    assert text.startswith(f"`/long` writes {MAX_LONG_WORDS} words at most.")
    assert text.endswith(f" word{MAX_LONG_WORDS}")


@pytest.mark.parametrize("argument", ["", "many", "-3", "1.5", "²"])
async def test_long_without_a_number_is_explained(model: OfflineModel, argument: str) -> None:
    assert "/long 500" in await text_of(model, call_of(told(f"/long {argument}")))


async def test_max_tokens_limits_the_words(model: OfflineModel) -> None:
    call = call_of(told("/long 500"), ModelSettings(max_tokens=20))
    text = await text_of(model, call)
    assert text.startswith("word1 ")
    assert "word20 " in text
    assert "word21" not in text
    assert "MAX_TOKENS" in text


async def test_its_events_have_the_shape_of_a_real_response(model: OfflineModel) -> None:
    events = await events_of(model, call_of(told("/long 2")))
    assert [event.type for event in events] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert [event.sequence_number for event in events] == list(range(10))
    last = events[-1]
    assert isinstance(last, ResponseCompletedEvent)
    assert last.response.status == "completed"
    assert last.response.output_text == "word1 word2"
    assert last.response.usage is not None
    assert last.response.usage.output_tokens == 2
    assert last.response.usage.input_tokens > 0


async def test_every_id_is_new(model: OfflineModel) -> None:
    ids: Counter[str] = Counter()
    for _ in range(3):
        for command in ("Hello", '/call add {"a": 1, "b": 2}'):
            last = await completed(model, command)
            ids[last.response.id] += 1
            for item in last.response.output:
                assert isinstance(item, (ResponseOutputMessage, ResponseFunctionToolCall))
                ids[str(item.id)] += 1
                if isinstance(item, ResponseFunctionToolCall):
                    ids[item.call_id] += 1
    assert set(ids.values()) == {1}
    assert len(ids) == 15


async def completed(model: OfflineModel, text: str) -> ResponseCompletedEvent:
    agent = Agent(name="a", model=model, tools=[add])
    result = Runner.run_streamed(agent, text, run_config=RunConfig(tracing_disabled=True))
    async for event in result.stream_events():
        if event.type == "raw_response_event" and isinstance(event.data, ResponseCompletedEvent):
            result.cancel()
            return event.data
    raise AssertionError("the run ended without a completed response")


async def test_an_answer_that_is_not_streamed_is_the_same(model: OfflineModel) -> None:
    response = await call_of("Hello").respond(model)
    assert text_in(response) == await text_of(model, call_of("Hello"))
    assert response.usage.requests == 1


async def test_a_title_is_the_first_words_without_the_notice(model: OfflineModel) -> None:
    response = await model.get_response(
        "Write a title of at most six words.",
        "How do I boil an egg on a mountain?",
        ModelSettings(max_tokens=64),
        tools=[],
        output_schema=None,
        handoffs=[],
        tracing=call_of().tracing,
        previous_response_id=None,
        conversation_id=None,
        prompt=None,
    )
    assert text_in(response) == "How do I boil an egg"


async def test_markup_in_a_tool_s_output_stays_inside_its_block(model: OfflineModel) -> None:
    given: list[TResponseInputItem] = [
        {"role": "user", "content": "/call read"},
        {"type": "function_call", "call_id": "c1", "name": "read", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": "```\n# not a heading"},
    ]
    assert "````\n```\n# not a heading\n````" in await text_of(model, call_of(given))


async def test_long_messages_are_quoted_in_part(model: OfflineModel) -> None:
    assert len(await text_of(model, call_of("x" * 100_000))) < 2_000


async def test_words_come_one_by_one_and_the_wait_between_them_can_be_cancelled() -> None:
    seen: list[TResponseStreamEvent] = []
    arrived = asyncio.Event()

    async def read() -> None:
        async with call_of("Hello").stream(OfflineModel(delay_s=3600)) as events:
            async for event in events:
                seen.append(event)
                if event.type == "response.content_part.added":
                    arrived.set()

    reading = asyncio.create_task(read())
    await arrived.wait()
    reading.cancel()
    await asyncio.wait([reading], timeout=1)
    assert reading.cancelled()
    assert not any(isinstance(event, ResponseTextDeltaEvent) for event in seen)


def told(text: str) -> list[TResponseInputItem]:
    """A conversation whose first answer is behind it, so that the notice is not written."""
    return [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "Hi."},
        {"role": "user", "content": text},
    ]
