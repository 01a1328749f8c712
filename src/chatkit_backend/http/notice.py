"""A used-up limit as a person sees it: a stream with a notice, which the chat box shows."""

from chatkit.types import NoticeEvent
from starlette.requests import Request
from starlette.responses import Response

from chatkit_backend.errors import TooManyRequests
from chatkit_backend.logs import get_logger
from chatkit_backend.runs.encoding import encode

from .accept import Accepted
from .envelope import headers_for
from .framing import NDJSON, media_type_for

TITLE = "Limit reached"


log = get_logger(__name__)


def wants_notice(request: Request) -> bool:
    """Whether a client that asked for a stream gets its refusal as one.

    It does unless it names JSON: a chat box may send `*/*`, as browsers' `fetch` does by default.
    """
    _, names_json = Accepted.of(request).liking("application/json")
    return not names_json


def notice_response(request: Request, exc: TooManyRequests) -> Response:
    """Status 429 with a `notice` event for its body. The event is of no run: it has no id."""
    log.info("request_refused", code=exc.code, status=exc.status)
    event = encode(NoticeEvent(level="warning", title=TITLE, message=exc.message))
    media_type = media_type_for(request)
    return Response(
        b"%b\n" % event if media_type == NDJSON else b"data: %b\n\n" % event,
        exc.status,
        media_type=media_type,
        headers={"Cache-Control": "no-store", **headers_for(exc)},
    )
