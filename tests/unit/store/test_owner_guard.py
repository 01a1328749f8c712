"""Every statement names its owner or says why not; one that forgets it does not run."""

import inspect
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from chatkit.types import ThreadMetadata
from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    FromClause,
    Text,
    and_,
    bindparam,
    column,
    delete,
    exists,
    func,
    lateral,
    literal_column,
    or_,
    select,
    table,
    text,
    union_all,
    update,
    values,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import Executable

from chatkit_backend.identity import Principal
from chatkit_backend.store import SqlStore, run_statements, sql_credentials, statements
from chatkit_backend.store.owner_guard import OwnerlessError, across_owners, require_owner
from chatkit_backend.store.statements import Order
from chatkit_backend.store.tables import items, replicas, runs, tenant_of, threads

OWNER = bindparam("owner", type_=Text())
OTHER = threads.alias("other")

sampled = threads.tablesample(100)
twice = threads.alias("a").alias("b")


def own(source: FromClause) -> ColumnElement[bool]:
    return source.c.owner == OWNER


class Unknown(FromClause):
    """Rows from where no guard can look."""

    name = "unknown"


class Context:
    """Somebody's request."""

    def __init__(self, user_id: str) -> None:
        self.principal = Principal(user_id=user_id)


def all_statements() -> dict[str, ClauseElement]:
    found: dict[str, ClauseElement] = {}
    order: Order
    for module in (statements, run_statements, sql_credentials):
        found |= {
            name: value
            for name, value in vars(module).items()
            if isinstance(value, ClauseElement) and isinstance(value, Executable)
        }
    for order in ("asc", "desc"):
        for after in (False, True):
            name = f"{order}, {after=}"
            found[f"threads {name}"] = statements.page_of_threads(order, after=after)
            for flag in (False, True):
                found[f"items {name}, hidden={flag}"] = statements.page_of_items(
                    order, after=after, hidden=flag
                )
                found[f"tenant's threads {name}, one_owner={flag}"] = (
                    statements.page_of_tenant_threads(order, after=after, one_owner=flag)
                )
    for dialect in ("sqlite", "postgresql"):
        for made in (statements.Upserts(dialect), run_statements.RunUpserts(dialect)):
            found |= {f"{name} ({dialect})": value for name, value in vars(made).items()}
    return found


@pytest.mark.parametrize("name", sorted(all_statements()))
def test_every_statement_of_the_store_names_its_owner(name: str) -> None:
    require_owner(all_statements()[name])


@pytest.mark.parametrize(
    "forgetful",
    [
        lambda: select(threads.c.payload).where(threads.c.id == bindparam("id")),
        lambda: select(threads.c.payload),
        lambda: select(threads.c.payload).where(
            or_(threads.c.owner == OWNER, threads.c.id == bindparam("id"))
        ),
        lambda: select(threads.c.payload).where(threads.c.owner != OWNER),
        lambda: select(threads.c.payload).where(threads.c.owner == threads.c.owner),
        # the owner of one of two tables
        lambda: (
            select(items.c.payload)
            .select_from(items.join(threads, items.c.thread_id == threads.c.id))
            .where(threads.c.owner == OWNER)
        ),
        # the owner outside, none within
        lambda: select(items.c.payload).where(
            items.c.owner == OWNER,
            items.c.position > select(items.alias("other").c.position).scalar_subquery(),
        ),
        lambda: delete(runs).where(runs.c.id == bindparam("id")),
        lambda: update(threads).values(payload="{}").where(threads.c.id == bindparam("id")),
        lambda: (
            sqlite.insert(threads)
            .values(id="a", owner=OWNER)
            .on_conflict_do_update(index_elements=["id"], set_={"payload": "{}"})
        ),
        lambda: text("SELECT payload FROM chatkit_threads"),
        lambda: select(text("payload")).select_from(text("chatkit_threads")),
        lambda: select(literal_column("(SELECT max(payload) FROM chatkit_threads)")),
        lambda: select(table("chatkit_threads", column("payload")).c.payload),
        # owners that are each other's, and nobody's
        lambda: select(items.c.payload).where(
            items.c.owner == threads.c.owner, items.c.thread_id == threads.c.id
        ),
        lambda: select(threads.c.payload).where(threads.c.owner == OTHER.c.owner),
        lambda: select(threads.c.payload).where(
            threads.c.owner == OTHER.c.owner,
            OTHER.c.owner == items.c.owner,
            items.c.owner == threads.c.owner,
        ),
        # bound to the tenant of the one, and to nothing of the other
        lambda: select(threads.c.payload).where(
            OTHER.c.owner == OWNER, threads.c.owner == tenant_of(OTHER.c.owner)
        ),
        # the owner of the table that is changed, none of the one beside it
        lambda: (
            update(threads)
            .values(payload=items.c.payload)
            .where(threads.c.owner == OWNER, items.c.thread_id == threads.c.id)
        ),
        lambda: update(threads).values(payload=items.c.payload).where(threads.c.owner == OWNER),
        lambda: update(threads).values(payload="{}" + items.c.payload).where(own(threads)),
        lambda: delete(threads).where(threads.c.owner == OWNER, items.c.thread_id == threads.c.id),
        # other names of a table
        lambda: select(threads.alias("a").alias("b").c.payload),
        lambda: select(threads.tablesample(100).c.payload),
        lambda: select(lateral(select(threads.c.payload))),
        lambda: select(select(threads.c.payload).subquery().alias("a")),
        lambda: select(select(threads.c.payload).cte("c").alias("a")),
        lambda: union_all(select(threads.c.payload).where(own(threads)), select(threads.c.payload)),
        # the outer one's owner, whom the inner one is compared with
        lambda: select(threads.c.id).where(
            own(threads), exists().where(items.c.owner == threads.c.owner)
        ),
        # what this guard does not know
        lambda: select(func.count()).select_from(Unknown()),
    ],
    ids=lambda make: inspect.getsource(make).strip()[:60] if callable(make) else None,
)
def test_a_statement_that_forgets_its_owner_is_refused(
    forgetful: Callable[[], ClauseElement],
) -> None:
    with pytest.raises(OwnerlessError):
        require_owner(forgetful())


@pytest.mark.parametrize(
    "bound",
    [
        lambda: select(items.c.payload).where(own(threads), items.c.owner == threads.c.owner),
        lambda: select(items.c.payload).where(
            runs.c.owner == threads.c.owner, items.c.owner == runs.c.owner, threads.c.owner == OWNER
        ),
        lambda: select(items.c.payload).where(
            tenant_of(items.c.owner) == tenant_of(threads.c.owner), own(threads)
        ),
        lambda: (
            select(items.c.payload)
            .select_from(items.join(threads, items.c.thread_id == threads.c.id))
            .where(own(items), own(threads))
        ),
        lambda: (
            update(threads)
            .values(payload=items.c.payload)
            .where(own(threads), items.c.owner == threads.c.owner)
        ),
        lambda: delete(threads).where(
            own(threads), threads.c.id.in_(select(items.c.thread_id).where(own(items)))
        ),
        lambda: select(sampled.c.payload).where(sampled.c.owner == OWNER),
        lambda: select(twice.c.payload).where(twice.c.owner == OWNER),
        lambda: select(func.json_each("[]").table_valued("value").c.value, threads.c.id).where(
            own(threads)
        ),
        lambda: select(literal_column("1"), values(column("n"), name="v").data([(1,)]).c.n),
    ],
    ids=lambda make: inspect.getsource(make).strip()[:60] if callable(make) else None,
)
def test_whoever_names_an_owner_may_take_any_way_to_it(
    bound: Callable[[], ClauseElement],
) -> None:
    require_owner(bound())


def test_a_statement_may_say_why_it_is_for_all() -> None:
    require_owner(across_owners(delete(runs), "a test"))
    with pytest.raises(ValueError, match="say why"):
        across_owners(delete(runs), "")


def test_tables_without_owners_need_none() -> None:
    require_owner(select(replicas.c.beat))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_url"))
    return f"sqlite:///{tmp_path / 'guarded.sqlite3'}"


async def test_a_forgotten_filter_shows_nobody_anything(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store: SqlStore[Context] = SqlStore(database)
    mine, theirs = Context("guarded"), Context("curious")
    thread = ThreadMetadata(id="thr_guarded", created_at=datetime.now(UTC))
    try:
        await store.save_thread(thread, mine)
        without = select(threads.c.payload).where(and_(threads.c.id == statements.THREAD_ID))
        monkeypatch.setattr(statements, "LOAD_THREAD", without)
        with pytest.raises(OwnerlessError, match="names no owner"):
            await store.load_thread(thread.id, theirs)
    finally:
        monkeypatch.undo()
        await store.delete_thread(thread.id, mine)
        await store.close()
