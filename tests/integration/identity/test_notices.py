"""A used-up limit: 429 with its headers, and a notice for the person in front of the chat box."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from tests.integration.conftest import ChatAgent, MakeSettings
from tests.protocol import Json, add, ask, chat, create, req
from tests.serving import client_of, serving
from tests.streams import RESUMABLE, followed, posted

from chatkit_backend import create_app
from chatkit_backend.client import ChatKitClient, ChatKitError
from chatkit_backend.settings import Settings
from chatkit_backend.testing import ScriptedModel

EVENTS = {"Accept": "text/event-stream"}
JSON = {"Accept": "application/json"}
LINES = {"Accept": "application/x-ndjson"}


@pytest.fixture
def limits() -> dict[str, Any]:
    return {"user_messages_per_day": 1}


@pytest.fixture
def app(make_settings: MakeSettings, agent: ChatAgent, limits: dict[str, Any]) -> FastAPI:
    return create_app(make_settings(**limits), agent=agent)


async def threads_of(client: httpx.AsyncClient) -> list[Json]:
    page = await ask(client, req("threads.list"))
    threads: list[Json] = page["data"]
    return threads


@pytest.mark.parametrize("accept", ["text/event-stream", "*/*", "text/event-stream, */*;q=0.1"])
async def test_a_chat_box_shows_a_notice(client: httpx.AsyncClient, accept: str) -> None:
    await chat(client, create("First"))

    answer = await client.post("/chatkit", json=create("Second"), headers={"Accept": accept})

    assert answer.status_code == 429
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["ratelimit-limit"] == "1"
    assert answer.headers["ratelimit-remaining"] == "0"
    [line] = answer.text.strip().splitlines()
    notice = json.loads(line.removeprefix("data: "))
    assert (notice["type"], notice["level"], notice["title"]) == (
        "notice",
        "warning",
        "Limit reached",
    )
    assert notice["message"].startswith("The limit of 1 a day is used up; try again in ")
    assert len(await threads_of(client)) == 1


async def test_a_client_of_lines_gets_a_line(client: httpx.AsyncClient) -> None:
    await chat(client, create("First"))
    answer = await client.post("/chatkit", json=create("Second"), headers=LINES)
    assert answer.status_code == 429
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert json.loads(answer.text)["type"] == "notice"


@pytest.mark.parametrize(
    "accept", ["application/json", "text/event-stream, application/json;q=0.5"]
)
async def test_a_client_that_names_json_gets_the_error(
    client: httpx.AsyncClient, accept: str
) -> None:
    await chat(client, create("First"))
    answer = await client.post("/chatkit", json=create("Second"), headers={"Accept": accept})
    assert answer.status_code == 429
    assert answer.json()["error"]["code"] == "daily_limit"


@pytest.mark.parametrize("limits", [{"user_requests_per_minute": 1}])
async def test_what_is_no_stream_is_refused_as_json(client: httpx.AsyncClient) -> None:
    await ask(client, req("threads.list"))
    answer = await client.post("/chatkit", json=req("threads.list"), headers=EVENTS)
    assert answer.json()["error"]["code"] == "user_limit"


async def test_our_own_client_knows_which_limit_it_was(url: str) -> None:
    async with client_of(url) as http:
        client = ChatKitClient(f"{url}/chatkit", http)
        assert [event async for event in client.create_thread("First")]
        with pytest.raises(ChatKitError) as refused:
            await anext(client.create_thread("Second"))
    assert (refused.value.status, refused.value.code) == (429, "daily_limit")


class TestAnswersAtOnce:
    """`USER_ACTIVE_RUNS`, held by the database for all processes."""

    @pytest.fixture
    def limits(self) -> dict[str, Any]:
        return {"user_active_runs": 2}

    async def test_one_too_many_is_refused_and_nothing_of_it_stored(
        self, client: httpx.AsyncClient, stranger: httpx.AsyncClient, model: ScriptedModel
    ) -> None:
        gate = asyncio.Event()
        for _ in range(3):
            model.play_next(("On ", gate, "and on"))
        async with posted(client, create("1"), RESUMABLE) as first:
            await first.until("On")
            async with posted(client, create("2"), RESUMABLE) as second:
                await second.until("On")
                refused = await client.post("/chatkit", json=create("3"), headers=JSON)
                async with posted(stranger, create("4"), RESUMABLE) as other:
                    await other.until("On")
                    gate.set()
                    await other.to_end()
                await second.to_end()
            await first.to_end()

        assert refused.status_code == 429
        assert refused.json()["error"]["code"] == "active_runs_limit"
        assert "2 answers are being written" in refused.json()["error"]["message"]
        assert int(refused.headers["retry-after"]) > 0
        assert len(await threads_of(client)) == 2
        assert (await chat(client, create("5"))).text == "Hello!"

    async def test_what_waits_for_its_thread_is_no_second_answer(
        self, client: httpx.AsyncClient, model: ScriptedModel, limits: dict[str, Any]
    ) -> None:
        gate = asyncio.Event()
        model.play_next(("On ", gate, "and on"))
        async with posted(client, create("1"), RESUMABLE) as first:
            await first.until("On")
            [thread] = await threads_of(client)
            waiting = [asyncio.create_task(chat(client, add(thread["id"]))) for _ in range(3)]
            gate.set()
            assert [(await one).text for one in waiting] == ["Hello!"] * 3
            await first.to_end()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_of_many_messages_at_once_no_more_begin_than_may(
    database: str,
    make_settings: MakeSettings,
    request: pytest.FixtureRequest,
) -> None:
    """Two processes' worth of servers on one database, twenty messages at the same moment."""
    gate = asyncio.Event()
    given: dict[str, Any] = {
        "user_active_runs": 3,
        "auth": ("header",),
        "trusted_proxies": ("127.0.0.1",),
    }
    if database == "postgresql":
        given["database_url"] = request.getfixturevalue("postgresql_url")
    settings: Settings = make_settings(**given)

    def app() -> FastAPI:
        model = ScriptedModel([("On ", gate, "and on")] * 20)
        return create_app(settings, agent=ChatAgent(name="A", model=model))

    headers = {"X-User-ID": f"of {database}", **RESUMABLE}
    async with (
        serving(app()) as one,
        serving(app()) as two,
        client_of(one, headers=headers) as first,
        client_of(two, headers=headers) as second,
    ):

        async def send(client: httpx.AsyncClient) -> tuple[int, str | None]:
            async with client.stream("POST", "/chatkit", json=create()) as response:
                return response.status_code, response.headers.get("chatkit-run")

        answers = await asyncio.gather(*(send(one) for one in [first, second] * 10))
        begun = [run_id for status, run_id in answers if status == 200]
        assert len(begun) == 3
        assert all(status in {200, 429} for status, _ in answers)
        gate.set()
        for run_id in begun:
            assert run_id is not None
            async with followed(first, run_id) as stream:
                await stream.to_end()
