"""What every route of this package does: request id, error envelope, cookie, one log line.

It is a route class and no middleware, so that the routes bring it along when they are included
into somebody else's application.
"""

import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from chatkit_backend.errors import Unavailable
from chatkit_backend.identity import Cookie
from chatkit_backend.identity.limits import Allowance
from chatkit_backend.logs import get_logger, without_secrets
from chatkit_backend.store.errors import StoreUnavailableError

from .envelope import error_response
from .request_id import REQUEST_ID_HEADER, request_id_of

RATE_LIMIT_HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")

log = get_logger(__name__)


class BackendRoute(APIRoute):
    """A route that answers every exception with the error envelope."""

    @staticmethod
    def refuse(request: Request, exc: Exception) -> Response:
        """The answer to an exception."""
        return error_response(request, exc)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the endpoint. Called by FastAPI once for each route."""
        endpoint = super().get_route_handler()

        async def handle(request: Request) -> Response:
            started = time.perf_counter()
            request_id = request_id_of(request)
            try:
                response = await endpoint(request)
            except StoreUnavailableError:  # whoever asked it: what was asked for, or who asks
                response = self.refuse(request, _store_unavailable())
            except Exception as exc:  # noqa: BLE001  the envelope is for every exception
                response = self.refuse(request, exc)
            response.headers[REQUEST_ID_HEADER] = request_id
            response.headers["X-Content-Type-Options"] = "nosniff"
            _set_cookie(request, response)
            _tell_allowances(request, response)
            log.info(
                "request",
                method=request.method,
                path=without_secrets(request.url.path),
                status=response.status_code,
                address=_address_of(request),
                ms=round((time.perf_counter() - started) * 1000, 1),
            )
            return response

        return handle


def _address_of(request: Request) -> str | None:
    """Past our own proxies, as it was counted; of what is not counted, the peer's."""
    peer = None if request.client is None else request.client.host
    return getattr(request.state, "address", peer)


def _store_unavailable() -> Unavailable:
    return Unavailable("store_unavailable", "The database does not answer now.")


def keep_cookie(request: Request, cookie: Cookie, *, secure: bool) -> None:
    """Have the response to `request` set `cookie`, unless the request fails.

    `secure` keeps it off plain HTTP, also where a proxy has taken the TLS away.
    """
    request.state.cookie = (cookie, secure or request.url.scheme == "https")


def keep_allowances(request: Request, allowances: Sequence[Allowance]) -> None:
    """Have the response to `request` tell the limit of which least is left."""
    kept: list[Allowance] = getattr(request.state, "allowances", [])
    request.state.allowances = [*kept, *allowances]


def _tell_allowances(request: Request, response: Response) -> None:
    kept: list[Allowance] = getattr(request.state, "allowances", [])
    if not kept or "RateLimit-Limit" in response.headers:  # a refusal tells its own
        return
    least = min(kept, key=lambda one: one.remaining)
    values = (least.limit, least.remaining, least.reset_s)
    for name, value in zip(RATE_LIMIT_HEADERS, values, strict=True):
        response.headers[name] = str(value)


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
