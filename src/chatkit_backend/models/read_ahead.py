"""A short way for text, which is nearly all of every answer."""

from collections.abc import AsyncIterator
from contextlib import aclosing

from agents.items import TResponseStreamEvent
from openai.types.responses import ResponseTextDeltaEvent

from .call import Events, ModelCall, WrappedModel
from .merged_stream import NEWEST_STREAM, NewestStream
from .short_way import SHORT_WAY


class ReadAheadModel(WrappedModel):
    """Yields what the inner model yields, its text by a shorter way.

    Goes around one of the Agents SDK's models with a client that opens `MergedStream`s. Once that
    model has yielded a piece of a message, the pieces that follow are read from the stream itself,
    and the model rests. Before anything else comes it is given all these pieces as one, so that it
    knows the whole message, and the event that it makes of them is dropped. What the Agents SDK
    does for each piece was the largest part of a token's CPU. Where there is a `ShortWay` to the
    answer, the pieces take it.
    """

    async def stream(self, call: ModelCall) -> Events:
        """Yield the inner model's events."""
        opened, ahead, way = NewestStream(), "", SHORT_WAY.get()
        async with self.prepared(call).stream(self._inner) as events:
            while (event := await _next(events, opened)) is not None:
                if not isinstance(event, ResponseTextDeltaEvent):
                    yield event
                    continue
                if ahead and event.delta == ahead:
                    ahead = ""
                    continue
                if opened.stream is not None and way is not None:
                    way.lend(event, opened.stream)
                yield event
                if way is not None and (ahead := way.given_back()):
                    continue
                if opened.stream is None:
                    continue
                async with aclosing(opened.stream.texts_after(event.delta)) as texts:
                    async for text in texts:
                        ahead += text
                        if way is not None and await way.take(event, text):
                            continue
                        news = {"delta": text, "sequence_number": event.sequence_number + 1}
                        event = event.model_copy(update=news)
                        yield event


async def _next(
    events: AsyncIterator[TResponseStreamEvent], opened: NewestStream
) -> TResponseStreamEvent | None:
    """The next event, or None at the end; the stream that is opened for it is left in `opened`."""
    NEWEST_STREAM.set(opened if opened.stream is None else None)
    try:
        return await anext(events, None)
    finally:
        # Not for what runs between two events: a tool may have a model of its own.
        NEWEST_STREAM.set(None)
