"""A tenant's threads, whoever of its users they belong to: for the tenant's own servers."""

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from chatkit.types import Page, ThreadMetadata

Order = Literal["asc", "desc"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedThread:
    """A thread and whose it is."""

    owner: str
    thread: ThreadMetadata

    @property
    def id(self) -> str:
        """The thread's."""
        return self.thread.id

    @property
    def user_id(self) -> str:
        """The user in the owner, `tenant/user`."""
        return self.owner.partition("/")[2]


@runtime_checkable
class TenantStore(Protocol):
    """Sees a tenant's threads, and no other's."""

    async def tenant_thread(self, thread_id: str, tenant: str) -> OwnedThread:
        """Load a thread of the tenant. Raises: NotFoundError."""
        ...

    async def page_tenant_threads(
        self, tenant: str, *, owner: str | None, limit: int, after: str | None, order: Order
    ) -> "Page[OwnedThread]":
        """A page of threads by creation, of all users or of one `owner`.

        Raises: CursorNotFoundError if `after` is not a thread of that list.
        """
        ...
