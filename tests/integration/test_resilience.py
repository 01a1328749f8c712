"""What servers, tools, clients and operators do wrong costs nobody else anything."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest
from chatkit.server import ChatKitServer
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    ProgressUpdateEvent,
    StreamOptions,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)
from fastapi import FastAPI
from tests.integration.conftest import ChatAgent, MakeSettings
from tests.protocol import add, ask, chat, create, refused, req, sse_events
from tests.serving import client_of, serving

from chatkit_backend import Settings, create_app, create_router
from chatkit_backend.testing import ModelServer, ScriptedModel
from chatkit_backend.testing.model_server import Answer, Say, Wait

Context = Mapping[str, Any]


class OddServer(ChatKitServer[Context]):
    """Does what its user message says."""

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Context
    ) -> AsyncIterator[ThreadStreamEvent]:
        assert input_user_message is not None
        match input_user_message.content[0].text:
            case "garbage":
                yield {"type": "notice"}  # type: ignore[misc]  # that is the point
            case "cancel":
                raise asyncio.CancelledError
            case "exit":
                raise SystemExit(3)
            case "who":
                yield ThreadItemDoneEvent(
                    item=AssistantMessageItem(
                        id=self.store.generate_item_id("message", thread, context),
                        thread_id=thread.id,
                        created_at=thread.created_at,
                        content=[AssistantMessageContent(text=str(context["name"]))],
                    )
                )
            case "slow":
                for _ in range(5):
                    await asyncio.sleep(0.01)
                    yield ProgressUpdateEvent(text="still busy")
            case _:
                yield ProgressUpdateEvent(text="nothing to say")

    def get_stream_options(self, thread: ThreadMetadata, context: Context) -> StreamOptions:
        if context.get("options") == "broken":
            raise RuntimeError("no options")
        return super().get_stream_options(thread, context)


@pytest.mark.parametrize("wrong", ["garbage", "cancel", "exit"])
async def test_what_a_server_does_wrong_is_an_error_event_and_no_broken_stream(
    make_settings: MakeSettings, wrong: str
) -> None:
    app = create_app(make_settings(), server=OddServer)
    async with serving(app) as url, client_of(url) as client:
        answer = await chat(client, create(wrong))
        assert answer.types[-1] == "error"
        assert answer.events[-1]["allow_retry"] is True
        again = await chat(client, add(answer.thread_id, "anything"))
        assert again.types[-1] == "progress_update"


async def test_stream_options_that_fail_are_an_error_event_too(make_settings: MakeSettings) -> None:
    app = create_app(make_settings(), server=OddServer, context=lambda _: {"options": "broken"})
    async with serving(app) as url, client_of(url) as client:
        assert (await chat(client, create())).types[-1] == "error"


async def test_a_context_of_ones_own_works_with_the_store_of_this_package(
    make_settings: MakeSettings,
) -> None:
    app = create_app(
        make_settings(), server=OddServer, context=lambda known: {"name": f"I am {known.user_id}"}
    )
    async with serving(app) as url, client_of(url) as client, client_of(url) as stranger:
        answer = await chat(client, create("who"))
        assert answer.text.startswith("I am anon_")
        assert len((await ask(client, req("threads.list")))["data"]) == 1
        assert (await ask(stranger, req("threads.list")))["data"] == []


def test_a_context_function_must_not_be_a_coroutine(make_settings: MakeSettings) -> None:
    async def context(_: object) -> dict[str, str]:
        return {}

    with pytest.raises(TypeError, match="coroutine function"):
        create_app(make_settings(), server=OddServer, context=context)


async def test_a_stranger_does_not_learn_that_a_thread_is_busy_nor_wait_for_it(
    make_settings: MakeSettings,
) -> None:
    gate = asyncio.Event()
    agent = ChatAgent(name="A", model=ScriptedModel(["Hi", ("Wait", gate)]))
    app = create_app(make_settings(max_waiting_messages=0), agent=agent)
    async with serving(app) as url, client_of(url) as client, client_of(url) as stranger:
        thread_id = (await chat(client, create())).thread_id
        busy = asyncio.create_task(chat(client, add(thread_id)))
        await _until(lambda: len(app.state.backend.runs.active) == 1)

        assert await refused(client, add(thread_id)) == (409, "thread_busy")
        assert await refused(stranger, add(thread_id)) == (404, "not_found")

        gate.set()
        await busy


async def test_a_message_that_waits_when_shutdown_begins_is_refused_and_not_stored(
    make_settings: MakeSettings,
) -> None:
    gate = asyncio.Event()
    model = ScriptedModel(["Hi", ("Wait", gate), "never"])
    app = create_app(make_settings(), agent=ChatAgent(name="A", model=model))
    runs = app.state.backend.runs.active
    async with serving(app) as url, client_of(url) as client:
        thread_id = (await chat(client, create())).thread_id
        busy = asyncio.create_task(chat(client, add(thread_id, "second")))
        await _until(lambda: len(runs) == 1)
        waiting = asyncio.create_task(client.post("/chatkit", json=add(thread_id, "third")))
        await asyncio.sleep(0.3)  # nothing tells that a request has begun to wait
        draining = asyncio.create_task(runs.drain(grace_s=30))
        await asyncio.sleep(0)
        gate.set()

        assert (await busy).text == "Wait"
        assert (await waiting).json()["error"]["code"] == "shutting_down"
        await draining
        items = (await ask(client, req("items.list", thread_id=thread_id)))["data"]
        assert "third" not in str(items)


async def test_a_title_that_the_user_gives_during_the_answer_stays(
    make_settings: MakeSettings,
) -> None:
    gate = asyncio.Event()
    script: list[Answer | str] = [Answer(Say("Answer"), Wait(gate), Say(" end")), "A Model's Title"]
    async with ModelServer(script) as upstream:
        settings = make_settings(
            llm_provider="openai",
            openai_api_key="test",
            openai_base_url=upstream.base_url,
            titles="model",
        )
        async with serving(create_app(settings)) as url, client_of(url) as client:
            await ask(client, req("threads.list"))
            answering = asyncio.create_task(chat(client, create()))
            await upstream.request(1)
            [thread] = (await ask(client, req("threads.list")))["data"]
            await ask(client, req("threads.update", thread_id=thread["id"], title="Mine"))
            gate.set()
            await answering
            [thread] = (await ask(client, req("threads.list")))["data"]

    assert thread["title"] == "Mine"


async def test_an_embedded_backend_logs_no_message_texts(
    make_settings: MakeSettings,
    agent: ChatAgent,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = FastAPI()
    app.include_router(create_router(make_settings(), agent=agent), prefix="/assistant")
    with caplog.at_level("DEBUG"):
        async with serving(app) as url, client_of(url) as client:
            answer = await chat(client, create("my private words"), path="/assistant/chatkit")

    assert answer.text == "Hello!"
    printed = capfd.readouterr()
    records = [record.__dict__ for record in caplog.records if "chatkit" in record.name]
    assert "run_ended" in str(records)
    for seen in (printed.out, printed.err, str(records)):
        assert "private words" not in seen
        assert "Hello!" not in seen


async def test_an_embedded_backend_whose_database_is_away_says_503_and_is_alive(
    make_settings: MakeSettings,
) -> None:
    away = make_settings(database_url="postgresql://u@127.0.0.1:1/x", database_timeout_s=1)
    app = FastAPI()
    app.mount("/assistant", await asyncio.to_thread(create_app, away))
    async with serving(app) as url, client_of(url) as client:
        message = await client.post("/assistant/chatkit", json=create())
        live = await client.get("/assistant/health/live")
        health = await client.get("/assistant/health")

    assert (message.status_code, message.json()["error"]["code"]) == (503, "not_ready")
    assert live.status_code == 200
    assert (health.status_code, health.json()["status"]) == (503, "degraded")


async def test_an_application_can_start_again(app: FastAPI) -> None:
    for _ in range(2):
        async with serving(app) as url, client_of(url) as client:
            assert (await chat(client, create())).text == "Hello!"


async def test_the_plain_protocol_is_not_silent_while_only_other_events_come(
    make_settings: MakeSettings,
) -> None:
    app = create_app(make_settings(), server=OddServer)
    content = [{"type": "input_text", "text": "slow"}]
    item = {"type": "message", "role": "user", "content": content}
    async with serving(app) as url, client_of(url) as client:
        body = {"type": "conversation.item.create", "item": item}
        response = await client.post("/api/conversation", json=body)

    assert ": keep-alive" in response.text
    assert sse_events(response.text)[-1]["type"] == "response.done"


async def test_a_mistake_inside_a_request_is_not_called_an_unknown_type(
    client: httpx.AsyncClient,
) -> None:
    content = [{"type": "input_smell", "text": "x"}]
    body = create(content=content)

    response = await client.post("/chatkit", json=body)

    assert response.json()["error"]["code"] == "invalid_request"
    assert "content" in response.json()["error"]["message"]


async def test_an_attachment_of_another_thread_is_refused_and_its_message_not_stored(
    make_settings: MakeSettings, model: ScriptedModel
) -> None:
    from tests.integration.extended_server import ExtendedServer

    app = create_app(make_settings(), server=lambda store: ExtendedServer(store, model))
    async with serving(app) as url, client_of(url) as client:
        made = await ask(
            client, req("attachments.create", name="a.txt", size=3, mime_type="text/plain")
        )
        thread_id = (await chat(client, create())).thread_id
        # The SDK's converter knows no attachments: the answer fails, the message is there.
        await chat(client, add(thread_id, "With a file", attachments=[made["id"]]))
        stolen = await refused(client, create(attachments=[made["id"]]))

        assert stolen == (409, "attachment_in_use")
        assert len((await ask(client, req("threads.list")))["data"]) == 1


def test_origins_are_compared_as_browsers_send_them() -> None:
    assert Settings(cors_origins="https://a.test/").allowed_origins == ("https://a.test",)  # type: ignore[arg-type]  # as the environment gives it


async def _until(condition: Any) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)
