"""Text takes a shorter way than the Agents SDK's model, and nothing else changes."""

import asyncio
import json
import re
from collections.abc import Callable

import pytest
from agents import Model, OpenAIChatCompletionsModel, OpenAIResponsesModel
from agents.items import TResponseStreamEvent
from openai import AsyncOpenAI
from openai.types.responses import ResponseTextDeltaEvent
from tests.integration.models.asking import call_of, text_of
from tests.integration.models.odd_answers import ANSWERS

from chatkit_backend.models.call import Events, ModelCall, WrappedModel
from chatkit_backend.models.client import ModelClient
from chatkit_backend.models.providers import Api
from chatkit_backend.models.read_ahead import ReadAheadModel
from chatkit_backend.testing.model_server import Answer, ModelServer, Say, Wait

OF_ONE_ANSWER = re.compile(r"\b(resp|msg|fc|rs|call|chatcmpl)[_-][0-9a-z]+")
"""Ids that the server makes anew."""


class FixedPace:
    """A pace that a test sets."""

    def __init__(self, pause_s: float = 0.0) -> None:
        self.pause_s = pause_s
        self.turns = 0

    async def turn(self) -> None:
        self.turns += 1

    def later(self, pause_s: float, call: Callable[[], None]) -> None:
        asyncio.get_running_loop().call_later(pause_s, call)


@pytest.fixture
def model(client: AsyncOpenAI, api: Api) -> Model:
    """The Agents SDK's own."""
    if api == "responses":
        return OpenAIResponsesModel(model="test-model", openai_client=client)
    return OpenAIChatCompletionsModel(model="test-model", openai_client=client)


@pytest.fixture
def pace(client: AsyncOpenAI) -> FixedPace:
    assert isinstance(client, ModelClient)
    client.pacing = FixedPace()
    return client.pacing


@pytest.mark.parametrize("pause_s", [0.0, 0.005])
@pytest.mark.parametrize("name", ANSWERS)
async def test_the_events_are_those_of_the_sdk_s_model(
    server: ModelServer, model: Model, api: Api, pace: FixedPace, name: str, *, pause_s: float
) -> None:
    server.add(ANSWERS[name], ANSWERS[name])
    async with AsyncOpenAI(base_url=server.base_url, api_key="x", max_retries=0) as stock:
        theirs: Model = (
            OpenAIResponsesModel(model="test-model", openai_client=stock)
            if api == "responses"
            else OpenAIChatCompletionsModel(model="test-model", openai_client=stock)
        )
        expected = await _said_by(theirs)
    pace.pause_s = pause_s

    found = await _said_by(ReadAheadModel(model))

    assert found == expected


async def test_the_sdk_s_model_rests_while_only_text_comes(
    server: ModelServer, model: Model
) -> None:
    server.add(Answer(Say("one two three four five six", between=Wait(0.02))))
    inner = _Noting(model)
    assert await text_of(ReadAheadModel(inner)) == "one two three four five six"
    assert "".join(inner.texts) == "one two three four five six"
    assert " four five" in max(inner.texts, key=len)


@pytest.mark.parametrize("api", ["chat_completions"], indirect=True)
async def test_a_pause_joins_what_comes_meanwhile_and_never_holds_back_the_first(
    server: ModelServer, model: Model, pace: FixedPace
) -> None:
    go_on = asyncio.Event()
    more = Say("two three four", between=Wait(0.01))
    server.add(Answer(Say("one", between=None), Wait(go_on), more))
    pace.pause_s = 0.5
    pieces: list[str] = []
    async with call_of().stream(ReadAheadModel(model)) as events:
        async for event in events:
            if isinstance(event, ResponseTextDeltaEvent):
                pieces.append(event.delta)
                go_on.set()  # only now: the first was handed on without waiting for a second
    assert pieces == ["one", "two three four"]


async def test_leaving_in_a_pause_closes_the_request_at_once(
    server: ModelServer, model: Model, pace: FixedPace
) -> None:
    server.add(Answer("one", Wait(3600)))
    pace.pause_s = 3600
    begun = asyncio.Event()

    async def read() -> None:
        async with call_of().stream(ReadAheadModel(model)) as events:
            async for event in events:
                if isinstance(event, ResponseTextDeltaEvent):
                    begun.set()

    reader = asyncio.create_task(read())
    await begun.wait()
    reader.cancel()
    await asyncio.wait([reader])
    request = await server.request(1)
    assert await request.closed.wait()


async def test_a_connection_serves_the_next_request_after_pauses(
    server: ModelServer, model: Model, pace: FixedPace
) -> None:
    server.add(*(Answer(Say("one two three four", between=Wait(0.002))) for _ in range(5)))
    pace.pause_s = 0.003
    for _ in range(5):
        assert await text_of(ReadAheadModel(model)) == "one two three four"
    assert not any(request.closed.is_set() for request in server.requests)


async def test_each_request_waits_for_its_turn(
    server: ModelServer, model: Model, pace: FixedPace
) -> None:
    server.add("one", "two")
    await text_of(ReadAheadModel(model))
    await text_of(ReadAheadModel(model))
    assert pace.turns == 2


class _Noting(WrappedModel):
    """Notes the texts that its inner model yields."""

    def __init__(self, inner: Model) -> None:
        super().__init__(inner)
        self.texts: list[str] = []

    async def stream(self, call: ModelCall) -> Events:
        async for event in super().stream(call):
            if isinstance(event, ResponseTextDeltaEvent):
                self.texts.append(event.delta)
            yield event


async def _said_by(model: Model) -> list[object]:
    """Its events, texts that follow one another joined, without ids, and the failure at the end."""
    found: list[object] = []
    try:
        async with call_of().stream(model) as events:
            async for event in events:
                _add(found, event)
    except Exception as exc:  # noqa: BLE001  whatever it is, it must be the same
        found.append((type(exc), str(exc)))
    return found


def _add(found: list[object], event: TResponseStreamEvent) -> None:
    said = json.loads(OF_ONE_ANSWER.sub("an id", event.model_dump_json(warnings=False)))
    for name in ("sequence_number", "created_at"):
        said.pop(name, None)
        said.get("response", {}).pop(name, None)
    before = found[-1] if found else None
    if said["type"].endswith(".delta") and isinstance(before, dict):
        together = {**said, "delta": before.get("delta", "") + said["delta"]}
        if before == {**together, "delta": before.get("delta")}:
            found[-1] = together
            return
    found.append(said)
