"""Sessions for browsers: `/api/chatkit/session` and `/api/chatkit/refresh`.

What a front end's `getClientSecret` calls, and what ends a session when its user logs out.
A cookie or token of another scheme says whose session it is to be; the answer's `client_secret` is
what the ChatKit element then sends.
"""

from fastapi import APIRouter, Request
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from chatkit_backend.errors import BadRequest, Unauthenticated
from chatkit_backend.identity.bearer import bearer_token
from chatkit_backend.identity.session_issuer import IssuedSession, SessionIssuer
from chatkit_backend.identity.sessions import SESSION_TOKEN_HEADER

from .body import read_body
from .callers import Callers
from .route import BackendRoute

MAX_BODY_BYTES = 16_384
NOT_CACHED = {"Cache-Control": "no-store"}
"""Secrets are not for caches (RFC 6750, 5.3)."""


class SecretToRefresh(BaseModel):
    """The body of a refresh, where no header has the secret."""

    client_secret: str | None = None


def session_routes(issuer: SessionIssuer, callers: Callers) -> APIRouter:
    """The three routes."""
    router = APIRouter(route_class=BackendRoute, tags=["sessions"])

    @router.post("/api/chatkit/session", operation_id="create_session")
    async def create(request: Request, response: Response) -> IssuedSession:
        """Begin a session for whoever the request's cookie or token names. The body is not read."""
        response.headers.update(NOT_CACHED)
        return await issuer.issue(await callers.identify_without_session(request))

    @router.post("/api/chatkit/refresh", operation_id="refresh_session")
    async def refresh(request: Request, response: Response) -> IssuedSession:
        """Give a session a new secret and a later end.

        The secret is a bearer token, in `X-Session-Token`, or the body's `client_secret`.
        """
        response.headers.update(NOT_CACHED)
        secret = request.headers.get(SESSION_TOKEN_HEADER) or bearer_token(request)
        if not secret:
            secret = _in_body(await read_body(request, MAX_BODY_BYTES))
        renewed = await issuer.renew(secret, await callers.login_of(request))
        if renewed is not None:
            return renewed
        return await issuer.issue(await callers.identify_without_session(request))

    @router.delete("/api/chatkit/session", operation_id="end_session", status_code=204)
    async def end(request: Request) -> None:
        """End a session: log out. Idempotent.

        The secret is a bearer token, or in `X-Session-Token`.
        """
        secret = request.headers.get(SESSION_TOKEN_HEADER) or bearer_token(request)
        if not secret:
            raise Unauthenticated(
                "missing_secret",
                "There is no secret whose session is to end: send it as a bearer token, or in "
                "X-Session-Token.",
            )
        await issuer.end(secret)

    return router


def _in_body(body: bytes) -> str:
    try:
        given = SecretToRefresh.model_validate_json(body or b"{}")
    except ValidationError as exc:
        error = exc.errors(include_url=False, include_input=False)[0]
        path = ".".join(map(str, error["loc"])) or "the body"
        raise BadRequest("invalid_request", f"{path}: {error['msg']}.") from None
    if given.client_secret:
        return given.client_secret
    raise Unauthenticated(
        "missing_secret",
        "There is no secret to refresh: send it as a bearer token, in X-Session-Token, or as "
        "client_secret in a JSON body.",
    )
