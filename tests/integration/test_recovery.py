"""What becomes of the runs of a process that died, in the process that takes them over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    InferenceOptions,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadMetadata,
    UserMessageItem,
    UserMessageTextContent,
)
from starlette.requests import Request
from tests.integration.conftest import ChatAgent, MakeSettings
from tests.protocol import Json, add, ask, chat, create, req, text_of
from tests.serving import client_of, serving
from tests.streams import followed, shown
from tests.unit.runs.living import until

from chatkit_backend import Principal, RequestContext, create_app
from chatkit_backend.runs import patience, replica
from chatkit_backend.runs.entries import chunk_of, entry_of
from chatkit_backend.server.context import request_owner
from chatkit_backend.server.replay import replay_of
from chatkit_backend.store import SqlStore, StoreUnavailableError
from chatkit_backend.store.ids import new_id
from chatkit_backend.store.runs import Append, RunRecord, ThreadChanges
from chatkit_backend.testing import ScriptedModel

USER = "anna"
HALF = "Half of the "


@pytest.fixture(autouse=True)
def short_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica, "LEASE_S", 0.3)
    monkeypatch.setattr(replica, "BEAT_S", 0.1)


class DeadProcess:
    """What a process has left in the database in the middle of an answer."""

    def __init__(self, store: SqlStore[RequestContext]) -> None:
        self._store = store
        request = Request({"type": "http", "method": "POST", "path": "/", "headers": []})
        self._caller = RequestContext(
            principal=Principal(user_id=USER), request=request, request_id="req_dead"
        )

    async def leave_run(self) -> RunRecord:
        """A run that has shown `HALF` of its answer."""
        thread = ThreadMetadata(id=new_id("thr"), created_at=datetime.now(UTC))
        message = self._message(thread)
        record = RunRecord(
            id=new_id("run"),
            owner=request_owner(self._caller),
            thread_id=thread.id,
            replica_id="rep_dead",
            request=replay_of(self._caller, answers=message.id),
        )
        await self._store.begin_run(
            record, ThreadChanges(thread=thread, items=[message]), self._caller
        )
        self._answer = AssistantMessageItem(
            id=new_id("msg"),
            thread_id=thread.id,
            created_at=datetime.now(UTC),
            content=[AssistantMessageContent(text=HALF)],
        )
        entries = [entry_of(1, ThreadItemAddedEvent(item=self._answer))]
        append = Append(fence=record.fence, owner=record.owner, chunk=chunk_of(entries))
        assert not await self._store.runs.append([append])
        return record

    async def act(self, record: RunRecord) -> None:
        await self._store.runs.mark_acted(record.fence)

    async def ask_to_cancel(self, record: RunRecord) -> None:
        await self._store.runs.request_cancel(record.id, record.owner)

    async def finish_item(self, record: RunRecord) -> None:
        """The answer was stored, and the process died before it could say so in the log."""
        whole = [AssistantMessageContent(text="All of the answer")]
        item = self._answer.model_copy(update={"content": whole})
        await self._store.add_thread_item(record.thread_id, item, self._caller)

    async def take_over(self, record: RunRecord) -> None:
        """Another process had taken it over, and died too."""
        assert await self._store.runs.take_over(record, "rep_also_dead")

    async def enqueue(self, record: RunRecord) -> RunRecord:
        """A second message that waits for the first one's answer."""
        waiting = replace(record, id=new_id("run"))
        await self._store.runs.enqueue(waiting, max_waiting=5)
        return waiting

    def _message(self, thread: ThreadMetadata) -> ThreadItem:
        return UserMessageItem(
            id=new_id("msg"),
            thread_id=thread.id,
            created_at=datetime.now(UTC),
            content=[UserMessageTextContent(text="Hello")],
            attachments=[],
            inference_options=InferenceOptions(),
        )


@pytest.fixture
async def dead(make_settings: MakeSettings) -> AsyncIterator[DeadProcess]:
    store = SqlStore[RequestContext](make_settings().database_url.get_secret_value())
    yield DeadProcess(store)
    await store.close()


@pytest.fixture
def model() -> ScriptedModel:
    return ScriptedModel(["A whole answer"])


@asynccontextmanager
async def restarted(
    make_settings: MakeSettings, model: ScriptedModel, *, attempts: int = 2, **given: object
) -> AsyncIterator[httpx.AsyncClient]:
    """Another process on the same database, and the user's browser."""
    settings = make_settings(
        auth=["header"],
        trusted_proxies=["127.0.0.1"],
        run_attempts=attempts,
        max_queued_runs=0,
        **given,
    )
    app = create_app(settings, agent=ChatAgent(name="A", model=model))
    async with serving(app) as url, client_of(url, headers={"X-User-ID": USER}) as client:
        yield client


async def outcome(client: httpx.AsyncClient, record: RunRecord) -> tuple[Json, list[Json]]:
    """The run once it has ended, and the visible items of its thread."""
    async with followed(client, record.id) as stream:
        events = await stream.to_end()
    run = (await client.get(f"/chatkit/runs/{record.id}")).json()
    page = await ask(client, req("items.list", thread_id=record.thread_id, order="asc"))
    items: list[Json] = page["data"]
    answers = [text_of(item) for item in items if item["type"] == "assistant_message"]
    assert shown(events) == "".join(answers), "the page and the store differ"
    free = await client.get(f"/chatkit/threads/{record.thread_id}/run")
    assert free.status_code == 204
    return run, items


def texts(items: list[Json]) -> list[str]:
    return [text_of(item) for item in items]


async def test_an_answer_without_a_tool_is_begun_again(
    dead: DeadProcess, make_settings: MakeSettings, model: ScriptedModel
) -> None:
    record = await dead.leave_run()
    async with restarted(make_settings, model) as client:
        run, items = await outcome(client, record)

    assert (run["state"], run["attempt"]) == ("completed", 2)
    assert texts(items) == ["Hello", "A whole answer"]


async def test_by_default_it_ends_and_keeps_its_text(
    dead: DeadProcess, make_settings: MakeSettings, model: ScriptedModel
) -> None:
    record = await dead.leave_run()
    async with restarted(make_settings, model, attempts=1) as client:
        run, items = await outcome(client, record)

    assert run["state"] == "failed"
    assert texts(items) == ["Hello", HALF]
    assert not model.calls


async def test_once_a_tool_has_begun_it_is_not_begun_again(
    dead: DeadProcess, make_settings: MakeSettings, model: ScriptedModel
) -> None:
    record = await dead.leave_run()
    await dead.act(record)
    async with restarted(make_settings, model) as client:
        run, items = await outcome(client, record)

    assert run["state"] == "failed"
    assert texts(items) == ["Hello", HALF]
    assert not model.calls


async def test_attempts_come_to_an_end(
    dead: DeadProcess, make_settings: MakeSettings, model: ScriptedModel
) -> None:
    record = await dead.leave_run()
    await dead.take_over(record)
    async with restarted(make_settings, model) as client:
        run, _ = await outcome(client, record)

    assert (run["state"], run["attempt"]) == ("failed", 3)
    assert not model.calls


async def test_an_item_that_was_stored_is_not_written_twice(
    dead: DeadProcess, make_settings: MakeSettings, model: ScriptedModel
) -> None:
    record = await dead.leave_run()
    await dead.finish_item(record)
    async with restarted(make_settings, model) as client:
        _, items = await outcome(client, record)

    assert not model.calls
    assert texts(items) == ["Hello", "All of the answer"]


async def test_one_that_was_to_be_cancelled_is_cancelled(
    dead: DeadProcess, make_settings: MakeSettings, model: ScriptedModel
) -> None:
    record = await dead.leave_run()
    await dead.ask_to_cancel(record)
    async with restarted(make_settings, model) as client:
        run, items = await outcome(client, record)

    assert run["state"] == "cancelled"
    assert texts(items) == ["Hello", HALF]
    assert not model.calls


async def test_answers_that_are_begun_again_take_places_like_any_other(
    dead: DeadProcess, make_settings: MakeSettings
) -> None:
    gate = asyncio.Event()
    model = ScriptedModel([("one ", gate, "end"), ("two ", gate, "end")])
    records = [await dead.leave_run() for _ in range(2)]
    async with restarted(make_settings, model, max_active_runs=1) as client:
        asked = {record.id: await active(client, record) for record in records}
        await until(lambda: bool(model.calls))
        refusal = await client.post("/chatkit", json=create())
        begun = len(model.calls)
        gate.set()
        ended = [await outcome(client, record) for record in records]

    assert set(asked.values()) == {2}
    assert begun == 1
    assert (refusal.status_code, refusal.json()["error"]["code"]) == (503, "overloaded")
    assert [run["state"] for run, _ in ended] == ["completed"] * 2


async def test_one_that_is_stopped_while_it_waits_for_a_place_keeps_its_text(
    dead: DeadProcess, make_settings: MakeSettings
) -> None:
    gate = asyncio.Event()
    model = ScriptedModel([("one ", gate, "end")])
    await dead.leave_run()
    async with restarted(make_settings, model, max_active_runs=1) as client:
        await until(lambda: bool(model.calls))
        waiting = await dead.leave_run()
        await active(client, waiting)
        cancelled = await client.post(f"/chatkit/runs/{waiting.id}/cancel")
        run, items = await outcome(client, waiting)
        gate.set()

    assert cancelled.json()["state"] == run["state"] == "cancelled"
    assert texts(items) == ["Hello", HALF]


async def test_one_that_is_stopped_while_its_log_is_read_keeps_its_text(
    dead: DeadProcess,
    make_settings: MakeSettings,
    model: ScriptedModel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading, gate = asyncio.Event(), asyncio.Event()
    load = SqlStore.load_thread

    async def slowly(*args: Any) -> ThreadMetadata:
        reading.set()
        await gate.wait()
        return await load(*args)

    monkeypatch.setattr("chatkit_backend.runs.runs.CANCEL_S", 0.1)
    record = await dead.leave_run()
    monkeypatch.setattr(SqlStore, "load_thread", slowly)
    async with restarted(make_settings, model) as client:
        await reading.wait()
        stopping = await client.post(f"/chatkit/runs/{record.id}/cancel")
        gate.set()
        run, items = await outcome(client, record)

    assert (stopping.json()["state"], run["state"]) == ("running", "cancelled")
    assert texts(items) == ["Hello", HALF]
    assert not model.calls


async def test_a_store_that_is_away_when_it_is_taken_over_costs_it_nothing(
    dead: DeadProcess,
    make_settings: MakeSettings,
    model: ScriptedModel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load = SqlStore.load_thread
    missed = 0

    async def away(*args: Any) -> ThreadMetadata:
        nonlocal missed
        if missed < 2:
            missed += 1
            raise StoreUnavailableError("on purpose")
        return await load(*args)

    monkeypatch.setattr(patience, "RETRY_S", 0.01)
    record = await dead.leave_run()
    monkeypatch.setattr(SqlStore, "load_thread", away)
    async with restarted(make_settings, model) as client:
        run, items = await outcome(client, record)

    assert (missed, run["state"]) == (2, "completed")
    assert texts(items) == ["Hello", "A whole answer"]


async def active(client: httpx.AsyncClient, record: RunRecord) -> int:
    """The attempt of a run, once it was taken over."""
    async with asyncio.timeout(10):
        while True:
            run = (await client.get(f"/chatkit/runs/{record.id}")).json()
            if run["attempt"] > record.attempt:
                attempt: int = run["attempt"]
                return attempt
            await asyncio.sleep(0.01)


async def test_a_message_that_waited_for_a_dead_process_is_gone_and_the_thread_is_free(
    dead: DeadProcess, make_settings: MakeSettings, model: ScriptedModel
) -> None:
    record = await dead.leave_run()
    waiting = await dead.enqueue(record)
    async with restarted(make_settings, model, attempts=1) as client:
        await outcome(client, record)
        gone = await client.get(f"/chatkit/runs/{waiting.id}")
        again = await chat(client, add(record.thread_id, "Still there?"))

    assert gone.status_code == 404
    assert again.text == "A whole answer"
