"""One call of a model: what the Agents SDK passes to `Model` in ten arguments, as one value."""

from abc import abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from agents import (
    AgentOutputSchemaBase,
    Handoff,
    Model,
    ModelResponse,
    ModelSettings,
    ModelTracing,
    Tool,
    TResponseInputItem,
)
from agents.items import TResponseStreamEvent
from agents.retry import ModelRetryAdvice, ModelRetryAdviceRequest
from openai.types.responses.response_prompt_param import ResponsePromptParam

Events = AsyncGenerator[TResponseStreamEvent, None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """The arguments of `Model.get_response` and `Model.stream_response`."""

    system_instructions: str | None
    input: str | list[TResponseInputItem]
    settings: ModelSettings
    tools: list[Tool]
    output_schema: AgentOutputSchemaBase | None
    handoffs: list[Handoff[Any, Any]]
    tracing: ModelTracing
    previous_response_id: str | None
    conversation_id: str | None
    prompt: ResponsePromptParam | None

    async def respond(self, model: Model) -> ModelResponse:
        """Ask `model` for the whole answer."""
        return await model.get_response(
            self.system_instructions,
            self.input,
            self.settings,
            self.tools,
            self.output_schema,
            self.handoffs,
            self.tracing,
            previous_response_id=self.previous_response_id,
            conversation_id=self.conversation_id,
            prompt=self.prompt,
        )

    def opened(self, model: Model) -> AsyncIterator[TResponseStreamEvent]:
        """The answer of `model` as a stream that somebody else closes."""
        return model.stream_response(
            self.system_instructions,
            self.input,
            self.settings,
            self.tools,
            self.output_schema,
            self.handoffs,
            self.tracing,
            previous_response_id=self.previous_response_id,
            conversation_id=self.conversation_id,
            prompt=self.prompt,
        )

    @asynccontextmanager
    async def stream(self, model: Model) -> AsyncIterator[AsyncIterator[TResponseStreamEvent]]:
        """Open the answer of `model` as a stream, and close it at the end of the block.

        Leaving a generator for the garbage collector would keep the provider writing, and charging.
        """
        events = self.opened(model)
        try:
            yield events
        finally:
            if isinstance(events, AsyncGenerator):
                await events.aclose()


class CallModel(Model):
    """A `Model` written against one `ModelCall`.

    Implement `respond` and `stream`; the Agents SDK's methods are there.
    """

    @abstractmethod
    async def respond(self, call: ModelCall) -> ModelResponse:
        """Return the whole answer."""

    @abstractmethod
    def stream(self, call: ModelCall) -> Events:
        """Yield the answer's events as the Responses API names and orders them."""

    async def get_response(  # noqa: PLR0917  the Agents SDK's signature
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],  # noqa: A002  the Agents SDK's name
        model_settings: ModelSettings,
        tools: list[Tool],
        output_schema: AgentOutputSchemaBase | None,
        handoffs: list[Handoff[Any, Any]],
        tracing: ModelTracing,
        *,
        previous_response_id: str | None,
        conversation_id: str | None,
        prompt: ResponsePromptParam | None,
    ) -> ModelResponse:
        """See `agents.Model.get_response`."""
        return await self.respond(
            ModelCall(
                system_instructions=system_instructions,
                input=input,
                settings=model_settings,
                tools=tools,
                output_schema=output_schema,
                handoffs=handoffs,
                tracing=tracing,
                previous_response_id=previous_response_id,
                conversation_id=conversation_id,
                prompt=prompt,
            )
        )

    def stream_response(  # noqa: PLR0917  the Agents SDK's signature
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],  # noqa: A002  the Agents SDK's name
        model_settings: ModelSettings,
        tools: list[Tool],
        output_schema: AgentOutputSchemaBase | None,
        handoffs: list[Handoff[Any, Any]],
        tracing: ModelTracing,
        *,
        previous_response_id: str | None,
        conversation_id: str | None,
        prompt: ResponsePromptParam | None,
    ) -> Events:
        """See `agents.Model.stream_response`."""
        return self.stream(
            ModelCall(
                system_instructions=system_instructions,
                input=input,
                settings=model_settings,
                tools=tools,
                output_schema=output_schema,
                handoffs=handoffs,
                tracing=tracing,
                previous_response_id=previous_response_id,
                conversation_id=conversation_id,
                prompt=prompt,
            )
        )


class WrappedModel(CallModel):
    """A `Model` around another: override what varies, the rest passes through."""

    def __init__(self, inner: Model) -> None:
        self._inner = inner

    def prepared(self, call: ModelCall) -> ModelCall:
        """Return the call as the inner model shall get it."""
        return call

    async def respond(self, call: ModelCall) -> ModelResponse:
        """Return the inner model's answer."""
        return await self.prepared(call).respond(self._inner)

    def stream(self, call: ModelCall) -> Events:
        """The inner model's own stream: nothing is gained by handing on its events one by one."""
        events = self.prepared(call).opened(self._inner)
        return events if isinstance(events, AsyncGenerator) else _generated(events)

    async def close(self) -> None:
        """Close the inner model."""
        await self._inner.close()

    def get_retry_advice(self, request: ModelRetryAdviceRequest) -> ModelRetryAdvice | None:
        """Pass on the inner model's advice, for agents with `ModelSettings(retry=…)`."""
        return self._inner.get_retry_advice(request)


async def _generated(events: AsyncIterator[TResponseStreamEvent]) -> Events:
    async for event in events:
        yield event
