"""What the SDKs get wrong, one test a fact: the day that one fails, upstream has fixed it.

The facts that the pipeline handles are tested where it does: `test_messages.py`, `test_threads.py`,
`test_http.py`, `test_broken_answers.py`, `test_many_turns.py`, `tests/contract`. These here are
about the SDKs themselves, so that a workaround does not outlive its reason.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from agents import Agent, OpenAIChatCompletionsModel, RunConfig, Runner
from agents.exceptions import UserError
from chatkit.agents import AgentContext, simple_to_agent_input
from chatkit.server import ChatKitServer, StreamingResult
from chatkit.store import default_generate_id
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    CustomTask,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    Workflow,
    WorkflowItem,
)
from fastapi import FastAPI
from openai import AsyncOpenAI
from tests.integration.conftest import MakeSettings
from tests.integration.stored import context_of
from tests.protocol import ask, chat, create, req
from tests.serving import client_of, serving

from chatkit_backend import MemoryStore, RequestContext, create_app
from chatkit_backend.server.agent_context import ChatContext
from chatkit_backend.testing import ModelServer, ScriptedModel

NOW = datetime(2026, 1, 2, tzinfo=UTC)
THREAD = ThreadMetadata(id="thr_1", created_at=NOW)


@pytest.fixture
async def context(client: httpx.AsyncClient) -> RequestContext:
    await ask(client, req("threads.list"))
    return context_of(client)


class Silent(ChatKitServer[RequestContext]):
    async def respond(
        self,
        thread: ThreadMetadata,
        input_user_message: UserMessageItem | None,
        context: RequestContext,
    ) -> AsyncIterator[ThreadStreamEvent]:
        nothing: tuple[ThreadStreamEvent, ...] = ()
        for event in nothing:
            yield event


async def test_the_sdks_converter_fails_on_the_second_turn_of_chat_completions() -> None:
    answer = AssistantMessageItem(
        id="m", thread_id="t", created_at=NOW, content=[AssistantMessageContent(text="Hi")]
    )
    async with (
        ModelServer() as upstream,
        AsyncOpenAI(base_url=upstream.base_url, api_key="x") as client,
    ):
        agent = Agent(name="A", model=OpenAIChatCompletionsModel("m", client))
        with pytest.raises(UserError, match="Unknown content"):
            await Runner.run(
                agent,
                await simple_to_agent_input([answer]),
                run_config=RunConfig(tracing_disabled=True),
            )


def test_the_sdks_ids_are_32_bits() -> None:
    assert len(default_generate_id("message").removeprefix("msg_")) * 4 == 32


async def test_the_sdks_pipeline_raises_on_an_empty_request_and_ours_refuses_it(
    client: httpx.AsyncClient, context: RequestContext
) -> None:
    with pytest.raises(ValueError, match="union_tag"):
        await Silent(MemoryStore()).process(b"{}", context)
    assert (await client.post("/chatkit", json={})).status_code == 400


async def test_the_sdks_stream_of_a_missing_thread_breaks_after_it_has_begun(
    context: RequestContext,
) -> None:
    body = b'{"type":"threads.retry_after_item","params":{"thread_id":"thr_x","item_id":"m"}}'
    result = await Silent(MemoryStore()).process(body, context)
    assert isinstance(result, StreamingResult)
    with pytest.raises(Exception, match="thr_x"):
        [chunk async for chunk in result]


async def test_the_sdk_gives_equal_tasks_the_first_ones_index_and_we_do_not(
    context: RequestContext,
) -> None:
    indices = []
    for kind in (AgentContext, ChatContext):
        made = kind(thread=THREAD, store=MemoryStore(), request_context=context)
        await made.start_workflow(Workflow(type="custom", tasks=[CustomTask(title="same")]))
        await made.add_workflow_task(CustomTask(title="same"))
        queue = made.channel if isinstance(made, ChatContext) else made._events
        last = [queue.get_nowait() for _ in range(queue.qsize())][-1]
        indices.append(last.update.task_index)  # type: ignore[union-attr]  # it is an update

    assert indices == [0, 1]


async def test_the_sdk_cannot_end_a_workflow_whose_time_has_a_zone_and_we_can(
    context: RequestContext,
) -> None:
    ours = ChatContext(thread=THREAD, store=MemoryStore(), request_context=context)
    theirs = AgentContext(thread=THREAD, store=MemoryStore(), request_context=context)
    for made in (ours, theirs):
        made.workflow_item = WorkflowItem(
            id="wf",
            thread_id="t",
            created_at=datetime.now(UTC) - timedelta(seconds=7),
            workflow=Workflow(type="custom", tasks=[]),
        )

    with pytest.raises(TypeError, match="offset-naive"):
        await theirs.end_workflow()
    await ours.end_workflow()

    done = ours.channel.get_nowait()
    assert isinstance(done, ThreadItemDoneEvent)
    assert isinstance(done.item, WorkflowItem)
    assert done.item.workflow.summary is not None
    assert done.item.workflow.summary.model_dump() == {"duration": 7}


async def test_the_agents_sdk_loses_text_that_arrives_together_with_an_error() -> None:
    model = ScriptedModel([("Half", RuntimeError("boom"))])
    result = Runner.run_streamed(
        Agent(name="A", model=model), "Q", run_config=RunConfig(tracing_disabled=True)
    )
    seen: list[object] = []

    async def read() -> None:
        async for event in result.stream_events():
            seen.append(event)  # noqa: PERF401  what came before the exception counts

    with pytest.raises(RuntimeError, match="boom"):
        await read()
    assert "Half" not in str(seen)


async def test_a_waiting_answer_does_not_make_others_wait(make_settings: MakeSettings) -> None:
    gate = asyncio.Event()
    model = ScriptedModel([("First", gate, "!"), "Second"])
    app: FastAPI = create_app(make_settings(), agent=Agent(name="A", model=model))
    async with serving(app) as url, client_of(url) as client:
        await ask(client, req("threads.list"))
        first = asyncio.create_task(chat(client, create("1")))
        while len(model.calls) < 1:
            await asyncio.sleep(0.01)
        second = await chat(client, create("2"))
        gate.set()
        assert (second.text, (await first).text) == ("Second", "First!")
