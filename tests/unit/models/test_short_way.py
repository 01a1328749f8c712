"""Text on the short way: never too early, and a sign of life."""

import asyncio

import pytest
from openai.types.responses import ResponseTextDeltaEvent
from tests.integration.models.asking import call_of

from chatkit_backend.models import TimedModel, TokenTimeoutError
from chatkit_backend.models.call import Events, ModelCall, WrappedModel
from chatkit_backend.models.short_way import SHORT_WAY, MoreText, ShortWay, shown
from chatkit_backend.testing.scripted_model import ScriptedModel

PIECES = 6
PAUSE_S = 0.05
TOKEN_S = 0.15
"""Longer than between two pieces, shorter than all of them take."""


@pytest.fixture
def far_end() -> asyncio.Queue[MoreText]:
    return asyncio.Queue(PIECES + 1)


def a_piece(text: str = "one") -> ResponseTextDeltaEvent:
    return ResponseTextDeltaEvent(
        type="response.output_text.delta",
        item_id="msg_1",
        output_index=0,
        content_index=0,
        delta=text,
        logprobs=[],
        sequence_number=1,
    )


async def test_nothing_takes_it_before_the_piece_that_it_follows(
    far_end: asyncio.Queue[MoreText],
) -> None:
    way, event = ShortWay(far_end), a_piece()

    assert not await way.take(event, "two")
    way.reached = a_piece()  # another one, however alike
    assert not await way.take(event, "two")
    way.reached = event
    assert await way.take(event, "two")

    assert far_end.get_nowait() == MoreText(event, "two")
    assert far_end.empty()


class Speaking(WrappedModel):
    """Says one piece the long way, more on the short way, and then nothing."""

    def __init__(self) -> None:
        super().__init__(ScriptedModel([]))

    async def stream(self, call: ModelCall) -> Events:
        way = SHORT_WAY.get()
        assert way is not None
        event = a_piece()
        yield event
        for number in range(PIECES):
            await asyncio.sleep(PAUSE_S)
            assert await way.take(event, str(number))
        await asyncio.Event().wait()


async def _follow(model: TimedModel, way: ShortWay) -> None:
    with shown(way):
        async with call_of().stream(model) as events:
            async for event in events:
                way.reached = event


async def test_text_that_takes_it_is_a_sign_of_life_and_silence_is_none(
    far_end: asyncio.Queue[MoreText],
) -> None:
    way = ShortWay(far_end)
    model = TimedModel(Speaking(), first_token_s=60, token_s=TOKEN_S)

    with pytest.raises(TokenTimeoutError):
        await _follow(model, way)

    assert far_end.qsize() == PIECES, "all of it came, though longer than one silence may be"
    assert way.watch is None


async def test_while_the_far_end_is_full_the_model_is_not_late() -> None:
    way = ShortWay(full := asyncio.Queue[MoreText](1))
    model = TimedModel(Speaking(), first_token_s=60, token_s=TOKEN_S)

    async def read_slowly() -> None:
        for _ in range(PIECES):
            await asyncio.sleep(TOKEN_S * 1.5)
            await full.get()

    reading = asyncio.create_task(read_slowly())
    with pytest.raises(TokenTimeoutError):
        await _follow(model, way)

    await reading
    assert full.empty()
