"""The plain conversation protocol, on the same threads."""

import httpx
import pytest
from tests.protocol import Json, ask, chat, create, refused, req, sse_events

from chatkit_backend.testing import ScriptedModel

PATH = "/api/conversation"


def item_create(text: str = "Hello", **more: object) -> Json:
    content = [{"type": "input_text", "text": text}]
    item = {"type": "message", "role": "user", "content": content}
    return {"type": "conversation.item.create", "item": item, **more}


async def test_a_message_begins_a_conversation_and_the_answer_is_streamed(
    client: httpx.AsyncClient,
) -> None:
    response = await client.post(PATH, json=item_create("Hi"))

    assert response.headers["content-type"].startswith("text/event-stream")
    user, *deltas, answer, done = sse_events(response.text)
    assert (user["type"], user["item"]["role"]) == ("conversation.item.created", "user")
    assert user["item"]["content"] == [{"type": "input_text", "text": "Hi"}]
    assert {delta["type"] for delta in deltas} == {"response.delta"}
    assert "".join(delta["data"]["content"] for delta in deltas) == "Hello!"
    assert not any(delta["data"]["done"] for delta in deltas)
    assert answer["item"]["role"] == "assistant"
    assert answer["item"]["content"] == [{"type": "output_text", "text": "Hello!"}]
    assert done == {"type": "response.done", "data": {}}


async def test_it_goes_on_in_the_same_threads_as_chatkit(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    thread_id = (await chat(client, create("One"))).thread_id

    body = item_create("Two", conversation_id=thread_id)
    events = sse_events((await client.post(PATH, json=body)).text)

    assert events[0]["conversation_id"] == thread_id
    assert len((await ask(client, req("items.list", thread_id=thread_id)))["data"]) == 4
    assert await refused(stranger, body, path=PATH) == (404, "not_found")


async def test_a_failure_is_an_error_event_and_the_stream_ends_as_always(
    client: httpx.AsyncClient, model: ScriptedModel
) -> None:
    model.play_next(RuntimeError("boom"))

    events = sse_events((await client.post(PATH, json=item_create())).text)

    assert [event["type"] for event in events[-2:]] == ["error", "response.done"]
    assert "boom" not in str(events)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"nope", "invalid_json"),
        ({}, "invalid_request"),
        ([], "invalid_request"),
        ({**item_create(), "type": "conversation.item.delete"}, "invalid_request"),
        (item_create(metadata={"userInfo": 1}), "invalid_metadata"),
        (item_create(""), "empty_message"),
        (item_create(conversation_id=3), "invalid_request"),
    ],
)
async def test_what_is_wrong_with_it_is_a_400(
    client: httpx.AsyncClient, body: object, code: str
) -> None:
    assert await refused(client, body, path=PATH) == (400, code)
