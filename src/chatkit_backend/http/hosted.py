"""`/v1/chatkit/…`: what hosted ChatKit offers a site's own servers, with the site's API keys.

The official `openai` clients work against it by their `base_url`.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Literal, TypeAlias

import orjson
import structlog
from chatkit.types import ThreadItem
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.responses import Response

from chatkit_backend.errors import NotFound
from chatkit_backend.identity import Principal
from chatkit_backend.identity.api_keys import ApiKeys
from chatkit_backend.identity.session import Configuration, Workflow
from chatkit_backend.identity.sessions import Sessions
from chatkit_backend.server.context import request_context
from chatkit_backend.server.tenant_threads import AsOwner, TenantThreads, Window
from chatkit_backend.store.credentials import ApiKeyRecord

from .body import read_body
from .chatkit_request import parse_json
from .hosted_objects import Object, item_object, list_object, session_object, thread_object
from .hosted_route import HostedRoute, InvalidParameter
from .request_id import request_id_of

UserId: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=256, pattern=r"^[^\x00-\x1f\x7f]+$")
]
NOT_CACHED = {"Cache-Control": "no-store"}

MAX_PAGES = 5
"""Pages of items that one request reads while they show nothing."""

ReadItems: TypeAlias = Callable[[Window], Awaitable[tuple[Sequence[ThreadItem], bool]]]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ExpiresAfter(_Part):
    """`expires_after`: when the session ends, in seconds from its creation."""

    anchor: Literal["created_at"]
    seconds: int = Field(ge=1)


class RequestedLimits(_Part):
    """`rate_limits`."""

    max_requests_per_1_minute: int | None = Field(default=None, ge=1, le=100_000)


class ListQuery(BaseModel):
    """How a list is asked for."""

    limit: int = Field(default=20, ge=1, le=100)
    order: Literal["asc", "desc"] = "desc"
    after: str | None = None
    before: str | None = None


WindowQuery: TypeAlias = Annotated[ListQuery, Depends()]


class SessionCreate(_Part):
    """The body of `POST /v1/chatkit/sessions`."""

    user: UserId
    workflow: Workflow
    chatkit_configuration: Configuration | None = None
    expires_after: ExpiresAfter | None = None
    rate_limits: RequestedLimits | None = None


class HostedSessions:
    """Sessions for a tenant's users, at the request of the tenant's servers."""

    def __init__(
        self,
        sessions: Sessions,
        *,
        workflows: frozenset[str] | None,
        longest_s: float,
        max_body_bytes: int,
    ) -> None:
        """Take these workflows; None: any id is that of the one agent there is."""
        self._sessions = sessions
        self._workflows = workflows
        self._longest_s = longest_s
        self._max_body_bytes = max_body_bytes

    async def create(self, request: Request, key: ApiKeyRecord) -> Object:
        """Begin a session for one of the tenant's users."""
        asked = _parse(await read_body(request, self._max_body_bytes))
        limits, lifetime = asked.rate_limits, asked.expires_after
        self._refuse_unknown(asked.workflow)
        self._refuse_too_long(lifetime)
        secret, session = await self._sessions.create(
            Principal(user_id=asked.user, tenant=key.tenant),
            configuration=asked.chatkit_configuration,
            workflow=asked.workflow,
            requests_per_minute=None if limits is None else limits.max_requests_per_1_minute,
            lifetime_s=None if lifetime is None else lifetime.seconds,
            issued_by=key.id,
        )
        return session_object(session, secret)

    async def cancel(self, session_id: str, key: ApiKeyRecord) -> Object:
        """End a session of the tenant."""
        session = await self._sessions.cancel(session_id, key.tenant)
        if session is None:
            raise NotFound("not_found", f"There is no session {session_id[:80]!r}.")
        return session_object(session)

    def _refuse_unknown(self, workflow: Workflow) -> None:
        if self._workflows is not None and workflow.id not in self._workflows:
            raise InvalidParameter(
                "workflow.id",
                f"There is no workflow {workflow.id!r} here.",
                code="workflow_not_found",
            )

    def _refuse_too_long(self, lifetime: ExpiresAfter | None) -> None:
        if lifetime is not None and lifetime.seconds > self._longest_s:
            raise InvalidParameter(
                "expires_after.seconds",
                f"A session lives for {self._longest_s:g} seconds at most.",
            )


def hosted_routes(sessions: HostedSessions, threads: TenantThreads, keys: ApiKeys) -> APIRouter:
    """The six routes."""
    router = APIRouter(prefix="/v1/chatkit", route_class=HostedRoute, tags=["hosted"])

    async def key_of(request: Request) -> ApiKeyRecord:
        key = await keys.authenticate(request)
        structlog.contextvars.bind_contextvars(key_id=key.id)
        return key

    @router.post("/sessions", operation_id="hosted_create_session")
    async def create_session(request: Request) -> Response:
        """Begin a session for a user."""
        return _json(await sessions.create(request, await key_of(request)))

    @router.post("/sessions/{session_id}/cancel", operation_id="hosted_cancel_session")
    async def cancel_session(session_id: str, request: Request) -> Response:
        """End a session. Idempotent."""
        return _json(await sessions.cancel(session_id, await key_of(request)))

    @router.get("/threads", operation_id="hosted_list_threads")
    async def list_threads(
        request: Request, window: WindowQuery, user: str | None = None
    ) -> Response:
        """Threads of all users, or of one."""
        key = await key_of(request)
        found, more = await threads.list(key.tenant, user, _window(window))
        data = [thread_object(one.thread, one.user_id) for one in found]
        return _json(_page(data, [one.id for one in found], more))

    @router.get("/threads/{thread_id}", operation_id="hosted_get_thread")
    async def get_thread(thread_id: str, request: Request) -> Response:
        """One thread."""
        key = await key_of(request)
        found = await threads.find(thread_id, key.tenant)
        return _json(thread_object(found.thread, found.user_id))

    @router.delete("/threads/{thread_id}", operation_id="hosted_delete_thread")
    async def delete_thread(thread_id: str, request: Request) -> Response:
        """Delete a thread with everything in it."""
        key = await key_of(request)
        await threads.delete(thread_id, key.tenant, _as_owner(request))
        return _json({"id": thread_id, "object": "chatkit.thread.deleted", "deleted": True})

    @router.get("/threads/{thread_id}/items", operation_id="hosted_list_items")
    async def list_items(thread_id: str, request: Request, window: WindowQuery) -> Response:
        """A thread's items."""
        key = await key_of(request)

        async def read(part: Window) -> tuple[Sequence[ThreadItem], bool]:
            return await threads.items(thread_id, key.tenant, part, _as_owner(request))

        return _json(await _page_that_shows(read, _window(window)))

    return router


async def _page_that_shows(read: ReadItems, window: Window) -> Object:
    """The first page from `window` on that shows something, or the last of `MAX_PAGES`.

    The official clients take a page without data for the end of the list, whatever it says.
    """
    pages = 1
    found, more = await read(window)
    while not (data := _shown(found)) and found and more and pages < MAX_PAGES:
        window = window.behind(found)
        found, more = await read(window)
        pages += 1
    return _page(data, [item.id for item in found], more)


def _shown(items: Sequence[ThreadItem]) -> list[Object]:
    return [shown for item in items if (shown := item_object(item)) is not None]


def _parse(body: bytes) -> SessionCreate:
    try:
        return SessionCreate.model_validate(parse_json(body))
    except ValidationError as exc:
        error = exc.errors(include_url=False, include_input=False, include_context=False)[0]
        path = ".".join(str(part) for part in error["loc"])
        raise InvalidParameter(path, f"{path}: {error['msg']}.") from None


def _window(asked: ListQuery) -> Window:
    if asked.after is not None and asked.before is not None:
        raise InvalidParameter("before", "Give after or before, not both.")
    return Window(limit=asked.limit, after=asked.after, before=asked.before, order=asked.order)


def _as_owner(request: Request) -> AsOwner:
    return lambda principal: request_context(request, principal, request_id_of(request), {})


def _page(data: list[Object], ids: list[str], has_more: bool) -> Object:
    first, last = (ids[0], ids[-1]) if ids else (None, None)
    return list_object(data, first_id=first, last_id=last, has_more=has_more)


def _json(value: Object) -> Response:
    return Response(orjson.dumps(value), media_type="application/json", headers=NOT_CACHED)
