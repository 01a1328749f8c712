"""An agent's streamed run as thread events."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime

from agents import (
    InputGuardrailTripwireTriggered,
    OutputGuardrailTripwireTriggered,
    StreamEvent,
)
from agents.stream_events import (
    AgentUpdatedStreamEvent,
    RawResponsesStreamEvent,
    RunItemStreamEvent,
)
from chatkit.agents import ResponseStreamConverter
from chatkit.types import (
    ClientToolCallItem,
    ProgressUpdateEvent,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadStreamEvent,
)

from chatkit_backend.models.short_way import MoreText

from .agent_context import ChatContext
from .agent_run import AgentRun
from .response_events import ResponseEvents


class Answer:
    """One run of an agent, converted event by event. Iterate `events()` once.

    Replaces the SDK's `stream_agent_response`, whose message ids are the provider's (all alike on
    chat completions), which starts two tasks for every event, and which fails on a function call
    without an id.
    """

    def __init__(
        self,
        context: ChatContext,
        run: AgentRun,
        images: ResponseStreamConverter | None = None,
    ) -> None:
        self._context = context
        self._run = run
        self._responses = ResponseEvents(context, images or ResponseStreamConverter())
        self._produced: list[str] = []

    async def events(self) -> AsyncGenerator[ThreadStreamEvent, None]:
        """Yield the thread's events until the agent ends. Leaving early stops the model.

        Raises: what the agent raises, after everything that came before it.
        """
        try:
            async with aclosing(self._run.events()) as events:
                async for event in events:
                    if isinstance(event, MoreText):
                        for more in self._responses.more(event):
                            yield more
                        continue
                    for converted in await self._converted(event):
                        if isinstance(converted, (ThreadItemAddedEvent, ThreadItemDoneEvent)):
                            self._produced.append(converted.item.id)
                        yield converted
        except (InputGuardrailTripwireTriggered, OutputGuardrailTripwireTriggered):
            for item_id in dict.fromkeys(self._produced):
                yield ThreadItemRemovedEvent(item_id=item_id)
            raise
        for closing in self._closing():
            yield closing

    async def _converted(
        self, event: StreamEvent | ThreadStreamEvent
    ) -> Sequence[ThreadStreamEvent]:
        match event:
            case RawResponsesStreamEvent():
                return await self._responses.convert(event.data)
            case RunItemStreamEvent():
                progress = _tool_progress(event)
                return () if progress is None else (progress,)
            case AgentUpdatedStreamEvent():
                return ()
            case _:
                return self._from_tool(event)

    def _from_tool(self, event: ThreadStreamEvent) -> list[ThreadStreamEvent]:
        """A tool's own event; one that shows something new ends the open workflow first."""
        context = self._context
        before: list[ThreadStreamEvent] = []
        if isinstance(event, (ThreadItemAddedEvent, ThreadItemDoneEvent)):
            item, open_item = event.item, context.workflow_item
            if (
                open_item is not None
                and open_item.id != item.id
                and item.type not in {"client_tool_call", "hidden_context_item"}
            ):
                before.append(context.finish_workflow())
            if isinstance(event, ThreadItemAddedEvent) and item.type == "workflow":
                context.workflow_item = item
        return [*before, event]

    def _closing(self) -> list[ThreadStreamEvent]:
        """What is left at a regular end: an open workflow and the call for the client's tool.

        A workflow that waits for the client's tool stays open: it goes on with the tool's output.
        """
        context = self._context
        events: list[ThreadStreamEvent] = []
        if context.workflow_item is not None:
            waits = context.client_tool_call is not None
            events.append(
                ThreadItemDoneEvent(item=context.workflow_item)
                if waits
                else context.finish_workflow()
            )
        if call := context.client_tool_call:
            events.append(
                ThreadItemDoneEvent(
                    item=ClientToolCallItem(
                        id=context.generate_id("tool_call"),
                        # Ours, not the model's: small servers number calls anew in every answer.
                        call_id=context.generate_id("tool_call").replace("tc_", "call_", 1),
                        thread_id=context.thread.id,
                        created_at=datetime.now(UTC),
                        name=call.name,
                        arguments=call.arguments,
                    )
                )
            )
        return events


def _tool_progress(event: RunItemStreamEvent) -> ProgressUpdateEvent | None:
    if event.name != "tool_called":
        return None
    name = getattr(event.item.raw_item, "name", None)
    if not isinstance(name, str):
        return None
    return ProgressUpdateEvent(text=f"Using {name.replace('_', ' ')} …")
