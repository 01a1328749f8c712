"""The statements of `SqlStore`. Each of them is bound to an `owner`.

They are built once for a dialect and compiled once (SQLAlchemy's cache): building an expression
costs more than SQLite needs to answer it. Parameters are named like the columns.
"""

from functools import cache
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    Delete,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite

from .tables import UtcDateTime, attachments, feedback, items, tenant_of, threads

Order = Literal["asc", "desc"]

Upsert = postgresql.Insert | sqlite.Insert

HIDDEN_TYPES = ("hidden_context_item", "sdk_hidden_context")
"""`type` of the SDK's `HiddenContextItem` and `SDKHiddenContextItem`."""

ID = bindparam("id", type_=Text())
THREAD_ID = bindparam("thread_id", type_=Text())
OWNER = bindparam("owner", type_=Text())
TENANT = bindparam("tenant", type_=Text())
CREATED_AT = bindparam("created_at", type_=UtcDateTime())
PAYLOAD = bindparam("payload", type_=Text())
AFTER = bindparam("after", type_=Text())


def _own(table: Table) -> ColumnElement[bool]:
    return table.c.owner == OWNER


OWN_THREAD = and_(threads.c.id == THREAD_ID, _own(threads))
OWN_ITEM = and_(items.c.thread_id == THREAD_ID, items.c.id == ID, _own(items))
OWN_ATTACHMENT = and_(attachments.c.id == ID, _own(attachments))

OF_TENANT = tenant_of(threads.c.owner) == TENANT
LOAD_TENANT_THREAD = select(threads.c.owner, threads.c.payload).where(
    threads.c.id == THREAD_ID, OF_TENANT
)

LOAD_THREAD = select(threads.c.payload).where(OWN_THREAD)
LOAD_ITEM = select(items.c.payload).where(OWN_ITEM)
LOAD_ATTACHMENT = select(attachments.c.payload).where(OWN_ATTACHMENT)
LOAD_POSITION = select(items.c.position).where(OWN_ITEM)

DELETE_THREAD = delete(threads).where(OWN_THREAD)
DELETE_ITEM = delete(items).where(OWN_ITEM)
DELETE_ATTACHMENT = delete(attachments).where(OWN_ATTACHMENT)
DELETE_ITEMS_BEHIND: Delete = delete(items).where(
    items.c.thread_id == THREAD_ID, _own(items), items.c.position > bindparam("position")
)


@cache
def page_of_threads(order: Order, *, after: bool) -> Select[str]:
    """`limit` payloads by creation, then id; with `after`, those behind that thread.

    An `after` that is not there gives no row, for nothing compares with NULL.
    """
    key = tuple_(threads.c.created_at, threads.c.id)
    page = select(threads.c.payload).where(_own(threads)).limit(bindparam("limit"))
    if after:
        other = threads.alias("cursor")
        cursor = (
            select(other.c.created_at, other.c.id)
            .where(other.c.id == AFTER, other.c.owner == OWNER)
            .scalar_subquery()
        )
        page = page.where(key > cursor if order == "asc" else key < cursor)
    if order == "asc":
        return page.order_by(threads.c.created_at, threads.c.id)
    return page.order_by(threads.c.created_at.desc(), threads.c.id.desc())


@cache
def page_of_tenant_threads(
    order: Order, *, after: bool, one_owner: bool
) -> Select[tuple[str, str]]:
    """`page_of_threads` for all users of a tenant, or for one of them; with each row its owner."""
    own = and_(OF_TENANT, _own(threads)) if one_owner else OF_TENANT
    page = select(threads.c.owner, threads.c.payload).where(own).limit(bindparam("limit"))
    key = tuple_(threads.c.created_at, threads.c.id)
    if after:
        other = threads.alias("cursor")
        cursor = (
            select(other.c.created_at, other.c.id)
            .where(other.c.id == AFTER, tenant_of(other.c.owner) == TENANT)
            .scalar_subquery()
        )
        page = page.where(key > cursor if order == "asc" else key < cursor)
    if order == "asc":
        return page.order_by(threads.c.created_at, threads.c.id)
    return page.order_by(threads.c.created_at.desc(), threads.c.id.desc())


@cache
def page_of_items(order: Order, *, after: bool, hidden: bool) -> Select[str]:
    """`limit` payloads by position; with `after`, those behind that item (none if it is not)."""
    # PostgreSQL's planner knows that sorting by a column of one value is pointless, and then walks
    # the primary key back through everybody's newer items (3.5 times slower in a large table).
    # Of a range it does not know that, and takes the index that has the thread's items in order.
    own_thread = items.c.thread_id.between(THREAD_ID, THREAD_ID)
    page = select(items.c.payload).where(own_thread, _own(items))
    if not hidden:
        page = page.where(items.c.type.not_in(HIDDEN_TYPES))
    if after:
        other = items.alias("cursor")
        cursor = (
            select(other.c.position)
            .where(other.c.thread_id == THREAD_ID, other.c.id == AFTER, other.c.owner == OWNER)
            .scalar_subquery()
        )
        position = items.c.position
        page = page.where(position > cursor if order == "asc" else position < cursor)
    by = (items.c.owner, items.c.thread_id, items.c.position)
    return page.order_by(*(by if order == "asc" else (one.desc() for one in by))).limit(
        bindparam("limit")
    )


class Upserts:
    """The `INSERT … ON CONFLICT DO UPDATE` of one dialect; SQLAlchemy has no common one.

    Each touches one row, or none if what it belongs to is not there or not the owner's.
    """

    def __init__(self, dialect: str) -> None:
        insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
        # preserve_rowcount: SQLAlchemy forgets the number of rows of an INSERT otherwise.
        counted = {"preserve_rowcount": True}
        self.thread = self._thread(insert(threads)).execution_options(**counted)
        self.item = self._item(insert(items)).execution_options(**counted)
        self.attachment = self._attachment(insert(attachments)).execution_options(**counted)
        self.feedback = self._feedback(insert(feedback)).execution_options(**counted)

    @staticmethod
    def _thread(insert: Upsert) -> Upsert:
        return insert.values(
            id=THREAD_ID, owner=OWNER, created_at=CREATED_AT, payload=PAYLOAD
        ).on_conflict_do_update(
            index_elements=["id"],
            set_={name: insert.excluded[name] for name in ("created_at", "payload")},
            where=threads.c.owner == insert.excluded.owner,
        )

    @staticmethod
    def _item(insert: Upsert) -> Upsert:
        row = select(
            threads.c.id, ID, threads.c.owner, bindparam("type", type_=Text()), CREATED_AT, PAYLOAD
        ).where(OWN_THREAD)
        return insert.from_select(
            ["thread_id", "id", "owner", "type", "created_at", "payload"], row
        ).on_conflict_do_update(
            index_elements=["thread_id", "id"],
            set_={name: insert.excluded[name] for name in ("type", "created_at", "payload")},
            where=items.c.owner == insert.excluded.owner,
        )

    @staticmethod
    def _attachment(insert: Upsert) -> Upsert:
        row = select(ID, OWNER, THREAD_ID, CREATED_AT, PAYLOAD).where(
            or_(THREAD_ID.is_(None), exists().where(OWN_THREAD))
        )
        return insert.from_select(
            ["id", "owner", "thread_id", "created_at", "payload"], row
        ).on_conflict_do_update(
            index_elements=["id"],
            set_={name: insert.excluded[name] for name in ("thread_id", "payload")},
            where=attachments.c.owner == insert.excluded.owner,
        )

    @staticmethod
    def _feedback(insert: Upsert) -> Upsert:
        row = select(
            items.c.thread_id,
            items.c.id,
            items.c.owner,
            bindparam("kind", type_=Text()),
            CREATED_AT,
        ).where(OWN_ITEM)
        return insert.from_select(
            ["thread_id", "item_id", "owner", "kind", "created_at"], row
        ).on_conflict_do_update(
            index_elements=["thread_id", "item_id"],
            set_={name: insert.excluded[name] for name in ("kind", "created_at")},
            where=feedback.c.owner == insert.excluded.owner,
        )
