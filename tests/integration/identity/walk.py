"""Walks through the matrix and judges every answer."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import httpx
import orjson
from sqlalchemy import Engine, event
from tests.integration.identity.estates import Estate, Estates, nobodys
from tests.integration.identity.keyring import PEOPLE, Headers, Keyring, token
from tests.integration.identity.matrix import CALLERS, Caller, Operation, Outcome
from tests.serving import client_of

from chatkit_backend.store.tables import metadata, replicas

STRANGERS: tuple[Caller, ...] = ("neighbour", "namesake")
OTHERS = tuple(caller for caller in CALLERS if caller != "owner")

VARYING = {"date", "x-request-id", "content-length", "ratelimit-remaining", "ratelimit-reset"}
"""Headers that differ between any two answers."""

HOUSEKEEPING = re.compile(
    r"chatkit_replicas|replica_id = |ended_at <|SET LOCAL"
    r"|^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)"
)
"""What the process does for itself beside requests, and what groups writes that come together."""


class Row(NamedTuple):
    """A row of some table, and whose it is."""

    owner: str
    values: tuple[object, ...]


Rows: TypeAlias = dict[tuple[str, tuple[object, ...]], Row]
"""Everything that is stored, by table and key."""


@dataclass(frozen=True)
class Database:
    """The database, seen past the backend."""

    engine: Engine

    async def rows(self) -> Rows:
        """All that is stored but the beats of processes, which go on by themselves."""
        return await asyncio.to_thread(self._rows)

    def _rows(self) -> Rows:
        found: Rows = {}
        with self.engine.connect() as connection:
            for table in metadata.sorted_tables:
                if table is replicas:
                    continue
                names = table.columns.keys()
                keys = [names.index(column.name) for column in table.primary_key]
                owner = names.index("owner") if "owner" in names else None
                # As the driver has them: reading every time as a time would take the most time.
                query = f"SELECT {', '.join(names)} FROM {table.name}"
                for row in connection.exec_driver_sql(query):
                    key = tuple(row[place] for place in keys)
                    whose = "" if owner is None else row[owner]
                    found[table.name, key] = Row(whose, tuple(row))
        return found


@contextmanager
def recorded() -> Iterator[list[str]]:
    """The SQL statements of requests while the block runs."""
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if HOUSEKEEPING.search(statement) is None:
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@dataclass(frozen=True)
class Told:
    """An answer, and what it took.

    Attributes:
        sent: Ids that the request named. The answer may say them back.
    """

    answer: httpx.Response
    sent: tuple[str, ...]
    statements: list[str]

    @property
    def text(self) -> str:
        """Head and body, without what was sent."""
        return self._unsaid(f"{self.answer.headers.multi_items()} {self.answer.text}")

    @property
    def shape(self) -> tuple[int, dict[str, str], object]:
        """What one can learn from it: status, headers and body, but what differs each time."""
        headers = self.answer.headers.items()
        head = {name: self._unsaid(value) for name, value in headers if name not in VARYING}
        body = self._unsaid(self.answer.text)
        value = orjson.loads(body) if body.startswith("{") else body
        if isinstance(value, dict) and isinstance(value.get("error"), dict):
            value["error"].pop("request_id", None)
        return self.answer.status_code, head, value

    def _unsaid(self, text: str) -> str:
        for name in self.sent:
            text = text.replace(name, "<what was asked for>")
        return text


@dataclass
class Walk:
    """Goes through the matrix, cell by cell, and collects what is wrong."""

    client: httpx.AsyncClient
    keyring: Keyring
    estates: Estates
    database: Database
    own: dict[Caller, Estate] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    cells: int = 0

    async def through(self, rows: list[Operation]) -> None:
        """Each operation on an estate of its own: first everybody else asks, then the owner."""
        async with AsyncExitStack() as kept:
            for caller in STRANGERS:
                self.own[caller] = await kept.enter_async_context(self._estate(caller))
            for number, row in enumerate(rows):
                async with self._estate("owner", answering=row.answering) as estate:
                    await self._row(row, number, estate)

    async def _row(self, row: Operation, number: int, estate: Estate) -> None:
        ring = {caller: await self.keyring.of(row.door, caller) for caller in CALLERS}
        before = await self.state()
        for caller in OTHERS:
            for credential in ring[caller]:
                await self._ask(row, caller, credential, estate)
            after = await self.state()
            self._note(row, caller, _changes(before, after, _may_change(row, caller)))
            before = after
            self.cells += 1
        # Only once, for it may be gone then: another kind of credential in each row.
        kinds = ring["owner"]
        await self._ask(row, "owner", kinds[number % len(kinds)], estate)
        self.cells += 1

    @asynccontextmanager
    async def _estate(self, caller: Caller, *, answering: bool = False) -> AsyncIterator[Estate]:
        headers = {"Authorization": f"Bearer {token(PEOPLE[caller])}"}
        async with (
            client_of(str(self.client.base_url), headers=headers) as client,
            self.estates.of(PEOPLE[caller], client, answering=answering) as estate,
        ):
            yield estate

    async def _ask(
        self, row: Operation, caller: Caller, credential: Headers, estate: Estate
    ) -> None:
        """Ask about what is the owner's, and judge the answer."""
        outcome = row.outcome(caller)
        own = self.own.get(caller, estate)
        told = await self._send(row, credential, estate, own)
        complaints = list(_complaints(outcome, told, row.status))
        if caller != "owner":
            complaints += [f"tells {one!r}" for one in estate.traces if one in told.text]
        if outcome == "as if it were not there":
            complaints += _differences(told, await self._send(row, credential, nobodys(), own))
        kind = ", ".join(credential) or "no credential"
        self._note(row, caller, [f"({kind}) {one}" for one in complaints])

    def _note(self, row: Operation, caller: Caller, complaints: list[str]) -> None:
        self.wrong += [f"{row} by {caller}: {one}" for one in complaints]

    async def _send(self, row: Operation, credential: Headers, about: Estate, own: Estate) -> Told:
        asked = row.ask(about, own)
        with recorded() as statements:
            answer = await self.client.request(
                row.method,
                row.path.replace(":path}", "}").format(**asked.path),
                json=asked.json,
                params=asked.query,
                headers={**credential, **asked.headers},
            )
        written = f"{asked.json} {asked.path} {asked.query} {asked.headers}"
        sent = tuple(one for one in (*about.traces, *own.traces) if one in written)
        return Told(answer, sent, statements)

    async def state(self) -> Rows:
        """All that a request could change: what is stored, and what the server was told to do."""
        server = self.estates.server
        told: Rows = {
            ("add_feedback", ()): Row("", tuple(server.feedback)),
            ("delete_attachment", ()): Row("", tuple(server.files.deleted)),
        }
        return {**await self.database.rows(), **told}


def _complaints(outcome: Outcome, told: Told, success: int) -> Iterator[str]:
    """What is wrong with an answer by itself."""
    status, text = told.answer.status_code, told.answer.text
    match outcome:
        case "succeeds" | "sees its own" if status != success or '"type":"error"' in text:
            yield f"fails with {status}: {text[-300:]}"
        case "as if it were not there" if status not in {204, 400, 404}:
            yield f"is answered with {status}: {text[:300]}"
        case "finds it over" if status not in {204, 401}:
            yield f"is answered with {status}: {text[:300]}"
        case "is refused" if status != 401 or "www-authenticate" not in told.answer.headers:
            yield f"is no refusal but {status}: {text[:300]}"


def _differences(told: Told, missing: Told) -> list[str]:
    """What tells an answer from that about something that never was."""
    found: list[str] = []
    if told.shape != missing.shape:
        found.append(f"is told {told.shape}, but of nothing {missing.shape}")
    if told.statements != missing.statements:
        found.append(f"takes {told.statements}, but nothing {missing.statements}")
    return found


MayChange: TypeAlias = Callable[[str], bool]


def _may_change(row: Operation, caller: Caller) -> MayChange:
    """Whose rows may change: the caller's own, if the request is about these."""
    if row.outcome(caller) != "sees its own" or caller not in PEOPLE:
        return lambda _: False
    person = PEOPLE[caller]
    if row.door == "server":
        return lambda owner: owner.partition("/")[0] == person.tenant
    return lambda owner: owner == person.owner


def _changes(before: Rows, after: Rows, may_change: MayChange) -> list[str]:
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return [
        f"changes {name}: {before.get(name)} to {after.get(name)}"
        for name in names
        if not all(may_change(rows[name].owner) for rows in (before, after) if name in rows)
    ]
