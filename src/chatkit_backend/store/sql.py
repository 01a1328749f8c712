"""`SqlStore`: conversations in SQLite or PostgreSQL."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic

from chatkit.store import NotFoundError
from chatkit.types import Attachment, FeedbackKind, Page, ThreadItem, ThreadMetadata
from sqlalchemy import Connection, Executable, literal, select
from typing_extensions import TypeVar

from chatkit_backend.errors import ConfigError

from . import statements as sql
from .database import Database
from .errors import CursorNotFoundError, StoreUnavailableError
from .keys import is_key, key
from .lifecycle import ManagedStore
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
from .run_statements import DELETE_THREAD_RUNS
from .runs import RunRecord, ThreadChanges, current_fence
from .schema import open_database
from .sdk_methods import Order, SdkMethods
from .sql_credentials import SqlCredentials
from .sql_runs import SqlRuns, check_fence
from .tenants import OwnedThread
from .times import now, to_utc
from .urls import database_url, is_sqlite, masked

C = TypeVar("C")

Row = dict[str, object]
Write = tuple[Executable, Row, str]
"""A statement, its parameters, and what is not there if it touches no row."""


SIGN_OF_LIFE = select(literal(1))


class SqlStore(SdkMethods[C], ManagedStore, Generic[C]):
    """The SDK's `Store` and a `ConversationStore`, over SQL.

    Building one does nothing but understand `url`. `open` connects; the first operation does so
    too. Use it on one event loop.

    Args:
        url: `sqlite:///path` or `postgresql://user:password@host/name`, see `urls.database_url`.
        owner: Whose rows a context may see.
        pool_size: PostgreSQL connections at most.
        timeout_s: Seconds that an operation waits for its turn, and then for the database.

    Raises:
        ConfigError: A bad `url`.

    Every method may raise StoreUnavailableError. A cancelled caller's operation ends first, whole.
    """

    def __init__(
        self,
        url: str,
        *,
        owner: Callable[[C], str] = owner_of,
        pool_size: int = 10,
        timeout_s: float = 10.0,
    ) -> None:
        self._url = database_url(url)
        self._shown_url = masked(url)
        self._owner = owner
        self._pool_size = pool_size
        self._timeout_s = timeout_s
        self._database: Database | None = None
        self._upserts = sql.Upserts(self._url.get_backend_name())
        self._runs = SqlRuns(self._opened, self._url.get_backend_name())
        self._credentials = SqlCredentials(self._opened)
        self._closed = False
        self._opening = asyncio.Lock()

    async def open(self) -> None:
        """Connect and see to the schema: SQLite is migrated, PostgreSQL checked.

        Raises: ConfigError, which tells the fix.
        """
        self._closed = False
        try:
            await self._opened()
        except StoreUnavailableError as exc:
            fix = (
                "Name a file that the server may make and write"
                if is_sqlite(self._url)
                else "Start the database or fix DATABASE_URL"
            )
            raise ConfigError(
                f"DATABASE_URL={self._shown_url} cannot be opened: {exc}. {fix}"
            ) from exc

    async def close(self) -> None:
        """Wait for the operations under way and disconnect. What comes later is refused."""
        self._closed = True
        async with self._opening:
            database, self._database = self._database, None
            if database is not None:
                await database.close()

    async def ping(self) -> None:
        """Ask the database for a sign of life. Raises: StoreUnavailableError."""
        database = await self._opened()
        await database.read(lambda connection: connection.execute(SIGN_OF_LIFE).scalar())

    @property
    def runs(self) -> SqlRuns:
        """The runs in this database: a `RunStore`."""
        return self._runs

    @property
    def credentials(self) -> SqlCredentials:
        """The API keys and sessions in this database: a `CredentialStore`."""
        return self._credentials

    async def load_thread(self, thread_id: str, context: C) -> ThreadMetadata:
        """See `ConversationStore.load_thread`."""
        keys = self._keys(context, thread_id=thread_id)
        return read_thread(await self._load(sql.LOAD_THREAD, keys, thread_id))

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
        keys = self._keys(context, thread_id=thread.id)
        described = self._attachment_writes(keys, attachments)
        await self._write_each(
            [self._thread_write(keys, thread), *described, *self._item_writes(keys, items)]
        )

    async def delete_thread(self, thread_id: str, context: C) -> None:
        """See `ConversationStore.delete_thread`."""
        keys = self._keys(context, thread_id=thread_id)

        def delete(connection: Connection) -> None:
            _perform(connection, [(sql.DELETE_THREAD, keys, thread_id)])
            connection.execute(DELETE_THREAD_RUNS, keys)

        database = await self._opened()
        await database.write(delete)

    async def load_item(self, thread_id: str, item_id: str, context: C) -> ThreadItem:
        """See `ConversationStore.load_item`."""
        keys = self._keys(context, thread_id=thread_id, id=item_id)
        return read_item(await self._load(sql.LOAD_ITEM, keys, item_id))

    async def put_items(
        self,
        thread_id: str,
        items: Sequence[ThreadItem],
        context: C,
        *,
        attachments: Sequence[Attachment] = (),
    ) -> None:
        """See `ConversationStore.put_items`."""
        keys = self._keys(context, thread_id=thread_id)
        if items:
            described = self._attachment_writes(keys, attachments)
            await self._write_each([*described, *self._item_writes(keys, items)])
        else:
            await self._load(sql.LOAD_THREAD, keys, thread_id)

    async def begin_run(
        self,
        run: RunRecord,
        changes: ThreadChanges,
        context: C,
        *,
        most_running: int | None = None,
    ) -> None:
        """See `ConversationStore.begin_run`."""
        keys = self._keys(context, thread_id=run.thread_id)
        writes: list[Write] = []
        if changes.thread is not None:
            writes.append(self._thread_write(keys, changes.thread))
        writes += self._attachment_writes(keys, changes.attachments)
        writes += self._item_writes(keys, changes.items)

        def change(connection: Connection) -> None:
            if changes.after is not None:
                _delete_behind(connection, {**keys, "id": key(changes.after)}, changes.after)
            _perform(connection, writes)

        await self._runs.begin(run, change, most_running)

    async def delete_items(self, thread_id: str, item_ids: Sequence[str], context: C) -> None:
        """See `ConversationStore.delete_items`."""
        rows = [
            self._keys(context, thread_id=thread_id, id=item_id)
            for item_id in item_ids
            if is_key(item_id) and is_key(thread_id)
        ]
        if rows:
            await self._write(lambda connection: connection.execute(sql.DELETE_ITEM, rows))

    async def delete_items_after(self, thread_id: str, item_id: str, context: C) -> None:
        """See `ConversationStore.delete_items_after`."""
        keys = self._keys(context, thread_id=thread_id, id=item_id)
        await self._write(lambda connection: _delete_behind(connection, keys, item_id))

    async def page_threads(
        self, *, limit: int, after: str | None, order: Order, context: C
    ) -> Page[ThreadMetadata]:
        """See `ConversationStore.page_threads`."""
        keys = self._page_keys(limit, after, self._keys(context))
        page = sql.page_of_threads(order, after=after is not None)

        def load(connection: Connection) -> Sequence[str]:
            payloads = connection.execute(page, keys).scalars().all()
            if not payloads and after is not None:
                cursor = {"thread_id": after, "owner": keys["owner"]}
                if connection.execute(sql.LOAD_THREAD, cursor).first() is None:
                    raise CursorNotFoundError(after)
            return payloads

        database = await self._opened()
        return page_of([read_thread(payload) for payload in await database.read(load)], limit)

    async def tenant_thread(self, thread_id: str, tenant: str) -> OwnedThread:
        """See `TenantStore.tenant_thread`."""
        keys = {"thread_id": key(thread_id), "tenant": key(tenant)}
        database = await self._opened()
        row = await database.read(
            lambda connection: connection.execute(sql.LOAD_TENANT_THREAD, keys).first()
        )
        if row is None:
            raise NotFoundError(thread_id)
        return OwnedThread(owner=row.owner, thread=read_thread(row.payload))

    async def page_tenant_threads(
        self, tenant: str, *, owner: str | None, limit: int, after: str | None, order: Order
    ) -> Page[OwnedThread]:
        """See `TenantStore.page_tenant_threads`."""
        keys = self._page_keys(limit, after, {"tenant": key(tenant), "owner": key(owner or "")})
        page = sql.page_of_tenant_threads(
            order, after=after is not None, one_owner=owner is not None
        )

        def load(connection: Connection) -> list[OwnedThread]:
            rows = [
                OwnedThread(owner=row.owner, thread=read_thread(row.payload))
                for row in connection.execute(page, keys)
            ]
            if not rows and after is not None:
                cursor = {"thread_id": after, "tenant": tenant}
                if connection.execute(sql.LOAD_TENANT_THREAD, cursor).first() is None:
                    raise CursorNotFoundError(after)
            return rows

        database = await self._opened()
        return page_of(await database.read(load), limit)

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
        keys = self._page_keys(limit, after, self._keys(context, thread_id=thread_id))
        page = sql.page_of_items(order, after=after is not None, hidden=hidden)

        def load(connection: Connection) -> Sequence[str]:
            payloads = connection.execute(page, keys).scalars().all()
            # A row proves that thread and cursor are there; only an empty page needs a look.
            if not payloads:
                if connection.execute(sql.LOAD_THREAD, keys).first() is None:
                    raise NotFoundError(thread_id)
                if after is not None:
                    cursor = connection.execute(sql.LOAD_POSITION, {**keys, "id": after})
                    if cursor.first() is None:
                        raise CursorNotFoundError(after)
            return payloads

        database = await self._opened()
        return page_of([read_item(payload) for payload in await database.read(load)], limit)

    async def save_feedback(
        self, thread_id: str, item_ids: Sequence[str], kind: FeedbackKind, context: C
    ) -> None:
        """See `ConversationStore.save_feedback`."""
        keys = self._keys(context, thread_id=thread_id)
        if not item_ids:
            await self._load(sql.LOAD_THREAD, keys, thread_id)
        row = {**keys, "kind": kind, "created_at": now()}
        await self._write_each(
            [(self._upserts.feedback, {**row, "id": key(name)}, name) for name in item_ids]
        )

    async def save_attachment(self, attachment: Attachment, context: C) -> None:
        """Insert or update an attachment's description, its private `metadata` included.

        Raises: NotFoundError if its thread is not there or its id is another owner's.
        """
        await self._write_each(self._attachment_writes(self._keys(context), [attachment]))

    async def load_attachment(self, attachment_id: str, context: C) -> Attachment:
        """Load an attachment's description. Raises: NotFoundError."""
        keys = self._keys(context, id=attachment_id)
        return read_attachment(await self._load(sql.LOAD_ATTACHMENT, keys, attachment_id))

    async def delete_attachment(self, attachment_id: str, context: C) -> None:
        """Delete an attachment's description. Raises: NotFoundError."""
        keys = self._keys(context, id=attachment_id)
        await self._write_each([(sql.DELETE_ATTACHMENT, keys, attachment_id)])

    async def _opened(self) -> Database:
        if self._database is None:
            async with self._opening:
                if self._closed:
                    raise StoreUnavailableError("the store is closed")
                if self._database is None:
                    self._database = await open_database(
                        self._url, pool_size=self._pool_size, timeout_s=self._timeout_s
                    )
        return self._database

    async def _load(self, query: Executable, keys: Row, name: str) -> str:
        database = await self._opened()
        payload = await database.read(
            lambda connection: connection.execute(query, keys).scalar_one_or_none()
        )
        if payload is None:
            raise NotFoundError(name)
        return str(payload)

    async def _write_each(self, writes: Sequence[Write]) -> None:
        if writes:
            await self._write(lambda connection: _perform(connection, writes))

    async def _write(self, operation: Callable[[Connection], object]) -> None:
        """Write in one transaction, which is undone if a run writes that may no longer do so."""
        fence = current_fence.get()

        def write(connection: Connection) -> None:
            operation(connection)
            if fence is not None:
                check_fence(connection, fence)

        database = await self._opened()
        await database.write(write)

    def _thread_write(self, keys: Row, thread: ThreadMetadata) -> Write:
        row = {
            **keys,
            "thread_id": key(thread.id),
            "created_at": to_utc(thread.created_at),
            "payload": thread_payload(thread),
        }
        return self._upserts.thread, row, thread.id

    def _item_writes(self, keys: Row, items: Sequence[ThreadItem]) -> list[Write]:
        return [
            (
                self._upserts.item,
                {
                    **keys,
                    "id": key(item.id),
                    "type": item.type,
                    "created_at": to_utc(item.created_at),
                    "payload": item_payload(item),
                },
                str(keys["thread_id"]),
            )
            for item in items
        ]

    def _attachment_writes(self, keys: Row, attachments: Sequence[Attachment]) -> list[Write]:
        return [
            (
                self._upserts.attachment,
                {
                    "owner": keys["owner"],
                    "id": key(attachment.id),
                    "thread_id": attachment.thread_id,
                    "created_at": now(),
                    "payload": attachment_payload(attachment),
                },
                attachment.id,
            )
            for attachment in attachments
        ]

    def _keys(self, context: C, **ids: str) -> Row:
        return {name: key(text) for name, text in (*ids.items(), ("owner", self._owner(context)))}

    @staticmethod
    def _page_keys(limit: int, after: str | None, keys: Row) -> Row:
        require_limit(limit)
        if after is not None and not is_key(after):
            raise CursorNotFoundError(after)
        return {**keys, "limit": limit + 1, "after": after}


def _perform(connection: Connection, writes: Sequence[Write]) -> None:
    """Write one after the other; a statement that touches no row undoes the transaction."""
    for statement, row, name in writes:
        if connection.execute(statement, row).rowcount == 0:
            raise NotFoundError(name)


def _delete_behind(connection: Connection, keys: Row, item_id: str) -> None:
    position = connection.execute(sql.LOAD_POSITION, keys).scalar_one_or_none()
    if position is None:
        raise NotFoundError(item_id)
    connection.execute(sql.DELETE_ITEMS_BEHIND, {**keys, "position": position})
