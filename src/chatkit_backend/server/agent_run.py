"""An agent at work, as the events of which its answer is made."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Protocol, TypeAlias

from agents import (
    Agent,
    Model,
    RawResponsesStreamEvent,
    RunResultStreaming,
    StreamEvent,
)
from chatkit.agents import AgentContext
from chatkit.types import ThreadStreamEvent

from chatkit_backend.models.short_way import MoreText, PushedWay

from .agent_context import ChannelItem, ChatContext
from .context import RequestContext

ChatAgent: TypeAlias = Agent[AgentContext[RequestContext]]

AgentEvent: TypeAlias = StreamEvent | MoreText | ThreadStreamEvent
"""An agent's event, more of its text, or an event that one of its tools streams."""


class AgentRun(Protocol):
    """A run of an agent."""

    def events(self) -> AsyncGenerator[AgentEvent, None]:
        """What happens, until the agent has ended; closing it stops the model.

        Raises: what ends the agent, after everything that came before it.
        """
        ...


class LoopRun:
    """A run of the Agents SDK's loop. The agent's events and its tools' take one channel.

    Args:
        result: The loop, started with `short_way()` open.
        context: What its tools stream into.
    """

    def __init__(self, result: RunResultStreaming, context: ChatContext) -> None:
        self._result = result
        self._channel = context.channel
        self._way: PushedWay = context.short_way

    async def events(self) -> AsyncGenerator[AgentEvent, None]:
        """See `AgentRun.events`."""
        pump = asyncio.create_task(self._pump())
        try:
            while (event := await self._next(pump)) is not None:
                if isinstance(event, BaseException):
                    raise event
                if isinstance(event, RawResponsesStreamEvent):
                    # A model of the developer's own may wrap ours and want to see each piece.
                    of_others = isinstance(self._result.current_agent.model, Model)
                    self._way.reached = None if of_others else event.data
                yield event
        finally:
            self._result.cancel()
            pump.cancel()
            await asyncio.wait([pump])

    async def _next(self, pump: "asyncio.Task[None]") -> ChannelItem:
        if pump.done() and self._channel.empty():  # it ended when there was no room to say so
            return RuntimeError("the agent's run was cancelled from outside")
        return await self._channel.get()

    async def _pump(self) -> None:
        channel = self._channel
        try:
            async for event in self._result.stream_events():
                await channel.put(event)
        except asyncio.CancelledError:
            # Nobody reads any more if it was us; if it was not, the reader must not wait for ever.
            with suppress(asyncio.QueueFull):
                channel.put_nowait(RuntimeError("the agent's run was cancelled from outside"))
            raise
        except Exception as exc:  # noqa: BLE001  raised again by the reader, in order
            await channel.put(exc)
        else:
            await channel.put(None)
