"""The events of an agent's loop come to an end, however the loop ends."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import cast

import pytest
from agents import Agent, RunResultStreaming
from chatkit.types import ProgressUpdateEvent, ThreadMetadata
from starlette.requests import Request

from chatkit_backend import Principal, RequestContext
from chatkit_backend.server.agent_context import CHANNEL_EVENTS, ChatContext
from chatkit_backend.server.agent_run import LoopRun
from chatkit_backend.store import MemoryStore


class Loop:
    """A loop of the Agents SDK that says `count` things at once and is then cancelled."""

    def __init__(self, count: int) -> None:
        self.current_agent = Agent[object](name="A")
        self._count = count

    async def stream_events(self) -> AsyncIterator[ProgressUpdateEvent]:
        for number in range(self._count):
            yield ProgressUpdateEvent(text=str(number))
        raise asyncio.CancelledError

    def cancel(self) -> None:
        """There is nothing to stop."""


@pytest.mark.parametrize("count", [0, 1, CHANNEL_EVENTS, 2 * CHANNEL_EVENTS])
async def test_a_loop_that_is_cancelled_from_outside_ends_after_all_that_it_said(
    count: int,
) -> None:
    run = LoopRun(cast("RunResultStreaming", Loop(count)), a_context())
    seen = 0

    async def read() -> None:
        nonlocal seen
        async for _ in run.events():
            seen += 1

    with pytest.raises(RuntimeError, match="cancelled from outside"):
        await asyncio.wait_for(read(), 10)
    assert seen == count


def a_context() -> ChatContext:
    request = Request({"type": "http", "method": "POST", "path": "/", "headers": []})
    caller = RequestContext(
        principal=Principal(user_id="anna"), request=request, request_id="req_1"
    )
    thread = ThreadMetadata(id="thr_1", created_at=datetime.now(UTC))
    return ChatContext(thread=thread, store=MemoryStore(), request_context=caller)
