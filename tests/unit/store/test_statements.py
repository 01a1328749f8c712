"""Every statement asks for the owner and finds its rows by an index."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import ClauseElement, Connection, event, text
from sqlalchemy.dialects import postgresql, sqlite
from tests.contract.owners import Request, somebody

from chatkit_backend.store import SqlStore, statements
from chatkit_backend.store.database import Database
from chatkit_backend.store.statements import Upserts, page_of_items, page_of_threads
from chatkit_backend.store.times import now
from chatkit_backend.testing.store_contract import a_message, a_thread

PAGES: dict[str, ClauseElement] = {
    f"threads {order} {'after' if after else ''}": page_of_threads(order, after=after)
    for order in ("asc", "desc")
    for after in (False, True)
} | {
    f"items {order} {'after' if after else ''} {'hidden' if hidden else ''}": page_of_items(
        order, after=after, hidden=hidden
    )
    for order in ("asc", "desc")
    for after in (False, True)
    for hidden in (False, True)
}
SINGLE: dict[str, ClauseElement] = {
    name: statement
    for name, statement in vars(statements).items()
    if name.startswith(("LOAD_", "DELETE_"))
}
VALUES: dict[str, object] = {
    "owner": "somebody",
    "thread_id": "thr_1",
    "id": "msg_1",
    "after": "msg_1",
    "position": 1,
    "limit": 21,
    "type": "task",
    "kind": "positive",
    "payload": "{}",
    "created_at": now(),
}


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=str)
def test_every_statement_is_bound_to_an_owner(dialect: Any) -> None:
    upserts = vars(Upserts(dialect.name))
    assert len(SINGLE) == 8
    assert len(upserts) == 4
    for name, statement in (PAGES | SINGLE | upserts).items():
        assert "owner" in statement.compile(dialect=dialect).params, name


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database with enough rows that an index pays."""
    url = f"sqlite:///{tmp_path / 'chat.sqlite3'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    store = SqlStore[Request](url)
    context = somebody()
    for _ in range(20):
        thread = a_thread()
        await store.start_thread(thread, [a_message(thread) for _ in range(50)], context)
    database = await store._opened()
    if request.param == "postgresql":
        await database.read(lambda connection: connection.execute(text("ANALYZE")))
    yield database
    await store.close()


class CapturedError(Exception):
    """A statement and its parameters, just before a driver would have got them."""


def plan_of(statement: Any) -> Callable[[Connection], str]:
    def capture(
        _connection: Connection, _cursor: object, sql: str, values: Any, *_: object
    ) -> None:
        raise CapturedError(sql, values)

    def explain(connection: Connection) -> str:
        names = statement.compile(connection).params
        event.listen(connection, "before_cursor_execute", capture)
        try:
            with pytest.raises(CapturedError) as captured:
                connection.execute(
                    statement, {name: VALUES[name] for name in VALUES if name in names}
                )
        finally:
            event.remove(connection, "before_cursor_execute", capture)
        sql, values = captured.value.args
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
            return "\n".join(row[3] for row in rows)
        connection.exec_driver_sql("SET enable_seqscan = off")  # the tables are small
        plan = connection.exec_driver_sql(f"EXPLAIN {sql}", values).scalars().all()
        connection.exec_driver_sql("RESET enable_seqscan")
        return "\n".join(plan)

    return explain


async def test_every_statement_finds_its_rows_by_an_index(database: Database) -> None:
    upserts = vars(Upserts(database.dialect))
    inserts_without_search = {"thread"}
    for name, statement in (PAGES | SINGLE | upserts).items():
        if name in inserts_without_search:
            continue
        plan = await database.read(plan_of(statement))
        assert "Seq Scan" not in plan, f"{name}\n{plan}"
        for line in plan.splitlines():
            assert not line.startswith("SCAN chatkit"), f"{name}\n{plan}"
        assert "INDEX" in plan.upper() or "PRIMARY KEY" in plan, f"{name}\n{plan}"


async def test_pages_come_out_of_the_index_in_order(database: Database) -> None:
    for name, statement in PAGES.items():
        plan = await database.read(plan_of(statement))
        assert "TEMP B-TREE" not in plan, f"{name}\n{plan}"
        if "threads" in name:
            assert "ix_chatkit_threads_owner_created_at_id" in plan, f"{name}\n{plan}"
        else:
            assert "ix_chatkit_items_thread_id_position" in plan, f"{name}\n{plan}"
