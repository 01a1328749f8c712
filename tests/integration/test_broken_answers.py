"""What the user, the store and the operator see of an answer that does not end well."""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import httpx
import pytest
from agents import (
    GuardrailFunctionOutput,
    InputGuardrail,
    RunContextWrapper,
    function_tool,
)
from chatkit.agents import AgentContext, ClientToolCall
from chatkit.errors import CustomStreamError
from fastapi import FastAPI
from tests.integration.conftest import ChatAgent, MakeSettings
from tests.integration.extended_server import ExtendedServer
from tests.integration.stored import stored_in
from tests.protocol import add, ask, chat, create, req, text_of
from tests.serving import client_of, serving
from tests.streams import posted, shown

from chatkit_backend import RequestContext, create_app
from chatkit_backend.testing import ModelServer, ScriptedModel, ToolCall
from chatkit_backend.testing.model_server import Answer, Cut, Fail, HttpError, Say, Wait


@pytest.fixture
async def upstream() -> AsyncIterator[ModelServer]:
    async with ModelServer([Answer(Say("Half an answer"), Fail())]) as server:
        yield server


@pytest.mark.parametrize("api", ["responses", "chat_completions"])
async def test_a_failure_in_the_middle_keeps_the_text_so_far_and_offers_a_retry(
    make_settings: MakeSettings, upstream: ModelServer, api: str
) -> None:
    settings = make_settings(
        llm_provider="openai",
        llm_api=api,
        openai_api_key="test",
        openai_base_url=upstream.base_url,
    )
    async with serving(create_app(settings)) as url, client_of(url) as client:
        await _fails_in_the_middle(client)


async def _fails_in_the_middle(client: httpx.AsyncClient) -> None:
    answer = await chat(client, create("Q"))

    assert answer.types[-2:] == ["thread.item.done", "error"]
    assert answer.events[-1]["allow_retry"] is True
    assert answer.text == answer.deltas == "Half an answer"
    items = (await ask(client, req("items.list", thread_id=answer.thread_id)))["data"]
    assert [text_of(item) for item in items] == ["Half an answer", "Q"]

    [user] = answer.items("user_message")
    again = await chat(
        client,
        req("threads.retry_after_item", thread_id=answer.thread_id, item_id=user["id"]),
    )
    assert again.text.startswith("You said: Q")


async def test_a_failure_before_the_first_word_leaves_nothing_but_the_message(
    client: httpx.AsyncClient, model: ScriptedModel
) -> None:
    model.play_next(RuntimeError("boom with a detail in it"))

    answer = await chat(client, create("Q"))

    assert answer.types[-1] == "error"
    assert "a detail" not in str(answer.events)
    items = (await ask(client, req("items.list", thread_id=answer.thread_id)))["data"]
    assert [item["type"] for item in items] == ["user_message"]


async def test_a_message_that_a_tool_raises_for_the_user_reaches_the_user(
    client: httpx.AsyncClient, model: ScriptedModel
) -> None:
    model.play_next(CustomStreamError("Your plan ends here.", allow_retry=False))

    error = (await chat(client, create())).events[-1]

    assert (error["type"], error["message"]) == ("error", "Your plan ends here.")
    assert error["allow_retry"] is False


@pytest.mark.parametrize(
    ("failure", "says"),
    [
        (HttpError(status=401, message="Incorrect API key: sk-test-key-1234"), "not set up"),
        (HttpError(status=429, message="quota", code="insufficient_quota"), ""),
        (HttpError(status=500, message="down"), ""),
        (HttpError(status=404, message="no such model", code="model_not_found"), ""),
        (HttpError(status=400, message="too long", code="context_length_exceeded"), "long"),
        (Answer(Cut()), ""),
        (Answer(Say("Half "), Cut()), ""),
    ],
    ids=["bad-key", "quota", "upstream-500", "no-model", "too-long", "cut", "cut-in-the-middle"],
)
@pytest.mark.parametrize("api", ["responses", "chat_completions"])
async def test_the_models_errors_are_for_people_and_its_details_for_the_log(
    make_settings: MakeSettings,
    capfd: pytest.CaptureFixture[str],
    failure: HttpError | Answer,
    says: str,
    api: str,
) -> None:
    async with ModelServer([failure]) as upstream:
        settings = make_settings(
            llm_provider="openai",
            llm_api=api,
            openai_api_key="sk-test-key-1234",
            openai_base_url=upstream.base_url,
            model_retries=0,
        )
        async with serving(create_app(settings)) as url, client_of(url) as client:
            answer = await chat(client, create())

    error = answer.events[-1]
    assert error["type"] == "error"
    assert len(error["message"]) > 20
    assert says in error["message"]
    seen = str(answer.events)
    logged = capfd.readouterr().err
    assert "model_failed" in logged
    for secret in ("sk-test-key-1234", "Traceback", "127.0.0.1"):
        assert secret not in seen
    assert "sk-test-key-1234" not in logged


async def test_a_client_that_leaves_stops_the_model_and_its_text_is_kept(
    make_settings: MakeSettings,
) -> None:
    async with ModelServer([Answer(Say("The beginning"), Wait(asyncio.Event()))]) as upstream:
        settings = make_settings(
            llm_provider="openai", openai_base_url=upstream.base_url, disconnect_grace_s=0
        )
        app = create_app(settings)
        async with serving(app) as url, client_of(url) as client:
            await ask(client, req("threads.list"))  # for the cookie
            async with client.stream("POST", "/chatkit", json=create("Q")) as response:
                async for line in response.aiter_lines():
                    if "beginning" in line:
                        break
            request = await upstream.request(1)
            await asyncio.wait_for(request.closed.wait(), 1)
            while len(app.state.backend.runs.active):
                await asyncio.sleep(0.01)

            thread = (await ask(client, req("threads.list")))["data"][0]
            items = await stored_in(app).items(client, thread["id"])

    assert [item.type for item in items] == [
        "user_message",
        "assistant_message",
        "sdk_hidden_context",
    ]
    assert text_of(items[1].model_dump()) == "The beginning"
    assert "cancelled" not in str(items[2])


async def test_a_client_that_leaves_before_the_first_word_stops_the_model_too(
    make_settings: MakeSettings,
) -> None:
    async with ModelServer([Answer(Wait(asyncio.Event()))]) as upstream:
        settings = make_settings(
            llm_provider="openai", openai_base_url=upstream.base_url, disconnect_grace_s=0
        )
        async with serving(create_app(settings)) as url, client_of(url) as client:
            async with client.stream("POST", "/chatkit", json=create("Q")):
                request = await upstream.request(1)
            await asyncio.wait_for(request.closed.wait(), 1)


async def test_a_published_servers_cancel_hook_can_write_to_the_store(
    make_settings: MakeSettings,
) -> None:
    model = ScriptedModel([("Partial", asyncio.Event())])
    app = create_app(make_settings(), server=lambda store: ExtendedServer(store, model))
    server = cast("ExtendedServer", app.state.backend.server)
    async with serving(app) as url, client_of(url) as client:
        await ask(client, req("threads.list"))
        async with client.stream("POST", "/chatkit", json=create()) as response:
            async for line in response.aiter_lines():
                if "Partial" in line:
                    break
        [pending] = await asyncio.wait_for(server.cancelled.get(), 5)
        thread = (await ask(client, req("threads.list")))["data"][0]
        items = await stored_in(app).items(client, thread["id"])

    assert text_of(pending.model_dump()) == "Partial"
    assert [item.type for item in items] == [
        "user_message",
        "assistant_message",
        "sdk_hidden_context",
    ]


async def test_a_guardrail_takes_back_what_was_shown(
    make_settings: MakeSettings, model: ScriptedModel
) -> None:
    seen, tripped = asyncio.Event(), asyncio.Event()

    async def trip(*_: object) -> GuardrailFunctionOutput:
        await seen.wait()
        tripped.set()
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered=True)

    model.play_next(("Something bad", tripped, " and more"))
    agent = ChatAgent(name="A", model=model, input_guardrails=[InputGuardrail(trip)])
    app = create_app(make_settings(), agent=agent)
    async with serving(app) as url, client_of(url) as client:
        lines: list[str] = []
        async with client.stream("POST", "/chatkit", json=create()) as response:
            async for line in response.aiter_lines():
                lines.append(line)
                if "bad" in line:
                    seen.set()
        thread = (await ask(client, req("threads.list")))["data"][0]
        items = (await ask(client, req("items.list", thread_id=thread["id"])))["data"]

    assert any("thread.item.removed" in line for line in lines)
    assert '"type":"error"' in "".join(lines)
    assert [item["type"] for item in items] == ["user_message"]


async def test_a_thread_that_is_deleted_while_it_is_answered_ends_its_stream(
    client: httpx.AsyncClient, model: ScriptedModel
) -> None:
    model.play_next(("Hel", asyncio.Event(), "lo"))
    async with posted(client, create()) as stream:
        await stream.until("Hel")
        await ask(client, req("threads.delete", thread_id=stream.thread_id))
        await stream.to_end()

    assert shown(stream.events) == "Hel"
    assert (await ask(client, req("threads.list")))["data"] == []


async def test_a_client_tool_goes_to_the_client_and_its_output_back_to_the_model(
    make_settings: MakeSettings, model: ScriptedModel
) -> None:
    @function_tool
    async def pick_colour(ctx: RunContextWrapper[AgentContext[RequestContext]]) -> str:
        """Ask the page for a colour."""
        ctx.context.client_tool_call = ClientToolCall(name="pick", arguments={"of": "colours"})
        return "waiting"

    model.play_next(ToolCall("pick_colour"))
    agent = ChatAgent(
        name="A",
        model=model,
        tools=[pick_colour],
        tool_use_behavior={"stop_at_tool_names": ["pick_colour"]},
    )
    app: FastAPI = create_app(make_settings(), agent=agent)
    async with serving(app) as url, client_of(url) as client:
        first = await chat(client, create("Pick one"))
        [call] = first.items("client_tool_call")
        second = await chat(
            client,
            req("threads.add_client_tool_output", thread_id=first.thread_id, result="red"),
        )
        third = await chat(client, add(first.thread_id, "Thanks"))

    assert (call["status"], call["name"], call["arguments"]) == (
        "pending",
        "pick",
        {"of": "colours"},
    )
    assert second.text == third.text == "Hello!"
    assert '"red"' in str(model.calls[-1].input)
