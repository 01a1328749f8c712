"""A tenant's threads for its own servers: listed over all users, read and deleted for one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, cast

from chatkit.types import (
    ItemsListParams,
    ItemsListReq,
    Page,
    ThreadDeleteParams,
    ThreadItem,
    ThreadsDeleteReq,
)

from chatkit_backend.errors import BadRequest, NotFound
from chatkit_backend.identity import Principal
from chatkit_backend.store.tenants import OwnedThread, TenantStore

from .context import RequestContext
from .operations import Operations, refusals

Order: TypeAlias = Literal["asc", "desc"]
AsOwner: TypeAlias = Callable[[Principal], RequestContext]
"""Makes the context of a request that is carried out for somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which part of a list: `limit` behind `after`, or `limit` before `before`, in `order`."""

    limit: int = 20
    after: str | None = None
    before: str | None = None
    order: Order = "desc"

    @property
    def walked(self) -> Order:
        """The order in which the list is walked from its cursor."""
        if self.before is None:
            return self.order
        return "asc" if self.order == "desc" else "desc"

    @property
    def cursor(self) -> str | None:
        """Where the walk begins."""
        return self.before if self.before is not None else self.after

    def behind(self, found: Sequence[ThreadItem]) -> "Window":
        """The part that the walk comes to behind what it has `found`."""
        if self.before is None:
            return replace(self, after=found[-1].id)
        return replace(self, before=found[0].id)


class TenantThreads:
    """What a tenant's API key may do with threads."""

    def __init__(self, operations: Operations[Any], store: object) -> None:
        """Use `store` if it sees tenants; a store of somebody's own sees one user at a time."""
        self._operations = operations
        self._store = store if isinstance(store, TenantStore) else None

    async def list(
        self, tenant: str, user_id: str | None, window: Window
    ) -> tuple[Sequence[OwnedThread], bool]:
        """A page in the order that was asked for, and whether there are more behind it."""
        with refusals():
            page = await self._tenants().page_tenant_threads(
                tenant,
                owner=None if user_id is None else _principal(tenant, user_id).owner,
                limit=window.limit,
                after=window.cursor,
                order=window.walked,
            )
        return _turned(page, window), page.has_more

    async def find(self, thread_id: str, tenant: str) -> OwnedThread:
        """A thread of the tenant. Raises: NotFound."""
        with refusals():
            return await self._tenants().tenant_thread(thread_id, tenant)

    async def items(
        self, thread_id: str, tenant: str, window: Window, as_owner: AsOwner
    ) -> tuple[Sequence[ThreadItem], bool]:
        """A page of a thread's items. Raises: NotFound; BadRequest (`unknown_cursor`)."""
        found = await self.find(thread_id, tenant)
        request = ItemsListReq(
            params=ItemsListParams(
                thread_id=thread_id,
                limit=window.limit,
                after=window.cursor,
                order=window.walked,
            )
        )
        page = cast(
            "Page[ThreadItem]",
            await self._operations.handle(request, as_owner(_principal(tenant, found.user_id))),
        )
        return _turned(page, window), page.has_more

    async def delete(self, thread_id: str, tenant: str, as_owner: AsOwner) -> None:
        """Delete a thread and what belongs to it. Raises: NotFound."""
        found = await self.find(thread_id, tenant)
        request = ThreadsDeleteReq(params=ThreadDeleteParams(thread_id=thread_id))
        await self._operations.handle(request, as_owner(_principal(tenant, found.user_id)))

    def _tenants(self) -> TenantStore:
        if self._store is None:
            raise BadRequest(
                "not_supported",
                "The threads of this server are in a store that cannot list a tenant's.",
            )
        return self._store


def _principal(tenant: str, user_id: str) -> Principal:
    if not user_id:  # a row of an owner function of somebody's own
        raise NotFound("not_found", "The thread, item, run or attachment is not there.")
    return Principal(tenant=tenant, user_id=user_id, scheme="api_key")


def _turned(page: "Page[Any]", window: Window) -> Sequence[Any]:
    return page.data[::-1] if window.before is not None else page.data
