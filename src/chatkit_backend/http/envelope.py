"""The one shape of every JSON error: `{"error": {"code", "message", "request_id", …}}`."""

from http import HTTPStatus

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from chatkit_backend.errors import RequestError, TooLarge, Unavailable
from chatkit_backend.logs import get_logger

from .request_id import HEADER, request_id_of

RETRY_AFTER_S = 2

log = get_logger(__name__)


def error_response(request: Request, exc: Exception) -> Response:
    """The envelope for any exception. What we did not foresee is logged and answered with 500."""
    headers: dict[str, str] = {}
    details: dict[str, object] = {}
    match exc:
        case RequestError():
            log.info("request_refused", code=exc.code, status=exc.status)
            status, code, message = exc.status, exc.code, exc.message
            details, headers = exc.details, _headers_for(exc)
        case RequestValidationError():
            first = exc.errors()[0]
            where = ".".join(map(str, first["loc"]))
            status, code, message = 400, "invalid_request", f"{where}: {first['msg']}."
        case HTTPException():
            phrase = HTTPStatus(exc.status_code).phrase
            status, code, message = exc.status_code, _snake(phrase), f"{phrase}."
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
        headers={**headers, HEADER: request_id},
    )


def _headers_for(exc: RequestError) -> dict[str, str]:
    match exc:
        case Unavailable():
            return {"Retry-After": str(RETRY_AFTER_S)}
        case TooLarge():
            # The rest of the body is not read; the connection cannot be used again.
            return {"Connection": "close"}
        case _:
            return {}


def _snake(phrase: str) -> str:
    return phrase.lower().replace(" ", "_").replace("-", "_")
