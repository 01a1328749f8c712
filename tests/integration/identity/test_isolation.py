"""Nobody sees or changes what is another's: every operation, asked by everybody.

`matrix` says what can be asked and by whom, `keyring` with which credentials, `estates` what there
is to lose; `walk` asks and judges. The owner is answered. Strangers are answered as if the thing
had never been: the same status, headers and body, found out with the same SQL statements, so that
it takes as long; and nothing changes. Whoever has no valid credential gets a 401 from all routes
but the public ones.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Literal

import pytest
from chatkit.types import BaseReq, ChatKitReq
from fastapi import APIRouter, FastAPI, HTTPException
from pydantic import SecretStr
from sqlalchemy import create_engine, text
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from tests.integration.conftest import MakeSettings
from tests.integration.identity.conftest import JWT_SECRET, backend_of
from tests.integration.identity.estates import Estates, ServerOfAll
from tests.integration.identity.keyring import (
    AUDIENCE,
    PEOPLE,
    TENANT_CLAIM,
    Keyring,
    token,
)
from tests.integration.identity.matrix import (
    CALLERS,
    HERE,
    OPERATIONS,
    Ask,
    Caller,
    Operation,
    gaps,
    kinds_of,
    routes_of,
)
from tests.integration.identity.walk import STRANGERS, Database, Row, Walk
from tests.protocol import Answer, create, sse_events
from tests.serving import client_of

from chatkit_backend import create_app
from chatkit_backend.errors import Unauthenticated
from chatkit_backend.store.migrate import upgrade
from chatkit_backend.store.urls import database_url


@pytest.fixture(params=["sqlite", "postgresql"])
async def engine(request: pytest.FixtureRequest, make_settings: MakeSettings) -> str:
    """The database's URL."""
    if request.param == "sqlite":
        return make_settings().database_url.get_secret_value()
    url = str(request.getfixturevalue("empty_postgresql_url"))
    await upgrade(url)
    return url


@pytest.fixture
def app(make_settings: MakeSettings, engine: str) -> FastAPI:
    settings = make_settings(
        database_url=SecretStr(engine),
        auth=("session", "jwt", "cookie"),
        jwt_secret=SecretStr(JWT_SECRET),
        jwt_audience=(AUDIENCE,),
        jwt_tenant_claim=TENANT_CLAIM,
        credential_cache_s=0,
        log_level="error",
    )
    return create_app(settings, server=ServerOfAll)


@pytest.fixture
def database(engine: str) -> Iterator[Database]:
    options: dict[str, Any] = {}
    if engine.startswith("sqlite"):
        options = {"connect_args": {"check_same_thread": False}}
    made = create_engine(database_url(engine), **options)
    yield Database(made)
    made.dispose()


@pytest.fixture
async def walk(app: FastAPI, url: str, database: Database) -> AsyncIterator[Walk]:
    backend = backend_of(app)
    async with client_of(url) as client:
        yield Walk(
            client=client,
            keyring=Keyring(backend=backend),
            estates=Estates(backend=backend),
            database=database,
        )


@pytest.mark.timeout(300)
async def test_nobody_sees_or_changes_what_is_anothers(
    app: FastAPI, walk: Walk, engine: str, summary: Callable[[str], None]
) -> None:
    assert gaps(routes_of(app), kinds_of(ChatKitReq), OPERATIONS) == []

    await walk.through(OPERATIONS)

    assert walk.cells == len(OPERATIONS) * len(CALLERS)
    summary(
        f"isolation matrix on {engine.partition(':')[0]}: {len(OPERATIONS)} operations x "
        f"{len(CALLERS)} callers = {walk.cells} cells"
    )
    assert walk.wrong == [], "\n".join(walk.wrong)


async def test_one_idempotency_key_of_three_people_is_three_runs(url: str) -> None:
    runs: list[tuple[str, str]] = []
    for caller in ("owner", *STRANGERS, "owner", *STRANGERS):
        headers = {"Authorization": f"Bearer {token(PEOPLE[caller])}", "Idempotency-Key": "a key"}
        async with client_of(url, headers=headers) as client:
            answer = await client.post("/chatkit", json=create("The same of everybody"))
            assert answer.status_code == 200
        runs.append((answer.headers["chatkit-run"], Answer(sse_events(answer.text)).thread_id))

    assert len(set(runs)) == 3
    assert runs[:3] == runs[3:], "and everybody comes back to their own"


async def test_a_secret_in_the_body_is_believed_no_more_than_one_in_a_header(walk: Walk) -> None:
    async def refresh(caller: Caller) -> list[int]:
        statuses: list[int] = []
        for credential in await walk.keyring.of("secret", caller):
            secret = "".join(credential.values()).removeprefix("Bearer ")
            body = {"client_secret": secret}
            answer = await walk.client.post("/api/chatkit/refresh", json=body)
            statuses.append(answer.status_code)
        return statuses

    assert await refresh("owner") == [200]
    for caller in ("nobody", "expired", "revoked", "wrong audience", "tampered"):
        assert set(await refresh(caller)) == {401}, caller


class MergeReq(BaseReq):
    """A request that the SDK may have one day."""

    type: Literal["threads.merge"] = "threads.merge"


def test_what_is_not_in_the_matrix_is_noticed(make_settings: MakeSettings) -> None:
    app = create_app(make_settings())
    assert gaps(routes_of(app), kinds_of(ChatKitReq), OPERATIONS) == []

    async def endpoint() -> None: ...

    router = APIRouter(prefix="/v2")
    router.add_api_route("/threads", endpoint)
    app.include_router(router)
    app.add_api_route("/health", endpoint, methods=["DELETE"])
    app.add_api_websocket_route("/live", endpoint)
    app.mount("/files", FastAPI())
    told = gaps(routes_of(app), kinds_of(ChatKitReq | MergeReq), OPERATIONS)

    named = ["ANY /files ", "ANY /live ", "DELETE /health ", "GET /v2/threads "]
    named += ["threads.merge at /chatkit ", "threads.merge at /api/chatkit "]
    assert len(told) == len(named)
    for name, message in zip(named, told, strict=True):
        assert message.startswith(name)
        assert message.endswith(f"in {HERE}")


class Careless:
    """Routes with the mistakes that the walk is there to find, one each."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk

    async def shows(self, thread_id: str, request: Request) -> Response:
        await self._identify(request)
        return JSONResponse([str(row) for row in await self._rows(thread_id)])

    async def admits(self, thread_id: str, request: Request) -> Response:
        await self._identify(request)
        return JSONResponse({}, 403 if await self._rows(thread_id) else 404)

    async def believes(self, thread_id: str) -> Response:
        return JSONResponse({}, 404)

    async def deletes(self, thread_id: str, request: Request) -> Response:
        await self._identify(request)
        await self._rows(thread_id, then="DELETE FROM chatkit_threads WHERE id = :id")
        return JSONResponse({}, 404)

    async def hesitates(self, thread_id: str, request: Request) -> Response:
        await self._identify(request)
        await self._rows(thread_id, then="SELECT 1 WHERE 'x' = :id")
        return JSONResponse({}, 404)

    async def _identify(self, request: Request) -> None:
        access = self._walk.keyring.backend.access
        try:
            await access.callers.authenticate(request)
        except Unauthenticated:
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"}) from None

    async def _rows(self, thread_id: str, *, then: str | None = None) -> list[Row]:
        rows = await self._walk.database.rows()
        found = [row for (table, key), row in rows.items() if key == (thread_id,)]
        if found and then is not None:
            with self._walk.database.engine.begin() as connection:
                connection.execute(text(then), {"id": thread_id})
        return found


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("mistake", "complaint"),
    [
        ("shows", "by neighbour: (Authorization) tells 'only ada of acme may read"),
        ("admits", "by namesake: (Authorization) is answered with 403"),
        ("admits", "by namesake: (Authorization) is told (403, {"),
        ("believes", "by tampered: (X-User-ID) is no refusal but 404"),
        ("deletes", "by neighbour: changes ('chatkit_threads',"),
        ("hesitates", "by neighbour: (X-Session-Token) takes ["),
    ],
)
async def test_a_route_that_makes_a_mistake_is_found_out(
    app: FastAPI, walk: Walk, mistake: str, complaint: str
) -> None:
    path = "/careless/{thread_id}"
    app.add_api_route(path, getattr(Careless(walk), mistake))
    row = Operation(
        method="GET",
        path=path,
        door="person",
        ask=lambda about, _: Ask(path={"thread_id": about.thread_id}),
    )

    await walk.through([row])

    assert any(f"GET {path} {complaint}" in one for one in walk.wrong), walk.wrong
