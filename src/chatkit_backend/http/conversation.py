"""`POST /api/conversation`: the plain conversation protocol, on the same threads.

For clients that want to send a text and show a text, without widgets or workflows.
"""

from contextlib import aclosing
from typing import Any, Literal

import orjson
from chatkit.types import (
    ChatKitReq,
    InferenceOptions,
    ThreadAddUserMessageParams,
    ThreadCreateParams,
    ThreadsAddUserMessageReq,
    ThreadsCreateReq,
    UserMessageContent,
    UserMessageInput,
    UserMessageTextContent,
)
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, ValidationError
from starlette.responses import Response

from chatkit_backend.errors import BadRequest
from chatkit_backend.runs import Batches, Reader
from chatkit_backend.runs.entries import RETOLD, Entry

from .asked import asked_of
from .body import read_body
from .callers import Callers
from .chatkit import ChatKitOperations
from .chatkit_request import parse_json
from .framing import SSE
from .route import BackendRoute
from .stream import run_stream


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
        body = await read_body(request, max_body_bytes)
        created = _parse(body)
        asked = asked_of(request, body)
        caller = await callers.identify(request, created.metadata)
        await callers.count_answer(caller)
        reader = await operations.handle(_as_chatkit(created), caller, asked)
        if not isinstance(reader, Reader):
            raise TypeError(f"a message leads to a run, not to {type(reader).__name__}")
        return run_stream(request, reader, _plain_batches(reader, heartbeat_s), media_type=SSE)

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


async def _plain_batches(reader: Reader, heartbeat_s: float) -> Batches:
    seq = RETOLD
    async with aclosing(reader.batches(idle_s=heartbeat_s)) as batches:
        async for batch in batches:
            seq = batch[-1].seq if batch else seq
            # Events without a plain form still show, as a heartbeat, that the answer goes on.
            yield [
                Entry(entry.seq, orjson.dumps(plain)) for entry in batch if (plain := _plain(entry))
            ]
    yield [Entry(seq, orjson.dumps({"type": "response.done", "data": {}}))]


def _plain(entry: Entry) -> dict[str, object] | None:
    if entry.delta is not None:
        return {"type": "response.delta", "data": {"content": entry.delta.text, "done": False}}
    event = orjson.loads(entry.data)
    match event:
        case {"type": "thread.item.done", "item": {"type": "user_message"} as item}:
            return _created(item, "user", "input_text")
        case {"type": "thread.item.done", "item": {"type": "assistant_message"} as item}:
            return _created(item, "assistant", "output_text")
        case {"type": "error"}:
            return {
                "type": "error",
                "error": {
                    "code": event["code"],
                    "message": event.get("message", "The answer failed."),
                    "retry": event["allow_retry"],
                },
            }
        case _:
            return None


def _created(item: dict[str, Any], role: str, kind: str) -> dict[str, object]:
    return {
        "type": "conversation.item.created",
        "conversation_id": item["thread_id"],
        "item": {
            "id": item["id"],
            "type": "message",
            "role": role,
            "created_at": item["created_at"],
            "content": [{"type": kind, "text": part.get("text", "")} for part in item["content"]],
        },
    }
