"""The client that does not walk through every message sends what the stock client sends."""

import json
import re

import pytest
from agents import (
    Agent,
    Model,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    RunConfig,
    Runner,
    TResponseInputItem,
    function_tool,
)
from openai import AsyncOpenAI

from chatkit_backend.models.untransformed import UntransformedClient
from chatkit_backend.testing import ModelServer
from chatkit_backend.testing.model_server import Answer, Call

HISTORY: list[TResponseInputItem] = [
    {"role": "user", "content": "plain"},
    {"role": "assistant", "content": "an answer"},
    {
        "role": "user",
        "content": [
            {"type": "input_text", "text": "a part"},
            {"type": "input_image", "image_url": "https://x.test/i.png", "detail": "auto"},
        ],
    },
    {"type": "function_call", "call_id": "c1", "name": "double", "arguments": '{"n": 1}'},
    {"type": "function_call_output", "call_id": "c1", "output": "2"},
    {"role": "user", "content": "and 4?"},
]


@function_tool
def double(n: int) -> int:
    """Double a number."""
    return 2 * n


@pytest.mark.parametrize("api", ["responses", "chat_completions"])
@pytest.mark.parametrize("streamed", [True, False])
async def test_the_bodies_are_those_of_the_stock_client(api: str, *, streamed: bool) -> None:
    bodies = []
    for kind in (AsyncOpenAI, UntransformedClient):
        script: list[Answer | str] = [Answer(Call("double", {"n": 4})), "8"]
        async with ModelServer(script) as upstream:
            async with kind(base_url=upstream.base_url, api_key="x", max_retries=0) as client:
                model: Model = (
                    OpenAIResponsesModel("m", client)
                    if api == "responses"
                    else OpenAIChatCompletionsModel("m", client)
                )
                agent = Agent(name="A", instructions="Be brief.", model=model, tools=[double])
                config = RunConfig(tracing_disabled=True)
                if streamed:
                    result = Runner.run_streamed(agent, list(HISTORY), run_config=config)
                    async for _ in result.stream_events():
                        pass
                    assert result.final_output == "8"
                else:
                    ended = await Runner.run(agent, list(HISTORY), run_config=config)
                    assert ended.final_output == "8"
            sent = json.dumps([request.body for request in upstream.requests])
            bodies.append(re.sub(r"\b(call|fc|msg|resp)_[0-9a-z]+", "an id of the server's", sent))

    stock, ours = bodies
    assert "and 4?" in stock
    assert json.loads(ours) == json.loads(stock)
