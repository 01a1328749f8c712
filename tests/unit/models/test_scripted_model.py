import asyncio

import pytest
from agents import Agent, function_tool
from openai.types.responses import ResponseInProgressEvent
from tests.integration.models.asking import Chat, call_of, events_of, text_in, text_of

from chatkit_backend.models.writer import ResponseWriter
from chatkit_backend.testing.scripted_model import ScriptedModel, ToolCall


@function_tool
def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


async def test_turns_are_played_in_order_and_calls_remembered() -> None:
    model = ScriptedModel([ToolCall("add", {"a": 1, "b": 2}), "It is 3."])
    assert await Chat(Agent(name="adder", model=model, tools=[add])).say("1 + 2?") == "It is 3."
    first, second = model.calls
    assert [tool.name for tool in first.tools] == ["add"]
    assert "function_call_output" in str(second.input)


async def test_a_gate_pauses_in_the_middle_of_a_message() -> None:
    gate = asyncio.Event()
    model = ScriptedModel([("It is", gate, " 3.")])
    async with call_of().stream(model) as events:
        async for event in events:
            if event.type == "response.output_text.delta" and event.delta == " is":
                break
        waiting = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        assert not waiting.done()
        gate.set()
        assert getattr(await waiting, "delta", None) == " 3."


async def test_an_exception_is_raised_where_it_stands() -> None:
    model = ScriptedModel([("Half", ConnectionError("gone"))])
    with pytest.raises(ConnectionError, match="gone"):
        await text_of(model)


async def test_events_are_passed_on_as_they_are() -> None:
    event = next(e for e in ResponseWriter("x").begin() if isinstance(e, ResponseInProgressEvent))
    events = await events_of(ScriptedModel([("a", event, "b")]))
    assert event in events


async def test_texts_around_a_call_are_messages_of_their_own() -> None:
    model = ScriptedModel([("Let me see.", ToolCall("add", "{broken"), "Done.")])
    kinds = [item.type for item in (await call_of().respond(model)).output]
    assert kinds == ["message", "function_call", "message"]


async def test_streamed_and_not_streamed_say_the_same() -> None:
    model = ScriptedModel(["Hello there", "Hello there"])
    assert await text_of(model) == text_in(await call_of().respond(model)) == "Hello there"


async def test_a_call_behind_the_script_says_what_is_missing() -> None:
    with pytest.raises(IndexError, match="no turn for call 1"):
        await text_of(ScriptedModel())
