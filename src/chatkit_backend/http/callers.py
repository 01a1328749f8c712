"""From an HTTP request to who asks and from where."""

from collections.abc import Mapping, Sequence

import structlog
from starlette.requests import Request

from chatkit_backend.errors import Unauthenticated
from chatkit_backend.identity import Access, Identity, Principal
from chatkit_backend.identity.audit import asked_from, audit
from chatkit_backend.identity.authenticator import AuthenticatorChain
from chatkit_backend.identity.limits import Allowance
from chatkit_backend.identity.principal import ANONYMOUS_PREFIX
from chatkit_backend.logs import get_logger
from chatkit_backend.server.context import RequestContext, request_context

from .request_id import request_id_of
from .route import keep_allowances, keep_cookie

log = get_logger(__name__)


class Callers:
    """Recognises the callers of requests, and counts what they ask."""

    def __init__(self, access: Access, *, secure_cookies: bool) -> None:
        self._access = access
        self._secure_cookies = secure_cookies
        self._warned = False

    async def identify(
        self, request: Request, metadata: Mapping[str, object] | None = None
    ) -> RequestContext:
        """Authenticate the request; a new cookie is set with its response.

        Raises: Unauthenticated, Forbidden, TooManyRequests, BadRequest (`invalid_metadata`).
        """
        identity = await _recognised(self._access.callers, request)
        await self._admit(request, identity)
        return request_context(
            request, identity.principal, request_id_of(request), metadata or {}, identity.session
        )

    async def identify_without_session(self, request: Request) -> Identity:
        """Authenticate somebody who asks for a session, by anything but a session.

        Raises: as `identify`.
        """
        identity = await _recognised(self._access.without_sessions, request)
        await self._admit(request, identity)
        return identity

    async def login_of(self, request: Request) -> Principal | None:
        """Who is logged in where a request with a session's secret comes from, if that is known.

        A login that is not valid is none, nor is the cookie of somebody without one.
        """
        try:
            principal = (await self._access.without_sessions.authenticate(request)).principal
        except Unauthenticated:
            return None
        return None if principal.user_id.startswith(ANONYMOUS_PREFIX) else principal

    async def count_answer(self, caller: RequestContext) -> None:
        """Count a request for an answer, an action or a dictation. Raises: TooManyRequests."""
        self._keep(
            caller.request, await self._access.limits.answer_for(caller.principal, caller.session)
        )

    async def count_address(self, request: Request) -> None:
        """Count a request before anything of it is read: a dependency of every route but health's.

        Raises: TooManyRequests.
        """
        address = self._access.proxies.origin_of(request)
        request.state.address = address
        asked_from(address)
        self._keep(request, await self._access.limits.request_from(address))

    async def _admit(self, request: Request, identity: Identity) -> None:
        if not identity.explicit:
            self._access.cross_site.check(request)
        principal = identity.principal
        structlog.contextvars.bind_contextvars(user_id=principal.user_id)
        self._keep(request, await self._access.limits.request_of(principal))
        if identity.cookie is not None:
            keep_cookie(request, identity.cookie, secure=self._secure_cookies)
            self._warn_of_plain_http(request)

    def _warn_of_plain_http(self, request: Request) -> None:
        """Once: a browser keeps no Secure cookie that comes by HTTP, and says nothing."""
        if not self._secure_cookies or self._warned or self._access.proxies.is_https(request):
            return
        self._warned = True
        log.warning(
            "cookie_not_kept",
            hint="ENVIRONMENT=production makes cookies Secure, and this request came by plain HTTP:"
            " its browser is a new person each time. Serve by HTTPS, and have your proxy, named in "
            "TRUSTED_PROXIES, send X-Forwarded-Proto: https",
        )

    def _keep(self, request: Request, allowances: Sequence[Allowance]) -> None:
        if allowances:
            keep_allowances(request, allowances)


async def _recognised(chain: AuthenticatorChain, request: Request) -> Identity:
    """Who asks; a token that is refused leaves a line. Raises: Unauthenticated, Forbidden."""
    try:
        return await chain.authenticate(request)
    except Unauthenticated as exc:
        if exc.reason is not None:
            audit("token_refused", reason=exc.reason)
        raise
