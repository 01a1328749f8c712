"""What a server does not offer is a clear refusal, not a 500."""

import httpx
import pytest
from tests.protocol import Json, chat, create, refused, req


@pytest.mark.parametrize(
    "body",
    [
        req("attachments.create", name="a", size=1, mime_type="text/plain"),
        req("attachments.delete", attachment_id="atc_1"),
        req("input.transcribe", audio_base64="AAAA", mime_type="audio/webm"),
    ],
    ids=lambda body: body["type"],
)
async def test_attachments_and_speech_need_a_server_that_has_them(
    client: httpx.AsyncClient, body: Json
) -> None:
    assert await refused(client, body) == (400, "not_supported")


@pytest.mark.parametrize("kind", ["threads.custom_action", "threads.sync_custom_action"])
async def test_actions_need_a_server_that_overrides_them(
    client: httpx.AsyncClient, kind: str
) -> None:
    thread_id = (await chat(client, create())).thread_id
    body = req(kind, thread_id=thread_id, action={"type": "x"})

    assert await refused(client, body) == (400, "not_supported")
