"""From an HTTP request to who asks and from where."""

from collections.abc import Mapping

import structlog
from starlette.requests import Request

from chatkit_backend.identity import AuthenticatorChain
from chatkit_backend.server.context import RequestContext, request_context

from .request_id import request_id_of
from .route import keep_cookie


class Callers:
    """Recognises the callers of requests."""

    def __init__(self, authenticators: AuthenticatorChain, *, secure_cookies: bool) -> None:
        self._authenticators = authenticators
        self._secure_cookies = secure_cookies

    async def identify(
        self, request: Request, metadata: Mapping[str, object] | None = None
    ) -> RequestContext:
        """Authenticate the request; a new cookie is set with its response.

        Raises: Unauthenticated, BadRequest (`invalid_metadata`).
        """
        identity = await self._authenticators.authenticate(request)
        if identity.cookie is not None:
            keep_cookie(request, identity.cookie, secure=self._secure_cookies)
        structlog.contextvars.bind_contextvars(user_id=identity.principal.user_id)
        return request_context(request, identity.principal, request_id_of(request), metadata or {})
