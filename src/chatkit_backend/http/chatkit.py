"""`POST /chatkit` and `POST /api/chatkit`: every ChatKit request."""

from typing import Protocol, get_args

from chatkit.types import (
    ChatKitReq,
    InputTranscribeReq,
    StreamingReq,
    ThreadsSyncCustomActionReq,
    is_streaming_req,
)
from fastapi import APIRouter, Request
from starlette.responses import Response

from chatkit_backend.errors import TooManyRequests
from chatkit_backend.runs import Reader
from chatkit_backend.runs.encoding import encode
from chatkit_backend.server.call import Asked
from chatkit_backend.server.context import RequestContext
from chatkit_backend.server.operations import Reply

from .asked import asked_of
from .body import read_body
from .callers import Callers
from .chatkit_request import parse_chatkit_request
from .notice import notice_response, wants_notice
from .route import BackendRoute
from .stream import run_stream

COSTLY = (*get_args(StreamingReq), InputTranscribeReq, ThreadsSyncCustomActionReq)
"""Requests that make a model, or the operator's own code, work: limits of answers count them."""


class ChatKitOperations(Protocol):
    """What the route needs of `server.operations.Operations`."""

    async def handle(
        self, request: ChatKitReq, caller: RequestContext, asked: Asked | None = None
    ) -> Reply:
        """Carry out one request."""
        ...


def chatkit_routes(
    operations: ChatKitOperations, callers: Callers, *, max_body_bytes: int, heartbeat_s: float
) -> APIRouter:
    """The ChatKit endpoint under its two names."""
    router = APIRouter(route_class=BackendRoute, tags=["chatkit"])

    async def chatkit(request: Request) -> Response:
        """Carry out a ChatKit request: a JSON answer, or a stream of thread events."""
        body = await read_body(request, max_body_bytes)
        parsed = parse_chatkit_request(body)
        streaming = is_streaming_req(parsed)
        try:
            caller = await callers.identify(request, parsed.metadata)
            if isinstance(parsed, COSTLY):
                await callers.count_answer(caller)
            reply = await operations.handle(parsed, caller, asked_of(request, body))
        except TooManyRequests as exc:
            if streaming and wants_notice(request):
                return notice_response(request, exc)
            raise
        if isinstance(reply, Reader):
            return run_stream(request, reply, reply.batches(idle_s=heartbeat_s))
        content = b"{}" if reply is None else encode(reply)
        return Response(content, media_type="application/json")

    for path in ("/chatkit", "/api/chatkit"):
        router.add_api_route(
            path, chatkit, methods=["POST"], operation_id=path.strip("/").replace("/", "_")
        )
    return router
