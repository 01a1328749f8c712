"""Every request that leads to an answer leads to a run: numbered, followed, repeatable."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import httpx
import pytest
from chatkit.types import StructuredInputFreeform, StructuredInputItem, ThreadMetadata
from fastapi import FastAPI
from tests.integration.conftest import MakeSettings
from tests.integration.extended_server import ExtendedServer
from tests.integration.stored import Stored, stored_in
from tests.protocol import Json, add, ask, chat, create, numbered_events, req

from chatkit_backend import create_app
from chatkit_backend.testing import ScriptedModel

MakeBody: TypeAlias = Callable[[httpx.AsyncClient, Stored, str], Awaitable[Json]]


@pytest.fixture
def app(make_settings: MakeSettings, model: ScriptedModel) -> FastAPI:
    return create_app(make_settings(), server=lambda store: ExtendedServer(store, model))


@pytest.fixture
def stored(app: FastAPI) -> Stored:
    return stored_in(app)


async def a_new_thread(_client: httpx.AsyncClient, _stored: Stored, _thread_id: str) -> Json:
    return create("Another one")


async def a_message(_client: httpx.AsyncClient, _stored: Stored, thread_id: str) -> Json:
    return add(thread_id, "And?")


async def a_client_tool_output(client: httpx.AsyncClient, stored: Stored, thread_id: str) -> Json:
    await stored.add_client_tool_call(client, thread_id)
    return req("threads.add_client_tool_output", thread_id=thread_id, result={"colour": "red"})


async def a_structured_input(client: httpx.AsyncClient, stored: Stored, thread_id: str) -> Json:
    form = await stored.add(client, thread_id, _form)
    answers = {"why": {"values": ["because"]}}
    given = {"status": "answered", "answers": answers}
    return req("threads.add_structured_input", thread_id=thread_id, item_id=form, input=given)


async def a_retry(client: httpx.AsyncClient, _stored: Stored, thread_id: str) -> Json:
    page = await ask(client, req("items.list", thread_id=thread_id, order="asc"))
    message_id = page["data"][0]["id"]
    return req("threads.retry_after_item", thread_id=thread_id, item_id=message_id)


async def a_custom_action(_client: httpx.AsyncClient, _stored: Stored, thread_id: str) -> Json:
    action = {"type": "show", "payload": None}
    return req("threads.custom_action", thread_id=thread_id, item_id=None, action=action)


@pytest.mark.parametrize(
    "make_body",
    [a_new_thread, a_message, a_client_tool_output, a_structured_input, a_retry, a_custom_action],
)
async def test_it_is_numbered_followed_and_repeated(
    client: httpx.AsyncClient, stored: Stored, make_body: MakeBody
) -> None:
    thread_id = (await chat(client, create())).thread_id
    body = await make_body(client, stored, thread_id)
    headers = {"Idempotency-Key": "once"}

    first = await client.post("/chatkit", json=body, headers=headers)
    again = await client.post("/chatkit", json=body, headers=headers)

    run_id = first.headers["chatkit-run"]
    path = f"/chatkit/runs/{run_id}"
    events = numbered_events(first.text)
    assert [name for name, _ in events] == [
        f"{run_id}:{number + 1}" for number in range(len(events))
    ]
    assert events[-1][1]["type"] != "error"
    assert (again.headers["chatkit-run"], again.text) == (run_id, first.text)
    rest = numbered_events((await client.get(f"{path}/events?after=1")).text)
    assert rest[-1] == events[-1]
    assert not {name for name, _ in rest} - {name for name, _ in events[1:]}
    assert (await client.get(path)).json()["state"] == "completed"


async def test_a_plain_conversation_too(client: httpx.AsyncClient) -> None:
    content = [{"type": "input_text", "text": "Hi"}]
    item = {"type": "message", "role": "user", "content": content}
    body = {"type": "conversation.item.create", "item": item}

    response = await client.post("/api/conversation", json=body)

    run_id = response.headers["chatkit-run"]
    events = numbered_events(response.text)
    seqs = [int(name.removeprefix(f"{run_id}:")) for name, _ in events]
    assert seqs == sorted(seqs)
    rest = await client.get(
        f"/chatkit/runs/{run_id}/events", headers={"Last-Event-ID": events[0][0]}
    )
    assert "Hello!" in rest.text


def _form(thread: ThreadMetadata) -> StructuredInputItem:
    return StructuredInputItem(
        id="form_1",
        thread_id=thread.id,
        created_at=thread.created_at,
        inputs=[StructuredInputFreeform(id="why", question="Why?")],
    )
