"""What every route of this package does: request id, error envelope, cookie, one log line.

It is a route class and no middleware, so that the routes bring it along when they are included
into somebody else's application.
"""

import time
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from chatkit_backend.identity import Cookie
from chatkit_backend.logs import get_logger

from .envelope import error_response
from .request_id import HEADER, request_id_of

log = get_logger(__name__)


class BackendRoute(APIRoute):
    """A route that answers every exception with the error envelope."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the endpoint. Called by FastAPI once for each route."""
        endpoint = super().get_route_handler()

        async def handle(request: Request) -> Response:
            started = time.perf_counter()
            request_id = request_id_of(request)
            try:
                response = await endpoint(request)
            except Exception as exc:  # noqa: BLE001  the envelope is for every exception
                response = error_response(request, exc)
            response.headers[HEADER] = request_id
            _set_cookie(request, response)
            log.info(
                "request",
                method=request.method,
                path=request.url.path,
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000, 1),
            )
            return response

        return handle


def keep_cookie(request: Request, cookie: Cookie, *, secure: bool) -> None:
    """Have the response to `request` set `cookie`, unless the request fails.

    `secure` keeps it off plain HTTP, also where a proxy has taken the TLS away.
    """
    request.state.cookie = (cookie, secure or request.url.scheme == "https")


def _set_cookie(request: Request, response: Response) -> None:
    kept: tuple[Cookie, bool] | None = getattr(request.state, "cookie", None)
    if kept is None or response.status_code >= 400:
        return
    cookie, secure = kept
    response.set_cookie(
        cookie.name,
        cookie.value,
        max_age=cookie.max_age_s,
        httponly=True,
        samesite="lax",
        secure=secure,
    )
