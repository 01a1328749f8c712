"""Two thousand requests that nobody would send: no 5xx, and nothing stored by a refused one."""

import copy
import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from tests.integration.conftest import ChatAgent, MakeSettings
from tests.integration.stored import Stored, stored_in
from tests.protocol import Json, add, chat, create, req, user_input

from chatkit_backend import Backend, create_app

MUTATED = 1200
GENERATED = 800

ODD: list[Any] = [
    None, True, 0, -1, 2**63, 1e300, "", " ", "\u0000", "x" * 5000, "thr_x", "\ud7ff\ue000", [], {},
    [[]], {"a": {"b": []}}, "__fake_id__", "../..", "😀", "' OR 1=1 --", "null", "desc", "answered",
]  # fmt: skip


@pytest.fixture
async def thread_id(client: httpx.AsyncClient) -> str:
    return (await chat(client, create("The first"))).thread_id


@pytest.fixture
def stored(app: FastAPI) -> Stored:
    return stored_in(app)


def valid_requests(thread_id: str, item_id: str) -> list[Json]:
    """One of each type."""
    thread: dict[str, Any] = {"thread_id": thread_id}
    action = {"type": "press", "payload": {"n": 1}}
    return [
        req("threads.get_by_id", **thread),
        req("threads.list", limit=3, order="asc", after=thread_id),
        req("threads.update", **thread, title="A title"),
        req("threads.delete", **thread),
        req("items.list", **thread, limit=3, order="desc", after=item_id),
        req("items.feedback", **thread, item_ids=[item_id], kind="positive"),
        req("attachments.create", name="a", size=1, mime_type="text/plain"),
        req("attachments.delete", attachment_id="atc_1"),
        req("input.transcribe", audio_base64="AAAA", mime_type="audio/webm"),
        create("Hi", quoted_text="that", inference_options={"model": "m"}),
        add(thread_id, "Hi"),
        req("threads.add_client_tool_output", **thread, result={"a": 1}),
        req("threads.add_structured_input", **thread, item_id=item_id, input={"answers": {}}),
        req("threads.retry_after_item", **thread, item_id=item_id),
        req("threads.custom_action", **thread, item_id=item_id, action=action),
        req("threads.sync_custom_action", **thread, item_id=item_id, action=action),
        {**req("threads.list"), "metadata": {"userInfo": {"id": "1"}, "pageContext": {}}},
        req("threads.create", input=user_input(content=[_TAG])),
    ]


_TAG = {"type": "input_tag", "id": "t", "text": "tag", "data": {"x": 1}}


def mutated(value: Any, chance: random.Random) -> Any:
    """The same JSON with something in it removed, replaced, doubled or wrapped."""
    places = list(_places(value))
    parent, key = chance.choice(places)
    match chance.randrange(4):
        case 0:
            del parent[key]
        case 1:
            parent[key] = copy.deepcopy(chance.choice(ODD))
        case 2:
            parent[key] = [parent[key], parent[key]]
        case _:
            parent[key] = {"type": parent[key]}
    return value


def _places(value: Any) -> Any:
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in list(keys):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


@pytest.fixture
def changes(tmp_path: Path, thread_id: str) -> Iterator[Callable[[], int]]:
    """A number that changes whenever somebody writes to the database."""
    with closing(sqlite3.connect(tmp_path / "chat.sqlite3")) as connection:
        yield lambda: connection.execute("PRAGMA data_version").fetchone()[0]


async def test_mutated_requests_are_answered_or_refused_and_a_refusal_changes_nothing(
    client: httpx.AsyncClient, stored: Stored, thread_id: str, changes: Callable[[], int]
) -> None:
    chance = random.Random(20261120)
    seen: Counter[int] = Counter()
    valid: list[Json] = []
    for _ in range(MUTATED):
        if not valid:
            first = (await chat(client, create("The first"))).thread_id
            valid = valid_requests(first, (await stored.items(client, first))[0].id)
        body = mutated(copy.deepcopy(chance.choice(valid)), chance)
        before = changes()

        response = await client.post("/chatkit", json=body)

        seen[response.status_code] += 1
        assert response.status_code < 500, (body, response.text)
        if response.status_code >= 400:
            assert set(response.json()["error"]) >= {"code", "message", "request_id"}
            assert changes() == before, body
        elif body["type"] == "threads.delete":
            valid = []

    assert seen[200] > 50, seen
    assert seen.total() == MUTATED


@pytest.fixture
def app(make_settings: MakeSettings, agent: ChatAgent) -> FastAPI:
    """One whose routes for sessions work as well."""
    return create_app(make_settings(auth=("session", "anonymous")), agent=agent)


@pytest.fixture
async def api_key(app: FastAPI, url: str) -> str:
    del url  # it runs
    backend: Backend = app.state.backend
    secret, _ = await backend.access.keys.create("of a test")
    return secret


@pytest.fixture
async def operations(app: FastAPI, url: str) -> list[Any]:
    schema = schemathesis.openapi.from_dict(app.openapi())
    schema.config.update(base_url=url)
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    described = sum(len(methods) for methods in app.openapi()["paths"].values())
    assert len(found) == described, "every route of the description"
    return found


async def test_requests_made_from_the_openapi_description_meet_no_5xx(
    operations: list[Any], client: httpx.AsyncClient, api_key: str
) -> None:
    sent: Counter[int] = Counter()
    cases: list[Any] = []

    @settings(
        max_examples=GENERATED,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of([operation.as_strategy() for operation in operations]))
    def collect(case: Any) -> None:
        cases.append(case)

    collect()
    for case in cases[:GENERATED]:
        arguments = case.as_transport_kwargs(base_url=str(client.base_url))
        arguments.pop("cookies", None)
        if "/v1/" in str(arguments["url"]):
            arguments["headers"]["Authorization"] = f"Bearer {api_key}"
        response = await client.request(**{k: v for k, v in arguments.items() if v is not None})
        sent[response.status_code] += 1
        assert response.status_code < 500, (arguments, response.text)

    assert sent.total() == GENERATED
