"""`POST /chatkit` and `POST /api/chatkit`: every ChatKit request."""

from collections.abc import AsyncIterator
from typing import Protocol

import orjson
from chatkit.types import ChatKitReq
from fastapi import APIRouter, Request
from starlette.responses import Response

from chatkit_backend.runs import Run
from chatkit_backend.server.context import RequestContext
from chatkit_backend.server.operations import Reply

from .body import read_body
from .callers import Callers
from .chatkit_request import parse_chatkit_request
from .encoding import encode, encode_event
from .event_stream import EventStream
from .framing import framed, media_type_for
from .route import BackendRoute


class ChatKitOperations(Protocol):
    """What the route needs of `server.operations.Operations`."""

    async def handle(self, request: ChatKitReq, caller: RequestContext) -> Reply:
        """Carry out one request."""
        ...


def chatkit_routes(
    operations: ChatKitOperations, callers: Callers, *, max_body_bytes: int, heartbeat_s: float
) -> APIRouter:
    """The ChatKit endpoint under its two names."""
    router = APIRouter(route_class=BackendRoute, tags=["chatkit"])

    async def chatkit(request: Request) -> Response:
        """Carry out a ChatKit request: a JSON answer, or a stream of thread events."""
        parsed = parse_chatkit_request(await read_body(request, max_body_bytes))
        caller = await callers.identify(request, parsed.metadata)
        reply = await operations.handle(parsed, caller)
        if isinstance(reply, Run):
            media_type = media_type_for(request)
            return EventStream(
                framed(_encoded(reply, heartbeat_s), media_type), media_type, reply.leave
            )
        body = orjson.dumps({}) if reply is None else encode(reply)
        return Response(body, media_type="application/json")

    for path in ("/chatkit", "/api/chatkit"):
        router.add_api_route(
            path, chatkit, methods=["POST"], operation_id=path.strip("/").replace("/", "_")
        )
    return router


async def _encoded(run: Run, heartbeat_s: float) -> AsyncIterator[list[bytes]]:
    async for batch in run.events(idle_s=heartbeat_s):
        yield [encode_event(event) for event in batch]
