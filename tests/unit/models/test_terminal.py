import asyncio
from collections.abc import Awaitable, Callable

from agents import ModelResponse
from tests.integration.models.asking import events_of, text_of

from chatkit_backend.models.call import CallModel, Events, ModelCall
from chatkit_backend.models.terminal import TerminalModel
from chatkit_backend.models.writer import ResponseWriter, usage_of


class Upstream(CallModel):
    """Answers, and then does something else before its stream ends."""

    def __init__(self, afterwards: Callable[[], Awaitable[object]]) -> None:
        self._afterwards = afterwards

    async def respond(self, call: ModelCall) -> ModelResponse:
        raise NotImplementedError

    async def stream(self, call: ModelCall) -> Events:
        writer = ResponseWriter("upstream")
        for event in (*writer.begin(), *writer.text(["Done"]), writer.complete(usage_of(1, 1))):
            yield event
        await self._afterwards()


async def test_a_stream_is_read_to_its_end_so_that_its_connection_can_be_used_again() -> None:
    ended = asyncio.Event()

    async def end() -> None:
        ended.set()

    assert (await events_of(TerminalModel(Upstream(end))))[-1].type == "response.completed"
    assert ended.is_set()


async def test_a_stream_that_stays_open_behind_its_answer_holds_nobody_up() -> None:
    async with asyncio.timeout(5):
        assert await text_of(TerminalModel(Upstream(asyncio.Event().wait))) == "Done"


async def test_a_failure_behind_a_complete_answer_does_not_count() -> None:
    async def fail() -> None:
        raise ConnectionResetError("gone")

    assert await text_of(TerminalModel(Upstream(fail))) == "Done"
