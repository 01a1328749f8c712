"""A `ChatKitServer` that somebody has runs unchanged, and its extension points are called."""

import base64
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI
from tests.integration.conftest import MakeSettings
from tests.integration.extended_server import ExtendedServer
from tests.protocol import add, ask, chat, create, refused, req, text_of

from chatkit_backend import create_app
from chatkit_backend.testing import ScriptedModel


@pytest.fixture
def app(make_settings: MakeSettings, model: ScriptedModel) -> FastAPI:
    return create_app(make_settings(), server=lambda store: ExtendedServer(store, model))


@pytest.fixture
def server(app: FastAPI) -> ExtendedServer:
    return cast("ExtendedServer", app.state.backend.server)


async def test_its_answers_are_streamed_and_stored(client: httpx.AsyncClient) -> None:
    thread_id = (await chat(client, create("one"))).thread_id
    answer = await chat(client, add(thread_id, "two"))

    thread = await ask(client, req("threads.get_by_id", thread_id=thread_id))

    assert answer.text == "Hello!"
    assert answer.of("stream_options")[0]["stream_options"] == {"allow_cancel": False}
    assert [text_of(item) for item in thread["items"]["data"]] == ["one", "Hello!", "two", "Hello!"]


async def test_a_custom_action_streams_what_the_server_yields(client: httpx.AsyncClient) -> None:
    thread_id = (await chat(client, create())).thread_id

    first = await chat(client, _action(thread_id, "show"))
    [widget] = first.items("widget")
    second = await chat(
        client, _action(thread_id, "rename", item_id=widget["id"], payload={"title": "New"})
    )

    assert widget["created_at"].endswith(("Z", "+00:00"))
    assert second.of("thread.updated")[0]["thread"]["title"] == "New"
    assert (await ask(client, req("threads.list")))["data"][0]["title"] == "New"


async def test_a_sync_action_answers_at_once(client: httpx.AsyncClient) -> None:
    thread_id = (await chat(client, create())).thread_id
    [widget] = (await chat(client, _action(thread_id, "show"))).items("widget")
    body = {
        **_action(thread_id, "touch", item_id=widget["id"]),
        "type": "threads.sync_custom_action",
    }

    assert (await ask(client, body))["updated_item"]["id"] == widget["id"]


@pytest.mark.parametrize("kind", ["threads.custom_action", "threads.sync_custom_action"])
async def test_an_action_of_no_widget_or_no_thread_is_refused(
    client: httpx.AsyncClient, kind: str
) -> None:
    answer = await chat(client, create())
    thread_id, [message] = answer.thread_id, answer.items("assistant_message")

    async def result(**params: Any) -> tuple[int, str]:
        return await refused(client, {**_action(**params), "type": kind})

    assert await result(thread_id="thr_x", kind="show") == (404, "not_found")
    assert await result(thread_id=thread_id, kind="show", item_id="x") == (404, "not_found")
    wrong = await result(thread_id=thread_id, kind="show", item_id=message["id"])
    assert wrong == (400, "not_a_widget")


async def test_feedback_reaches_the_server(
    client: httpx.AsyncClient, server: ExtendedServer
) -> None:
    answer = await chat(client, create())
    [message] = answer.items("assistant_message")
    ids = [message["id"]]

    await ask(
        client,
        req("items.feedback", thread_id=answer.thread_id, item_ids=ids, kind="positive"),
    )

    assert server.feedback == [(ids, "positive")]


async def test_speech_is_transcribed_and_bad_base64_is_refused(client: httpx.AsyncClient) -> None:
    def speech(text: str) -> dict[str, Any]:
        return req("input.transcribe", audio_base64=text, mime_type="audio/webm;codecs=opus")

    audio = base64.b64encode(b"12345").decode()

    assert await ask(client, speech(audio)) == {"text": "5 bytes of audio/webm"}
    for wrong in ("not base64!", "é", "A"):
        assert await refused(client, speech(wrong)) == (400, "invalid_base64")


async def test_an_attachment_is_created_sent_and_deleted(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, server: ExtendedServer
) -> None:
    made = await ask(
        client, req("attachments.create", name="a.txt", size=3, mime_type="text/plain")
    )
    delete = req("attachments.delete", attachment_id=made["id"])

    assert "metadata" not in made
    assert await refused(stranger, delete) == (404, "not_found")
    assert await ask(client, delete) == {}
    assert server.files.deleted == [made["id"]]
    assert await refused(client, delete) == (404, "not_found")
    wrong = req("attachments.create", name="a.txt", size=-1, mime_type="text/plain")
    assert await refused(client, wrong) == (400, "invalid_request")


def _action(
    thread_id: str, kind: str, item_id: str | None = None, payload: object = None
) -> dict[str, Any]:
    action = {"type": kind, "payload": payload}
    return req("threads.custom_action", thread_id=thread_id, item_id=item_id, action=action)
