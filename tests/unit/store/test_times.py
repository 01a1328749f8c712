import copy
import pickle
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from typing import cast

import pytest
from agents import Agent, Runner, RunResultStreaming
from chatkit.agents import AgentContext, stream_agent_response
from chatkit.types import (
    CustomTask,
    DurationSummary,
    ThreadItem,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    Workflow,
    WorkflowItem,
)
from tests.contract.owners import Request, somebody

from chatkit_backend.store import MemoryStore, new_id
from chatkit_backend.store.times import WorkflowTime, now, to_utc
from chatkit_backend.testing import ScriptedModel


def test_now_is_aware_and_utc() -> None:
    assert now().utcoffset() == timedelta(0)


def test_a_naive_time_is_taken_for_local_time() -> None:
    naive = datetime(2026, 7, 1, 12, 30)  # noqa: DTZ001
    assert to_utc(naive).timestamp() == naive.timestamp()


def test_an_aware_time_keeps_its_moment() -> None:
    aware = datetime(2026, 7, 1, 12, 30, tzinfo=timezone(timedelta(hours=2)))
    assert to_utc(aware) == datetime(2026, 7, 1, 10, 30, tzinfo=UTC)


def test_a_plain_aware_time_still_breaks_the_sdks_subtraction() -> None:
    # When this fails, Python allows it or the SDK's times became aware: `WorkflowTime` can go.
    with pytest.raises(TypeError, match="offset-naive and offset-aware"):
        datetime.now() - now()  # noqa: DTZ005


def test_a_workflow_time_can_be_subtracted_from_naive_and_aware_times() -> None:
    start = now() - timedelta(minutes=2)
    time = WorkflowTime.of(start)
    for elapsed in (datetime.now() - time, now() - time):  # noqa: DTZ005
        assert timedelta(minutes=2) <= elapsed < timedelta(minutes=3)
    assert time - timedelta(seconds=1) < time
    assert time == start
    assert time.utcoffset() == timedelta(0)


def test_a_workflow_time_survives_copies_and_serialises_like_any_time() -> None:
    moment = datetime(2026, 7, 1, 10, 30, 0, 5, tzinfo=UTC)
    plain = WorkflowItem(
        id="wf_1", thread_id="thr_1", created_at=moment, workflow=Workflow(type="custom", tasks=[])
    )
    item = plain.model_copy(update={"created_at": WorkflowTime.of(moment)})
    for copied in (
        item.model_copy(deep=True).created_at,
        pickle.loads(pickle.dumps(item)).created_at,
        copy.copy(item.created_at),
    ):
        assert type(copied) is WorkflowTime
        assert copied == moment
    assert item.model_dump_json() == plain.model_dump_json()
    assert item.model_dump(mode="json") == plain.model_dump(mode="json")
    assert item == plain


async def stored_workflow(store: MemoryStore[Request], request: Request) -> ThreadMetadata:
    thread = ThreadMetadata(id=new_id("thr"), created_at=now())
    item = WorkflowItem(
        id=new_id("wf"),
        thread_id=thread.id,
        created_at=now() - timedelta(seconds=90),
        workflow=Workflow(type="custom", tasks=[CustomTask(title="Look")]),
    )
    await store.start_thread(thread, [item], request)
    return thread


async def test_the_sdk_ends_a_stored_workflow_on_the_next_turn() -> None:
    """`stream_agent_response` picks up the thread's last workflow and computes its duration."""
    store, request = MemoryStore[Request](), somebody()
    thread = await stored_workflow(store, request)
    context = AgentContext(thread=thread, store=store, request_context=request)
    agent = Agent[AgentContext[Request]](name="Assistant", model=ScriptedModel(["Hello!"]))
    result: RunResultStreaming = Runner.run_streamed(agent, "Hi", context=context)
    events: AsyncIterator[ThreadStreamEvent] = stream_agent_response(context, result)
    done = [event.item async for event in events if isinstance(event, ThreadItemDoneEvent)]
    assert duration(done) in (90, 91)


async def test_the_sdk_ends_a_stored_workflow_on_request() -> None:
    """`AgentContext.end_workflow` computes its duration, too."""
    store, request = MemoryStore[Request](), somebody()
    thread = await stored_workflow(store, request)
    context = AgentContext(thread=thread, store=store, request_context=request)
    page = await store.load_thread_items(thread.id, None, 1, "desc", request)
    context.workflow_item = cast("WorkflowItem", page.data[0])
    await context.end_workflow()
    event = context._events.get_nowait()
    assert isinstance(event, ThreadItemDoneEvent)
    assert duration([event.item]) in (90, 91)


def duration(items: list[ThreadItem]) -> int:
    """Seconds that the only workflow among `items` took."""
    (workflow,) = (item.workflow for item in items if isinstance(item, WorkflowItem))
    assert isinstance(workflow.summary, DurationSummary)
    return workflow.summary.duration
