"""Text on the short way: never too early, and a sign of life."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from openai.types.responses import ResponseTextDeltaEvent
from tests.integration.models.asking import call_of

from chatkit_backend.models import TimedModel, TokenTimeoutError
from chatkit_backend.models.call import Events, ModelCall, WrappedModel
from chatkit_backend.models.short_way import SHORT_WAY, MoreText, PulledWay, PushedWay, shown
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
    way, event = PushedWay(far_end), a_piece()

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


async def _follow(model: TimedModel, way: PushedWay) -> None:
    with shown(way):
        async with call_of().stream(model) as events:
            async for event in events:
                way.reached = event


async def test_text_that_takes_it_is_a_sign_of_life_and_silence_is_none(
    far_end: asyncio.Queue[MoreText],
) -> None:
    way = PushedWay(far_end)
    model = TimedModel(Speaking(), first_token_s=60, token_s=TOKEN_S)

    with pytest.raises(TokenTimeoutError):
        await _follow(model, way)

    assert far_end.qsize() == PIECES, "all of it came, though longer than one silence may be"
    assert way.watch is None


async def test_while_the_far_end_is_full_the_model_is_not_late() -> None:
    way = PushedWay(full := asyncio.Queue[MoreText](1))
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


class Lending(WrappedModel):
    """Says one piece the long way, and lends what it says then; which comes to an end, or not."""

    def __init__(self, *, ends: bool = True) -> None:
        super().__init__(ScriptedModel([]))
        self._ends = ends
        self.given_back = ""

    async def stream(self, call: ModelCall) -> Events:
        way = SHORT_WAY.get()
        assert way is not None
        event = a_piece()
        way.lend(event, self)
        yield event
        self.given_back = way.given_back()
        yield a_piece("the last")

    async def texts_after(self, text: str) -> AsyncGenerator[str, None]:
        assert text == "one"
        for number in range(PIECES):
            await asyncio.sleep(PAUSE_S)
            yield str(number)
        if not self._ends:
            await asyncio.Event().wait()


class TestPulledWay:
    """To an answer that reads the text itself."""

    @staticmethod
    async def read(inner: Lending, *, pause_s: float = 0) -> list[str]:
        """All that comes, by a reader who takes so long for each piece."""
        way = PulledWay()
        model = TimedModel(inner, first_token_s=60, token_s=TOKEN_S)
        found: list[str] = []
        async with call_of().stream(model) as events:
            with shown(way):
                event = await anext(events, None)
            while event is not None:
                assert isinstance(event, ResponseTextDeltaEvent)
                found.append(event.delta)
                async for more in way.more(event):
                    assert more.event is event
                    found.append(more.text)
                    await asyncio.sleep(pause_s)
                event = await anext(events, None)
        assert way.watch is None
        return found

    async def test_what_was_read_there_is_known_here(self) -> None:
        model = Lending()
        texts = [str(number) for number in range(PIECES)]
        assert await self.read(model) == ["one", *texts, "the last"]
        assert model.given_back == "".join(texts)

    async def test_it_is_a_sign_of_life_and_silence_is_none(self) -> None:
        with pytest.raises(TokenTimeoutError):
            await self.read(Lending(ends=False))

    async def test_while_it_is_used_the_model_is_not_late(self) -> None:
        assert len(await self.read(Lending(), pause_s=TOKEN_S * 1.5)) == PIECES + 2

    async def test_nothing_takes_it_behind_another_event(self) -> None:
        way, model = PulledWay(), Lending()
        way.lend(a_piece(), model)
        assert [more async for more in way.more(a_piece())] == []
        assert [more async for more in way.more(None)] == []
        assert way.given_back() == ""

    async def test_a_cancellation_is_no_silence(self) -> None:
        reading = asyncio.create_task(self.read(Lending(ends=False)))
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
