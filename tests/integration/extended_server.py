"""A `ChatKitServer` as somebody may have it: every extension point is overridden."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from agents import Agent, Model, Runner
from chatkit.actions import Action
from chatkit.agents import AgentContext, simple_to_agent_input, stream_agent_response
from chatkit.server import ChatKitServer
from chatkit.store import AttachmentStore, Store
from chatkit.types import (
    Attachment,
    AttachmentCreateParams,
    AudioInput,
    FeedbackKind,
    FileAttachment,
    StreamOptions,
    SyncCustomActionResponse,
    ThreadItem,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    TranscriptionResult,
    UserMessageItem,
    WidgetItem,
)
from chatkit.widgets import Card, Text

Context = Mapping[str, Any]


class Files(AttachmentStore[Context]):
    """An attachment store that remembers what it was asked to delete."""

    def __init__(self) -> None:
        self.deleted: list[str] = []

    async def create_attachment(
        self,
        input: AttachmentCreateParams,
        context: Context,
    ) -> Attachment:
        return FileAttachment(
            id=self.generate_attachment_id(input.mime_type, context),
            name=input.name,
            mime_type=input.mime_type,
            metadata={"internal": "not for clients"},
        )

    async def delete_attachment(self, attachment_id: str, context: Context) -> None:
        self.deleted.append(attachment_id)


class ExtendedServer(ChatKitServer[Context]):
    """Follows the SDK's guides: `simple_to_agent_input`, `stream_agent_response`, naive times."""

    def __init__(self, store: Store[Context], model: Model) -> None:
        self.files = Files()
        super().__init__(store, self.files)
        self.agent = Agent[AgentContext[Context]](name="Assistant", model=model)
        self.feedback: list[tuple[list[str], FeedbackKind]] = []
        self.cancelled: asyncio.Queue[list[ThreadItem]] = asyncio.Queue()

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Context
    ) -> AsyncIterator[ThreadStreamEvent]:
        assert context["request"] is not None
        assert context.get("user_id")
        page = await self.store.load_thread_items(thread.id, None, 20, "desc", context)
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        result = Runner.run_streamed(
            self.agent, await simple_to_agent_input(page.data[::-1]), context=agent_context
        )
        async for event in stream_agent_response(agent_context, result):
            yield event

    async def action(
        self,
        thread: ThreadMetadata,
        action: Action[str, Any],
        sender: WidgetItem | None,
        context: Context,
    ) -> AsyncIterator[ThreadStreamEvent]:
        if action.type == "rename":
            thread.title = action.payload["title"]
        yield ThreadItemDoneEvent(item=widget_item(f"{action.type} done", thread))

    async def sync_action(
        self,
        thread: ThreadMetadata,
        action: Action[str, Any],
        sender: WidgetItem | None,
        context: Context,
    ) -> SyncCustomActionResponse:
        return SyncCustomActionResponse(updated_item=sender)

    async def add_feedback(
        self, thread_id: str, item_ids: list[str], feedback: FeedbackKind, context: Context
    ) -> None:
        self.feedback.append((item_ids, feedback))

    async def transcribe(self, audio_input: AudioInput, context: Context) -> TranscriptionResult:
        return TranscriptionResult(
            text=f"{len(audio_input.data)} bytes of {audio_input.media_type}"
        )

    def get_stream_options(self, thread: ThreadMetadata, context: Context) -> StreamOptions:
        return StreamOptions(allow_cancel=False)

    async def handle_stream_cancelled(
        self, thread: ThreadMetadata, pending_items: list[ThreadItem], context: Context
    ) -> None:
        await super().handle_stream_cancelled(thread, pending_items, context)
        self.cancelled.put_nowait(pending_items)


def widget_item(text: str, thread: ThreadMetadata) -> WidgetItem:
    return WidgetItem(
        id=f"wid_{text.replace(' ', '_')}",
        thread_id=thread.id,
        created_at=datetime.now(),  # noqa: DTZ005  as the SDK and its samples do
        widget=Card(children=[Text(value=text)]),
    )
