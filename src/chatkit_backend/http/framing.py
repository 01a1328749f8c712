"""Entries on the wire: server-sent events or newline-delimited JSON, each with its id."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.requests import Request

from chatkit_backend.runs import Batches
from chatkit_backend.runs.entries import Entry

from .accept import Accepted

SSE = "text/event-stream"
NDJSON = "application/x-ndjson"

HEARTBEAT = b": keep-alive\n\n"
"""A comment: clients ignore it (WHATWG HTML, section 9.2.6), proxies see a living connection."""


def media_type_for(request: Request) -> str:
    """NDJSON if the client likes it better than SSE, else SSE."""
    accepted = Accepted.of(request)
    return NDJSON if accepted.liking(NDJSON) > accepted.liking(SSE) else SSE


def sse_frame(run_id: bytes, entry: Entry) -> bytes:
    """One event. JSON has no raw line break, so one `data` line holds it."""
    return b"id: %b:%d\ndata: %b\n\n" % (run_id, entry.seq, entry.data)


def ndjson_frame(run_id: bytes, entry: Entry) -> bytes:
    """One line: the event's object, its `id` the first member."""
    return b'{"id":"%b:%d",%b\n' % (run_id, entry.seq, entry.data[1:])


async def framed(run_id: str, batches: Batches, media_type: str) -> AsyncGenerator[bytes, None]:
    """One chunk of bytes for each batch. An empty batch is a silence: on SSE it is a heartbeat."""
    name = run_id.encode()
    frame = ndjson_frame if media_type == NDJSON else sse_frame
    async with aclosing(batches):
        async for batch in batches:
            if batch:
                yield b"".join([frame(name, entry) for entry in batch])
            elif media_type == SSE:
                yield HEARTBEAT
