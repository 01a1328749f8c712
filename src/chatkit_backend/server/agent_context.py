"""The context that an agent's tools get: the SDK's, with what it gets wrong put right."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeAlias

from agents import StreamEvent
from chatkit.agents import AgentContext
from chatkit.server import stream_widget
from chatkit.store import StoreItemType
from chatkit.types import (
    DurationSummary,
    Task,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    Workflow,
    WorkflowItem,
    WorkflowSummary,
    WorkflowTaskAdded,
)
from chatkit.widgets import WidgetRoot
from pydantic import PrivateAttr

from chatkit_backend.models.short_way import MoreText, PushedWay

from .context import RequestContext

CHANNEL_EVENTS = 256
"""Events of the agent and of its tools that may wait; then the model and the tools wait."""

ChannelItem: TypeAlias = StreamEvent | MoreText | ThreadStreamEvent | BaseException | None
"""An agent's event, more of its text, a tool's event, why the agent ended, or None at its end."""


class ChatContext(AgentContext[RequestContext]):
    """`AgentContext` for tools of an `AgentServer`: `ctx.context.request_context` says who asks.

    Beyond the SDK's: times are aware UTC (its own subtract naive from stored times), a task's
    index is its place in the list (equal tasks got the first one's), and a tool's events and the
    agent's take one bounded channel, so that their order is the order in which they happened.
    """

    # Unused: `_channel` takes its place. The SDK's default is a queue that is copied deeply.
    _events: asyncio.Queue[Any] = PrivateAttr(default_factory=asyncio.Queue)
    _channel: asyncio.Queue[ChannelItem] = PrivateAttr(
        default_factory=lambda: asyncio.Queue(CHANNEL_EVENTS)
    )

    @property
    def channel(self) -> asyncio.Queue[ChannelItem]:
        """Where the agent's and the tools' events meet."""
        return self._channel

    @cached_property
    def short_way(self) -> PushedWay:
        """How text comes into the channel past the agent's loop."""
        return PushedWay(self._channel)

    async def stream(self, event: ThreadStreamEvent) -> None:
        """Send an event to the thread's reader, in order with the answer."""
        await self._channel.put(event)

    async def stream_widget(
        self,
        widget: WidgetRoot | AsyncGenerator[WidgetRoot, None],
        copy_text: str | None = None,
    ) -> None:
        """Stream a widget, or its states one after the other, into the thread."""
        new_id: Callable[[StoreItemType], str] = self.generate_id
        async for event in stream_widget(self.thread, widget, copy_text, new_id):
            await self.stream(event)

    async def start_workflow(self, workflow: Workflow) -> None:
        """Begin a workflow; one without tasks is shown with its first task."""
        self.workflow_item = self._new_workflow(workflow)
        if workflow.type == "reasoning" or workflow.tasks:
            await self.stream(_added(self.workflow_item))

    async def add_workflow_task(self, task: Task) -> None:
        """Append a task to the workflow; begins one if there is none."""
        if self.workflow_item is None:
            self.workflow_item = self._new_workflow(Workflow(type="custom", tasks=[]))
        workflow = self.workflow_item.workflow
        workflow.tasks.append(task)
        if workflow.type != "reasoning" and len(workflow.tasks) == 1:
            await self.stream(_added(self.workflow_item))
            return
        update = WorkflowTaskAdded(task=task, task_index=len(workflow.tasks) - 1)
        await self.stream(ThreadItemUpdatedEvent(item_id=self.workflow_item.id, update=update))

    async def end_workflow(
        self, summary: WorkflowSummary | None = None, expanded: bool = False
    ) -> None:
        """Finish the workflow, with its duration as summary unless there is another."""
        if self.workflow_item is None:
            return
        await self.stream(self.finish_workflow(summary, expanded=expanded))

    def finish_workflow(
        self, summary: WorkflowSummary | None = None, *, expanded: bool = False
    ) -> ThreadItemDoneEvent:
        """Close the open workflow and return its done event. Raises: ValueError without one."""
        item = self.workflow_item
        if item is None:
            raise ValueError("there is no open workflow; call start_workflow first")
        if summary is not None:
            item.workflow.summary = summary
        elif item.workflow.summary is None:
            elapsed = datetime.now(UTC) - item.created_at.astimezone(UTC)
            item.workflow.summary = DurationSummary(duration=int(elapsed.total_seconds()))
        item.workflow.expanded = expanded
        self.workflow_item = None
        return ThreadItemDoneEvent(item=item)

    def open_reasoning(self) -> ThreadItemAddedEvent:
        """Begin a workflow that shows the model's reasoning and return its added event."""
        self.workflow_item = self._new_workflow(Workflow(type="reasoning", tasks=[]))
        return _added(self.workflow_item)

    def _new_workflow(self, workflow: Workflow) -> WorkflowItem:
        return WorkflowItem(
            id=self.generate_id("workflow"),
            created_at=datetime.now(UTC),
            workflow=workflow,
            thread_id=self.thread.id,
        )


def _added(item: WorkflowItem) -> ThreadItemAddedEvent:
    # A copy, because the event may wait in a queue while tasks are added to the item.
    return ThreadItemAddedEvent(item=item.model_copy(deep=True))
