"""An agent of your own: `chatkit-backend serve my_assistant:agent`."""

from datetime import UTC, datetime

from agents import Agent, RunContextWrapper, function_tool
from chatkit.agents import AgentContext

from chatkit_backend import RequestContext


@function_tool
def current_time(ctx: RunContextWrapper[AgentContext[RequestContext]]) -> str:
    """The current time, with the language that the person's browser asks for."""
    locale = ctx.context.request_context.locale or "unknown"
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC (the person's language: {locale})"


poet = Agent[AgentContext[RequestContext]](
    name="Poet",
    handoff_description="Writes short poems.",
    instructions="Answer with a poem of at most four lines.",
)

agent = Agent[AgentContext[RequestContext]](
    name="Assistant",
    instructions="You are a friendly assistant. Use your tools for facts.",
    tools=[current_time],
    handoffs=[poet],
)
