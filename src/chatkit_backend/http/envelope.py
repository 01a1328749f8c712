"""The one shape of every JSON error: `{"error": {"code", "message", "request_id", …}}`."""

from http import HTTPStatus

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from chatkit_backend.errors import (
    RequestError,
    TooLarge,
    TooManyRequests,
    TooSlow,
    Unauthenticated,
    Unavailable,
)
from chatkit_backend.logs import get_logger

from .request_id import REQUEST_ID_HEADER, request_id_of

RETRY_AFTER_S = 2

log = get_logger(__name__)


def error_response(request: Request, exc: Exception) -> Response:
    """The envelope for any exception. What we did not foresee is logged and answered with 500."""
    headers: dict[str, str] = {}
    details: dict[str, object] = {}
    match exc:
        case RequestError():
            log_refusal(exc)
            status, code, message = exc.status, exc.code, exc.message
            details, headers = exc.details, headers_for(exc)
        case RequestValidationError():
            first = exc.errors()[0]
            where = ".".join(map(str, first["loc"]))
            status, code, message = 400, "invalid_request", f"{where}: {first['msg']}."
        case HTTPException():
            status, code, message = told_of(exc)
            headers = dict(exc.headers or {})
        case _:
            log.error("request_failed", exc_info=exc)
            status, code = 500, "internal_error"
            message = "Something went wrong; the log tells what."
    request_id = request_id_of(request)
    return Response(
        orjson.dumps(
            {"error": {"code": code, "message": message, "request_id": request_id, **details}}
        ),
        status,
        media_type="application/json",
        headers={**headers, REQUEST_ID_HEADER: request_id},
    )


def log_refusal(exc: RequestError) -> None:
    """Write one line; its `reason` is what the answer does not tell."""
    reason = exc.reason if isinstance(exc, Unauthenticated) else None
    more = {} if reason is None else {"reason": reason}
    log.info("request_refused", code=exc.code, status=exc.status, **more)


def headers_for(exc: RequestError) -> dict[str, str]:
    """What goes with a refusal beside its body."""
    match exc:
        case Unauthenticated():
            # RFC 9110, 11.6.1: a 401 names a scheme that would do.
            return {"WWW-Authenticate": 'Bearer realm="chatkit-backend"'}
        case TooManyRequests():
            return {
                "Retry-After": str(exc.retry_after_s),
                "RateLimit-Limit": str(exc.limit),
                "RateLimit-Remaining": "0",
                "RateLimit-Reset": str(exc.retry_after_s),
            }
        case Unavailable():
            return {"Retry-After": str(RETRY_AFTER_S)}
        case TooLarge() | TooSlow():
            # The rest of the body is not read; the connection cannot be used again.
            return {"Connection": "close"}
        case _:
            return {}


def told_of(exc: HTTPException) -> tuple[int, str, str]:
    """Status, code and message of what the framework refuses, such as a path that is none."""
    phrase = HTTPStatus(exc.status_code).phrase
    return exc.status_code, phrase.lower().replace(" ", "_").replace("-", "_"), f"{phrase}."
