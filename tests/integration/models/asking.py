"""Short ways to ask a model in tests."""

from dataclasses import dataclass, field

from agents import (
    Agent,
    Model,
    ModelResponse,
    ModelSettings,
    ModelTracing,
    RunConfig,
    Runner,
    TResponseInputItem,
)
from agents.items import TResponseStreamEvent
from openai.types.responses import ResponseOutputMessage, ResponseOutputText, ResponseTextDeltaEvent

from chatkit_backend.models.call import ModelCall


def call_of(
    given: str | list[TResponseInputItem] = "Hello", settings: ModelSettings | None = None
) -> ModelCall:
    return ModelCall(
        system_instructions="Be brief.",
        input=given,
        settings=settings or ModelSettings(),
        tools=[],
        output_schema=None,
        handoffs=[],
        tracing=ModelTracing.DISABLED,
        previous_response_id=None,
        conversation_id=None,
        prompt=None,
    )


async def events_of(model: Model, call: ModelCall | None = None) -> list[TResponseStreamEvent]:
    async with (call or call_of()).stream(model) as events:
        return [event async for event in events]


async def text_of(model: Model, call: ModelCall | None = None) -> str:
    events = await events_of(model, call)
    return "".join(e.delta for e in events if isinstance(e, ResponseTextDeltaEvent))


def text_in(response: ModelResponse) -> str:
    return "".join(
        part.text
        for item in response.output
        if isinstance(item, ResponseOutputMessage)
        for part in item.content
        if isinstance(part, ResponseOutputText)
    )


@dataclass
class Chat:
    """A conversation with an agent, turn by turn, as a server keeps it: answers are plain text."""

    agent: Agent[None]
    run_config: RunConfig = field(default_factory=lambda: RunConfig(tracing_disabled=True))
    history: list[TResponseInputItem] = field(default_factory=list)

    async def say(self, text: str) -> str:
        self.history.append({"role": "user", "content": text})
        result = Runner.run_streamed(self.agent, list(self.history), run_config=self.run_config)
        async for _ in result.stream_events():
            pass
        answer = str(result.final_output)
        self.history.append({"role": "assistant", "content": answer})
        return answer
