"""`POST /api/conversation`: the plain conversation protocol, on the same threads.

For clients that want to send a text and show a text, without widgets or workflows.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Literal

import orjson
from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ChatKitReq,
    ErrorEvent,
    InferenceOptions,
    ThreadAddUserMessageParams,
    ThreadCreateParams,
    ThreadItem,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadsAddUserMessageReq,
    ThreadsCreateReq,
    ThreadStreamEvent,
    UserMessageContent,
    UserMessageInput,
    UserMessageItem,
    UserMessageTextContent,
)
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, ValidationError
from starlette.responses import Response

from chatkit_backend.errors import BadRequest
from chatkit_backend.runs import Run

from .body import read_body
from .callers import Callers
from .chatkit import ChatKitOperations
from .chatkit_request import parse_json
from .event_stream import EventStream
from .framing import SSE, framed
from .route import BackendRoute


class InputText(BaseModel):
    """A text in a message."""

    type: Literal["input_text"]
    text: str


class UserMessage(BaseModel):
    """The item to create."""

    type: Literal["message"]
    role: Literal["user"]
    content: list[InputText] = Field(min_length=1, max_length=100)


class ConversationItemCreate(BaseModel):
    """The one request of the protocol. Without `conversation_id` a conversation begins."""

    type: Literal["conversation.item.create"]
    conversation_id: str | None = None
    item: UserMessage
    metadata: dict[str, object] = Field(default_factory=dict)


def conversation_routes(
    operations: ChatKitOperations, callers: Callers, *, max_body_bytes: int, heartbeat_s: float
) -> APIRouter:
    """The route of the plain conversation protocol."""
    router = APIRouter(route_class=BackendRoute, tags=["conversation"])

    @router.post("/api/conversation", operation_id="conversation")
    async def conversation(request: Request) -> Response:
        """Send a user message; the answer comes as server-sent events."""
        created = _parse(await read_body(request, max_body_bytes))
        caller = await callers.identify(request, created.metadata)
        run = await operations.handle(_as_chatkit(created), caller)
        if not isinstance(run, Run):
            raise TypeError(f"a message leads to a run, not to {type(run).__name__}")
        return EventStream(framed(_events(run, heartbeat_s), SSE), SSE, run.leave)

    return router


def _parse(body: bytes) -> ConversationItemCreate:
    try:
        return ConversationItemCreate.model_validate(parse_json(body))
    except ValidationError as exc:
        error = exc.errors(include_url=False, include_input=False)[0]
        path = ".".join(map(str, error["loc"]))
        raise BadRequest("invalid_request", f"{path}: {error['msg']}.") from None


def _as_chatkit(created: ConversationItemCreate) -> ChatKitReq:
    content: list[UserMessageContent] = [
        UserMessageTextContent(text=part.text) for part in created.item.content
    ]
    given = UserMessageInput(content=content, attachments=[], inference_options=InferenceOptions())
    if created.conversation_id is None:
        return ThreadsCreateReq(
            params=ThreadCreateParams(input=given), metadata=dict(created.metadata)
        )
    return ThreadsAddUserMessageReq(
        params=ThreadAddUserMessageParams(input=given, thread_id=created.conversation_id),
        metadata=dict(created.metadata),
    )


async def _events(run: Run, heartbeat_s: float) -> AsyncIterator[list[bytes]]:
    async for batch in run.events(idle_s=heartbeat_s):
        # Events without a plain form still show, as a heartbeat, that the answer goes on.
        yield [orjson.dumps(plain) for event in batch for plain in _plain(event)]
    yield [orjson.dumps({"type": "response.done", "data": {}})]


def _plain(event: ThreadStreamEvent) -> Iterator[dict[str, object]]:
    match event:
        case ThreadItemUpdatedEvent(update=AssistantMessageContentPartTextDelta() as update):
            yield {
                "type": "response.delta",
                "data": {"content": update.delta, "done": False},
            }
        case ThreadItemDoneEvent(item=UserMessageItem() | AssistantMessageItem()):
            yield _created(event.item)
        case ErrorEvent():
            yield {
                "type": "error",
                "error": {
                    "code": event.code,
                    "message": event.message or "The answer failed.",
                    "retry": event.allow_retry,
                },
            }
        case _:
            pass


def _created(item: ThreadItem) -> dict[str, object]:
    if isinstance(item, AssistantMessageItem):
        role, kind = "assistant", "output_text"
        texts = [part.text for part in item.content]
    else:
        role, kind = "user", "input_text"
        texts = [part.text for part in item.content] if isinstance(item, UserMessageItem) else []
    return {
        "type": "conversation.item.created",
        "conversation_id": item.thread_id,
        "item": {
            "id": item.id,
            "type": "message",
            "role": role,
            "created_at": item.created_at.isoformat(),
            "content": [{"type": kind, "text": text} for text in texts],
        },
    }
