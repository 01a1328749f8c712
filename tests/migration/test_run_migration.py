"""A database of revision 0001 becomes one of 0002: all that it holds is kept, and runs work on it.

The rows are written down here as that revision's version stored them; today's code makes none.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    FileAttachment,
    ThreadMetadata,
)
from sqlalchemy import Connection, MetaData, Table, create_engine, select
from sqlalchemy.pool import NullPool
from tests.contract.owners import Request

from chatkit_backend.errors import ConfigError
from chatkit_backend.identity import Principal
from chatkit_backend.store import SqlStore
from chatkit_backend.store.migrate import check, script_config, upgrade
from chatkit_backend.store.runs import Append, Chunk, RunRecord, ThreadChanges
from chatkit_backend.store.urls import database_url
from chatkit_backend.testing.store_contract import a_message

ANN, BOB = (Request(Principal(user_id=name)) for name in ("ann", "bob"))
MOMENT = datetime(2025, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
WRITTEN = '"created_at":"2025-01-02T03:04:05.678901Z"'

Row = dict[str, object]

# The tests read tables as they are; indexes on expressions are of no interest to them.
pytestmark = pytest.mark.filterwarnings("ignore:.*expression-based index")


def _thread(name: str, owner: str, title: str) -> Row:
    payload = (
        f'{{"title":"{title}","id":"{name}",{WRITTEN},"status":{{"type":"active"}},'
        '"allowed_image_domains":null,"metadata":{"tags":[1,null]}}'
    )
    return {"id": name, "owner": owner, "created_at": MOMENT, "payload": payload}


def _item(name: str, thread_id: str, owner: str, text: str) -> Row:
    payload = (
        f'{{"id":"{name}","thread_id":"{thread_id}",{WRITTEN},"type":"assistant_message",'
        f'"content":[{{"annotations":[],"text":"{text}","type":"output_text"}}]}}'
    )
    return {
        "thread_id": thread_id,
        "id": name,
        "owner": owner,
        "type": "assistant_message",
        "created_at": MOMENT,
        "payload": payload,
    }


STORED: dict[str, list[Row]] = {
    "chatkit_threads": [
        _thread("thr_ann", "default/ann", "Ünï 🙂"),
        _thread("thr_bob", "default/bob", "Bob's"),
    ],
    "chatkit_items": [
        _item("msg_2", "thr_ann", "default/ann", "first"),
        _item("msg_3", "thr_bob", "default/bob", "between"),
        _item("msg_1", "thr_ann", "default/ann", "NUL \\u0000"),
    ],
    "chatkit_attachments": [
        {
            "id": "atc_ann",
            "owner": "default/ann",
            "thread_id": "thr_ann",
            "created_at": MOMENT,
            "payload": '{"id":"atc_ann","name":"notes.txt","mime_type":"text/plain",'
            '"upload_descriptor":null,"thread_id":"thr_ann","metadata":{"path":"blobs/1"},'
            '"type":"file"}',
        }
    ],
    "chatkit_feedback": [
        {
            "thread_id": "thr_ann",
            "item_id": "msg_1",
            "owner": "default/ann",
            "kind": "positive",
            "created_at": MOMENT,
        }
    ],
}


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A file at revision 0001."""
    return _at_0001(f"sqlite:///{tmp_path / 'chat.sqlite3'}")


@pytest.fixture
def postgresql_url(empty_postgresql_url: str) -> str:
    """A PostgreSQL database at revision 0001."""
    return _at_0001(empty_postgresql_url)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """A database at revision 0001."""
    return str(request.getfixturevalue(f"{request.param}_url"))


async def test_an_upgrade_keeps_every_row(url: str) -> None:
    before = _rows(url)
    assert [*map(len, before.values())] == [*map(len, STORED.values())]
    await upgrade(url)
    await check(url)
    assert _rows(url) == before


async def test_upgrades_at_once_keep_every_row(url: str) -> None:
    before = _rows(url)
    await asyncio.gather(*(upgrade(url) for _ in range(4)))
    await check(url)
    assert _rows(url) == before


async def test_conversations_are_read_after_the_upgrade_as_they_were(url: str) -> None:
    await upgrade(url)
    store = SqlStore[Request](url)
    assert await store.load_thread("thr_ann", ANN) == ThreadMetadata(
        id="thr_ann", created_at=MOMENT, title="Ünï 🙂", metadata={"tags": [1, None]}
    )
    assert (await store.load_thread_items("thr_ann", None, 20, "asc", ANN)).data == [
        _message("msg_2", "first"),
        _message("msg_1", "NUL \0"),
    ]
    assert await store.load_attachment("atc_ann", ANN) == FileAttachment(
        id="atc_ann",
        name="notes.txt",
        mime_type="text/plain",
        thread_id="thr_ann",
        metadata={"path": "blobs/1"},
    )
    assert [thread.id for thread in (await store.load_threads(9, None, "asc", BOB)).data] == [
        "thr_bob"
    ]
    await store.close()


async def test_runs_work_on_an_upgraded_database(url: str) -> None:
    await upgrade(url)
    store, run = SqlStore[Request](url), _run()
    message = a_message(await store.load_thread("thr_ann", ANN), "third")

    await store.begin_run(run, ThreadChanges(items=[message]), ANN)
    assert await store.runs.active_run("thr_ann", run.owner) == run
    items = (await store.load_thread_items("thr_ann", None, 20, "asc", ANN)).data
    assert [item.id for item in items] == ["msg_2", "msg_1", message.id]

    chunk = Chunk(first_seq=1, last_seq=1, payload='1 {"type":"notice"}')
    append = Append(fence=run.fence, owner=run.owner, chunk=chunk, end="completed")
    assert await store.runs.append([append]) == frozenset()
    assert await store.runs.read_log(run.id, run.owner, after=0, limit=9) == [chunk]
    assert (await store.runs.load_run(run.id, run.owner)).state == "completed"
    await store.close()


async def test_deleting_an_old_thread_deletes_its_rows_and_its_new_runs(url: str) -> None:
    await upgrade(url)
    store, run = SqlStore[Request](url), _run()
    await store.begin_run(run, ThreadChanges(), ANN)
    chunk = Chunk(first_seq=1, last_seq=1, payload="1 {}")
    await store.runs.append([Append(fence=run.fence, owner=run.owner, chunk=chunk)])
    await store.delete_thread("thr_ann", ANN)
    await store.close()
    left = _rows(url, *STORED, "chatkit_runs", "chatkit_run_log")
    assert {name: len(rows) for name, rows in left.items() if rows} == {
        "chatkit_threads": 1,
        "chatkit_items": 1,
    }


async def test_stores_that_open_an_old_file_at_once_upgrade_it(sqlite_url: str) -> None:
    before = _rows(sqlite_url)
    stores = [SqlStore[Request](sqlite_url) for _ in range(4)]
    await asyncio.gather(*(store.open() for store in stores))
    await check(sqlite_url)
    assert _rows(sqlite_url) == before
    for store in stores:
        await store.close()


async def test_a_store_on_postgresql_asks_for_the_upgrade(postgresql_url: str) -> None:
    store = SqlStore[Request](postgresql_url)
    with pytest.raises(ConfigError, match=r"at revision 0001, .* run `chatkit-backend migrate`"):
        await store.open()
    await upgrade(postgresql_url)
    await store.open()
    await store.close()


def _run() -> RunRecord:
    return RunRecord(id="run_1", owner=ANN.principal.owner, thread_id="thr_ann", replica_id="rep_1")


def _message(name: str, text: str) -> AssistantMessageItem:
    return AssistantMessageItem(
        id=name,
        thread_id="thr_ann",
        created_at=MOMENT,
        content=[AssistantMessageContent(text=text)],
    )


def _at_0001(url: str) -> str:
    """Make the tables of revision 0001 in an empty database, and fill them."""
    with _connected(url) as connection:
        config = script_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for name, rows in STORED.items():
            connection.execute(_table(connection, name).insert(), rows)
    return url


def _rows(url: str, *names: str) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the named tables, or else of those in `STORED`, as the database has them."""
    with _connected(url) as connection:
        found: dict[str, list[tuple[object, ...]]] = {}
        for name in names or STORED:
            table = _table(connection, name)
            query = select(table).order_by(*table.primary_key.columns)
            found[name] = [tuple(row) for row in connection.execute(query)]
        return found


def _table(connection: Connection, name: str) -> Table:
    return Table(name, MetaData(), autoload_with=connection)


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(database_url(url), poolclass=NullPool)
    with engine.begin() as connection:
        yield connection
