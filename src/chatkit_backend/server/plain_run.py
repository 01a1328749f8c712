"""The run of an agent that only talks: one call of its model.

Most agents of most sites have instructions and a model. For one of these the Agents SDK's loop
prepares tools, handoffs, guardrails, sessions and a resumable state to find that there are none;
that took a quarter of a short answer's CPU. `tests/integration/test_short_ways.py` compares what
both yield, and what both send.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from agents import (
    Agent,
    ItemHelpers,
    ModelBehaviorError,
    ModelProvider,
    ModelRefusalError,
    ModelSettings,
    RawResponsesStreamEvent,
    TResponseInputItem,
)
from agents.models import get_default_model_settings
from agents.models.interface import ModelTracing
from openai.types.responses import (
    Response,
    ResponseCompletedEvent,
    ResponseFunctionToolCall,
    ResponseOutputMessage,
)

from chatkit_backend.models.call import ModelCall
from chatkit_backend.models.short_way import PulledWay, shown

from .agent_run import AgentEvent, ChatAgent


def is_plain(agent: ChatAgent, given: Sequence[TResponseInputItem]) -> bool:
    """Whether there is nothing to an answer of `agent` but its model's.

    The model must be one of the catalog's, and the history only messages: what else the Agents SDK
    would do with other models and items is not repeated here.
    """
    return (
        type(agent) is Agent
        and (agent.model is None or isinstance(agent.model, str))
        and not (agent.tools or agent.mcp_servers or agent.handoffs)
        and not (agent.input_guardrails or agent.output_guardrails)
        and agent.hooks is None
        and agent.prompt is None
        and (agent.instructions is None or isinstance(agent.instructions, str))
        and (agent.output_type is None or agent.output_type is str)
        and agent.model_settings.retry is None
        and agent.model_settings.timeout is None
        and all(map(_is_message, given))
    )


class PlainRun:
    """One streamed call of a plain agent's model."""

    def __init__(
        self,
        agent: ChatAgent,
        given: list[TResponseInputItem],
        models: ModelProvider,
        *,
        chosen: str | None,
    ) -> None:
        """Ask `models` for the model that the user has chosen, or for the agent's."""
        self._agent = agent
        self._given = given
        self._models = models
        self._chosen = chosen

    async def events(self) -> AsyncGenerator[AgentEvent, None]:
        """See `AgentRun`. Raises: ModelRefusalError; ModelBehaviorError; what the model raises."""
        model = self._models.get_model(self._chosen or _name(self._agent))
        way = PulledWay()
        async with self._call().stream(model) as events:
            with shown(way):  # not to what runs between two events: it may have a model of its own
                event = await anext(events, None)
            while event is not None:
                yield RawResponsesStreamEvent(data=event)
                if isinstance(event, ResponseCompletedEvent):
                    _refuse_what_is_no_answer(event.response, self._agent)
                    return
                async with aclosing(way.more(event)) as more:
                    async for text in more:
                        yield text
                event = await anext(events, None)
        raise ModelBehaviorError("Model did not produce a final response!")

    def _call(self) -> ModelCall:
        instructions = self._agent.instructions
        return ModelCall(
            system_instructions=instructions if isinstance(instructions, str) else None,
            input=self._given,
            settings=self._settings(),
            tools=[],
            output_schema=None,
            handoffs=[],
            tracing=ModelTracing.DISABLED,
            previous_response_id=None,
            conversation_id=None,
            prompt=None,
        )

    def _settings(self) -> ModelSettings:
        """The agent's own; those that the Agents SDK implies for a model follow the model."""
        agent = self._agent
        if self._chosen is not None and agent.model_settings == _implied(_name(agent)):
            return _implied(self._chosen)
        return agent.model_settings


def _name(agent: ChatAgent) -> str | None:
    return agent.model if isinstance(agent.model, str) else None


def _implied(name: str | None) -> ModelSettings:
    return get_default_model_settings() if name is None else get_default_model_settings(name)


def _is_message(item: TResponseInputItem) -> bool:
    return item.get("type", "message") == "message"


def _refuse_what_is_no_answer(response: Response, agent: ChatAgent) -> None:
    for item in response.output:
        if isinstance(item, ResponseFunctionToolCall):
            raise ModelBehaviorError(f"Tool {item.name} not found in agent {agent.name}")
    messages = [item for item in response.output if isinstance(item, ResponseOutputMessage)]
    refusal = ItemHelpers.extract_refusal(messages[-1]) if messages else None
    if refusal:
        raise ModelRefusalError(refusal)
