"""Every statement asks for the owner and finds its rows by an index."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from tests.contract.owners import Request, somebody

from chatkit_backend.store import SqlStore, statements
from chatkit_backend.store.database import Database
from chatkit_backend.store.migrate import upgrade
from chatkit_backend.store.statements import (
    Upserts,
    page_of_items,
    page_of_tenant_threads,
    page_of_threads,
)
from chatkit_backend.store.times import now
from chatkit_backend.testing.store_contract import a_message, a_thread

Statement = Any  # SQLAlchemy has no public type that both compiles and is executed

PAGES: dict[str, Statement] = (
    {
        f"threads {order} {'after' if after else ''}": page_of_threads(order, after=after)
        for order in ("asc", "desc")
        for after in (False, True)
    }
    | {
        f"tenant's threads {order} {'after' if after else ''}": page_of_tenant_threads(
            order, after=after, one_owner=False
        )
        for order in ("asc", "desc")
        for after in (False, True)
    }
    | {
        f"items {order} {'after' if after else ''} {'hidden' if hidden else ''}": page_of_items(
            order, after=after, hidden=hidden
        )
        for order in ("asc", "desc")
        for after in (False, True)
        for hidden in (False, True)
    }
)
SINGLE: dict[str, Statement] = {
    name: statement
    for name, statement in vars(statements).items()
    if name.startswith(("LOAD_", "DELETE_"))
}


@dataclass(frozen=True)
class Filled:
    """A database with many short threads and a long one.

    Attributes:
        values: Parameters of statements about the long thread.
    """

    database: Database
    values: dict[str, object]


@pytest.fixture(params=["sqlite", "postgresql"])
async def filled(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Filled]:
    url = f"sqlite:///{tmp_path / 'chat.sqlite3'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("empty_postgresql_url")
        await upgrade(url)
    store, context = SqlStore[Request](url), somebody()
    long = a_thread()
    items = [a_message(long) for _ in range(1000)]
    for thread in [a_thread() for _ in range(500)]:
        await store.start_thread(thread, [a_message(thread)], context)
    await store.start_thread(long, items, context)
    database = await store._opened()
    values: dict[str, object] = {
        "owner": context.principal.owner,
        "tenant": context.principal.owner.partition("/")[0],
        "thread_id": long.id,
        "id": items[-1].id,
        "after": items[500].id,
        "position": 1,
        "limit": 21,
        "type": "task",
        "kind": "positive",
        "payload": "{}",
        "created_at": now(),
    }
    yield Filled(database, values)
    await store.close()


class CapturedError(Exception):
    """A statement and its parameters, just before a driver would have got them."""


async def plan_of(statement: Statement, filled: Filled, *, small: bool = False) -> str:
    """How the database would carry out a statement; if it is `small`, without reading it whole."""

    def capture(
        _connection: Connection, _cursor: object, sql: str, values: Any, *_: object
    ) -> None:
        raise CapturedError(sql, values)

    def explain(connection: Connection) -> str:
        names = statement.compile(connection).params.keys() & filled.values.keys()
        event.listen(connection, "before_cursor_execute", capture)
        try:
            with pytest.raises(CapturedError) as captured:
                connection.execute(statement, {name: filled.values[name] for name in names})
        finally:
            event.remove(connection, "before_cursor_execute", capture)
        sql, values = captured.value.args
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
            return "\n".join(row[3] for row in rows)
        if small:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = connection.exec_driver_sql(f"EXPLAIN {sql}", values)
        return "\n".join(plan.scalars().all())

    return await filled.database.write(explain)


async def test_every_statement_finds_its_rows_by_an_index(filled: Filled) -> None:
    upserts = vars(Upserts(filled.database.dialect))
    del upserts["thread"]  # it searches nothing
    for name, statement in (SINGLE | upserts).items():
        plan = await plan_of(statement, filled, small=True)
        assert "Seq Scan" not in plan, f"{name}\n{plan}"
        assert "SCAN chatkit" not in plan, f"{name}\n{plan}"
        assert "INDEX" in plan.upper(), f"{name}\n{plan}"


async def test_pages_are_read_in_order_and_not_sorted(filled: Filled) -> None:
    """Sorting would read the whole list for one page of it."""

    async def check(pages: dict[str, Statement]) -> None:
        for name, statement in pages.items():
            plan = await plan_of(statement, filled)
            assert "Sort" not in plan, f"{name}\n{plan}"
            assert "TEMP B-TREE" not in plan, f"{name}\n{plan}"
            assert "INDEX" in plan.upper(), f"{name}\n{plan}"

    # Items even before the first ANALYZE, which comes a minute after a new server's first users.
    await check({name: page for name, page in PAGES.items() if name.startswith("items")})
    await filled.database.write(lambda connection: connection.execute(text("ANALYZE")))
    await check(PAGES)
