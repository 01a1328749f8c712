"""The response to a request that leads to a run, or asks for one."""

from starlette.requests import Request

from chatkit_backend.runs import Batches, Reader

from .event_stream import EventStream
from .framing import framed, media_type_for

RUN_HEADER = "ChatKit-Run"
"""The run's id, before its first event: whoever wants to cancel can do so from then on."""


def run_stream(
    request: Request,
    reader: Reader,
    batches: Batches,
    *,
    media_type: str | None = None,
) -> EventStream:
    """Send `batches` of `reader` as they come, as SSE or, if the client asks for it, NDJSON."""
    media_type = media_type or media_type_for(request)
    chunks = framed(reader.run_id, batches, media_type)
    return EventStream(chunks, media_type, reader.leave, headers={RUN_HEADER: reader.run_id})
