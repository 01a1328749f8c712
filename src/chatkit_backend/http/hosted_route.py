"""Routes that speak like OpenAI's API: its error bodies and status codes."""

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import override

from chatkit_backend.errors import (
    NotFound,
    RequestError,
    TooManyRequests,
    Unauthenticated,
)

from .envelope import error_response, headers_for, log_refusal, told_of
from .request_id import REQUEST_ID_HEADER, request_id_of
from .route import BackendRoute

TYPES: dict[type[RequestError], str] = {
    Unauthenticated: "authentication_error",
    NotFound: "not_found_error",
    TooManyRequests: "rate_limit_error",
}
"""`error.type` by what is wrong. The rest of what a client can change is `invalid_request_error`,
what it cannot `server_error`."""


class InvalidParameter(RequestError):
    """A parameter of the hosted API that is wrong.

    Attributes:
        param: Its path, such as `workflow.id`.
    """

    status = 400

    def __init__(self, param: str, message: str, *, code: str = "invalid_value") -> None:
        super().__init__(code, message)
        self.param = param


def hosted_error(request: Request, exc: Exception) -> Response:
    """`{"error": {"message", "type", "param", "code"}}`."""
    match exc:
        case RequestError():
            log_refusal(exc)
            status, code, message, headers = exc.status, exc.code, exc.message, headers_for(exc)
            param = exc.param if isinstance(exc, InvalidParameter) else None
        case RequestValidationError():
            first = exc.errors()[0]
            status, code, headers = 400, "invalid_value", {}
            param = ".".join(str(part) for part in first["loc"][1:]) or None
            message = f"{param}: {first['msg']}."
        case HTTPException():
            status, code, message = told_of(exc)
            headers, param = dict(exc.headers or {}), None
        case _:
            error_response(request, exc)  # which logs it
            status, code, headers, param = 500, "internal_error", {}, None
            message = "Something went wrong; the log tells what."
    kind = TYPES.get(type(exc)) if isinstance(exc, RequestError) else None
    body = {
        "error": {
            "message": message,
            "type": kind or ("server_error" if status >= 500 else "invalid_request_error"),
            "param": param,
            "code": code,
        }
    }
    headers = {**headers, REQUEST_ID_HEADER: request_id_of(request)}
    return Response(orjson.dumps(body), status, media_type="application/json", headers=headers)


class HostedRoute(BackendRoute):
    """A route of the hosted API."""

    @staticmethod
    @override
    def refuse(request: Request, exc: Exception) -> Response:
        """The answer to an exception, as OpenAI's API would word it."""
        return hosted_error(request, exc)
