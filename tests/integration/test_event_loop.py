"""Nothing of this package blocks the event loop."""

import time

import httpx
import pytest
from blockbuster import BlockingError, blockbuster_ctx
from chatkit.types import Thread, ThreadMetadata
from tests.protocol import add, ask, chat, create, refused, req

from chatkit_backend.runs.events import as_thread
from chatkit_backend.server import messages


async def test_no_request_makes_a_blocking_call(client: httpx.AsyncClient) -> None:
    with blockbuster_ctx("chatkit_backend"):
        first = await chat(client, create())
        thread_id, [user] = first.thread_id, first.items("user_message")
        answers = [
            first,
            await chat(client, add(thread_id)),
            await chat(
                client, req("threads.retry_after_item", thread_id=thread_id, item_id=user["id"])
            ),
        ]
        await ask(client, req("threads.list"))
        await ask(client, req("threads.get_by_id", thread_id=thread_id))
        await ask(client, req("threads.update", thread_id=thread_id, title="x"))
        await ask(client, req("items.list", thread_id=thread_id))
        feedback = {"thread_id": thread_id, "item_ids": [user["id"]], "kind": "positive"}
        await ask(client, req("items.feedback", **feedback))
        await ask(client, req("threads.delete", thread_id=thread_id))
        await refused(client, req("threads.delete", thread_id=thread_id))
        assert (await client.get("/health")).json()["status"] == "ok"

    assert [answer.of("error") for answer in answers] == [[], [], []]


async def test_a_blocking_call_would_be_seen(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[BlockingError] = []

    def blocking(thread: ThreadMetadata) -> Thread:
        try:
            time.sleep(0.001)
        except BlockingError as exc:
            seen.append(exc)
        return as_thread(thread)

    monkeypatch.setattr(messages, "as_thread", blocking)
    with blockbuster_ctx("chatkit_backend"):
        await chat(client, create())
    assert seen
