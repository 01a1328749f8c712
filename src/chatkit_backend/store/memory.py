"""`MemoryStore`: conversations in a dictionary, for tests and trials. It forgets with its process.

Rows are kept as the same JSON text that `SqlStore` keeps, so both answer alike and no object that
a caller holds is shared with the store.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic

from chatkit.store import NotFoundError
from chatkit.types import Attachment, FeedbackKind, Page, ThreadItem, ThreadMetadata
from typing_extensions import TypeVar

from .errors import CursorNotFoundError
from .lifecycle import ManagedStore
from .memory_credentials import MemoryCredentials
from .memory_runs import MemoryRuns
from .ownership import owner_of
from .pages import page_of, require_limit
from .payloads import (
    attachment_payload,
    item_payload,
    read_attachment,
    read_item,
    read_thread,
    thread_payload,
)
from .runs import RunRecord, ThreadChanges, current_fence
from .sdk_methods import Order, SdkMethods
from .statements import HIDDEN_TYPES
from .tenants import OwnedThread
from .times import to_utc

C = TypeVar("C")


@dataclass(slots=True)
class StoredItem:
    """A row of items."""

    type: str
    payload: str
    feedback: FeedbackKind | None = None


@dataclass(slots=True)
class StoredThread:
    """A row of threads, and the items behind it in their order."""

    owner: str
    created_at: datetime
    payload: str
    items: dict[str, StoredItem] = field(default_factory=dict)


@dataclass(slots=True)
class StoredAttachment:
    """A row of attachments."""

    owner: str
    thread_id: str | None
    payload: str


class MemoryStore(SdkMethods[C], ManagedStore, Generic[C]):
    """The SDK's `Store` and a `ConversationStore`, in memory.

    Args:
        owner: Whose rows a context may see.
    """

    def __init__(self, *, owner: Callable[[C], str] = owner_of) -> None:
        self._owner = owner
        self._threads: dict[str, StoredThread] = {}
        self._attachments: dict[str, StoredAttachment] = {}
        self._runs = MemoryRuns()
        self._credentials = MemoryCredentials()

    @property
    def runs(self) -> MemoryRuns:
        """The runs beside these conversations: a `RunStore`."""
        return self._runs

    @property
    def credentials(self) -> MemoryCredentials:
        """The API keys and sessions beside these conversations: a `CredentialStore`."""
        return self._credentials

    async def open(self) -> None:
        """Nothing to do; stores are opened and closed alike."""

    async def close(self) -> None:
        """Nothing to do."""

    async def ping(self) -> None:
        """Nothing to do."""

    async def load_thread(self, thread_id: str, context: C) -> ThreadMetadata:
        """See `ConversationStore.load_thread`."""
        return read_thread(self._own(thread_id, context).payload)

    async def save_thread(self, thread: ThreadMetadata, context: C) -> None:
        """See `ConversationStore.save_thread`."""
        await self.start_thread(thread, [], context)

    async def start_thread(
        self,
        thread: ThreadMetadata,
        items: Sequence[ThreadItem],
        context: C,
        *,
        attachments: Sequence[Attachment] = (),
    ) -> None:
        """See `ConversationStore.start_thread`."""
        self._check_fence()
        self._start(thread, items, context, attachments)

    def _start(
        self,
        thread: ThreadMetadata,
        items: Sequence[ThreadItem],
        context: C,
        attachments: Sequence[Attachment],
    ) -> None:
        owner = self._owner(context)
        there = self._threads.get(thread.id)
        if there is not None and there.owner != owner:
            raise NotFoundError(thread.id)
        described = [self._described(attachment, owner) for attachment in attachments]
        row = StoredThread(owner, to_utc(thread.created_at), thread_payload(thread))
        new = [(item.id, item.type, item_payload(item)) for item in items]
        if there is not None:
            row.items = there.items
        self._threads[thread.id] = row
        _put(row, new)
        self._attachments.update(described)

    async def delete_thread(self, thread_id: str, context: C) -> None:
        """See `ConversationStore.delete_thread`."""
        self._runs.delete_of_thread(thread_id, self._own(thread_id, context).owner)
        del self._threads[thread_id]
        self._attachments = {
            name: row for name, row in self._attachments.items() if row.thread_id != thread_id
        }

    async def load_item(self, thread_id: str, item_id: str, context: C) -> ThreadItem:
        """See `ConversationStore.load_item`."""
        items = self._own(thread_id, context).items
        if item_id not in items:
            raise NotFoundError(item_id)
        return read_item(items[item_id].payload)

    async def put_items(
        self,
        thread_id: str,
        items: Sequence[ThreadItem],
        context: C,
        *,
        attachments: Sequence[Attachment] = (),
    ) -> None:
        """See `ConversationStore.put_items`."""
        self._check_fence()
        self._put(thread_id, items, context, attachments)

    def _put(
        self,
        thread_id: str,
        items: Sequence[ThreadItem],
        context: C,
        attachments: Sequence[Attachment],
    ) -> None:
        thread = self._own(thread_id, context)
        described = [self._described(attachment, thread.owner) for attachment in attachments]
        _put(thread, [(item.id, item.type, item_payload(item)) for item in items])
        self._attachments.update(described)

    async def begin_run(
        self,
        run: RunRecord,
        changes: ThreadChanges,
        context: C,
        *,
        most_running: int | None = None,
    ) -> None:
        """See `ConversationStore.begin_run`."""
        self._runs.require_turn(run, most_running)
        if changes.after is None:
            self._change(run.thread_id, changes, context)
        else:
            items = self._own(run.thread_id, context).items
            before = dict(items)
            try:
                self._delete_behind(run.thread_id, changes.after, context)
                self._change(run.thread_id, changes, context)
            except BaseException:
                items.update(before)
                raise
        self._runs.begin(run)

    def _change(self, thread_id: str, changes: ThreadChanges, context: C) -> None:
        if changes.thread is not None:
            self._start(changes.thread, changes.items, context, changes.attachments)
        elif changes.items:
            self._put(thread_id, changes.items, context, changes.attachments)

    async def delete_items(self, thread_id: str, item_ids: Sequence[str], context: C) -> None:
        """See `ConversationStore.delete_items`."""
        self._check_fence()
        try:
            items = self._own(thread_id, context).items
        except NotFoundError:
            return
        for item_id in item_ids:
            items.pop(item_id, None)

    async def delete_items_after(self, thread_id: str, item_id: str, context: C) -> None:
        """See `ConversationStore.delete_items_after`."""
        self._check_fence()
        self._delete_behind(thread_id, item_id, context)

    def _delete_behind(self, thread_id: str, item_id: str, context: C) -> None:
        items = self._own(thread_id, context).items
        if item_id not in items:
            raise NotFoundError(item_id)
        names = list(items)
        for name in names[names.index(item_id) + 1 :]:
            del items[name]

    async def page_threads(
        self, *, limit: int, after: str | None, order: Order, context: C
    ) -> Page[ThreadMetadata]:
        """See `ConversationStore.page_threads`."""
        require_limit(limit)
        owner = self._owner(context)
        own = [name for name, row in self._threads.items() if row.owner == owner]
        own.sort(key=lambda name: (self._threads[name].created_at, name), reverse=order == "desc")
        names = _behind(own, after)[: limit + 1]
        return page_of([read_thread(self._threads[name].payload) for name in names], limit)

    async def tenant_thread(self, thread_id: str, tenant: str) -> OwnedThread:
        """See `TenantStore.tenant_thread`."""
        row = self._threads.get(thread_id)
        if row is None or row.owner.partition("/")[0] != tenant:
            raise NotFoundError(thread_id)
        return OwnedThread(owner=row.owner, thread=read_thread(row.payload))

    async def page_tenant_threads(
        self, tenant: str, *, owner: str | None, limit: int, after: str | None, order: Order
    ) -> Page[OwnedThread]:
        """See `TenantStore.page_tenant_threads`."""
        require_limit(limit)
        listed = [
            name
            for name, row in self._threads.items()
            if row.owner.partition("/")[0] == tenant and owner in (None, row.owner)
        ]
        listed.sort(
            key=lambda name: (self._threads[name].created_at, name), reverse=order == "desc"
        )
        names = _behind(listed, after)[: limit + 1]
        return page_of([await self.tenant_thread(name, tenant) for name in names], limit)

    async def page_items(
        self,
        thread_id: str,
        *,
        limit: int,
        after: str | None,
        order: Order,
        context: C,
        hidden: bool = False,
    ) -> Page[ThreadItem]:
        """See `ConversationStore.page_items`."""
        require_limit(limit)
        items = self._own(thread_id, context).items
        names = list(items) if order == "asc" else list(reversed(items))
        shown = [
            name for name in _behind(names, after) if hidden or items[name].type not in HIDDEN_TYPES
        ]
        return page_of([read_item(items[name].payload) for name in shown[: limit + 1]], limit)

    async def save_feedback(
        self, thread_id: str, item_ids: Sequence[str], kind: FeedbackKind, context: C
    ) -> None:
        """See `ConversationStore.save_feedback`."""
        self._check_fence()
        items = self._own(thread_id, context).items
        for item_id in item_ids:
            if item_id not in items:
                raise NotFoundError(item_id)
        for item_id in item_ids:
            items[item_id].feedback = kind

    async def save_attachment(self, attachment: Attachment, context: C) -> None:
        """See `SqlStore.save_attachment`."""
        self._check_fence()
        if attachment.thread_id is not None:
            self._own(attachment.thread_id, context)
        name, row = self._described(attachment, self._owner(context))
        self._attachments[name] = row

    def _described(self, attachment: Attachment, owner: str) -> tuple[str, StoredAttachment]:
        there = self._attachments.get(attachment.id)
        if there is not None and there.owner != owner:
            raise NotFoundError(attachment.id)
        payload = attachment_payload(attachment)
        return attachment.id, StoredAttachment(owner, attachment.thread_id, payload)

    async def load_attachment(self, attachment_id: str, context: C) -> Attachment:
        """See `SqlStore.load_attachment`."""
        row = self._attachments.get(attachment_id)
        if row is None or row.owner != self._owner(context):
            raise NotFoundError(attachment_id)
        return read_attachment(row.payload)

    async def delete_attachment(self, attachment_id: str, context: C) -> None:
        """See `SqlStore.delete_attachment`."""
        self._check_fence()
        await self.load_attachment(attachment_id, context)
        del self._attachments[attachment_id]

    def _check_fence(self) -> None:
        fence = current_fence.get()
        if fence is not None:
            self._runs.check(fence)

    def _own(self, thread_id: str, context: C) -> StoredThread:
        thread = self._threads.get(thread_id)
        if thread is None or thread.owner != self._owner(context):
            raise NotFoundError(thread_id)
        return thread


def _put(thread: StoredThread, items: Sequence[tuple[str, str, str]]) -> None:
    for name, kind, payload in items:
        there = thread.items.get(name)
        thread.items[name] = StoredItem(kind, payload, there.feedback if there else None)


def _behind(names: list[str], after: str | None) -> list[str]:
    if after is None:
        return names
    if after not in names:
        raise CursorNotFoundError(after)
    return names[names.index(after) + 1 :]
