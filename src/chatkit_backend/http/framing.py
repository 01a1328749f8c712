"""Events on the wire: server-sent events or newline-delimited JSON."""

from collections.abc import AsyncIterator

from starlette.requests import Request

SSE = "text/event-stream"
NDJSON = "application/x-ndjson"

HEARTBEAT = b": keep-alive\n\n"
"""A comment: clients ignore it (WHATWG HTML, section 9.2.6), proxies see a living connection."""


def media_type_for(request: Request) -> str:
    """NDJSON if the client asks for it, else SSE."""
    return NDJSON if NDJSON in request.headers.get("accept", "") else SSE


def sse_frame(data: bytes) -> bytes:
    """One event. JSON has no raw line break, so one `data` line holds it."""
    return b"data: " + data + b"\n\n"


def ndjson_frame(data: bytes) -> bytes:
    """One line."""
    return data + b"\n"


async def framed(batches: AsyncIterator[list[bytes]], media_type: str) -> AsyncIterator[bytes]:
    """One chunk of bytes for each batch. An empty batch is a silence: on SSE it is a heartbeat."""
    frame = ndjson_frame if media_type == NDJSON else sse_frame
    async for batch in batches:
        if batch:
            yield b"".join(map(frame, batch))
        elif media_type == SSE:
            yield HEARTBEAT
