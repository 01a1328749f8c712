"""The `openai` client's streams, with the text of one read in one event.

A model sends each token as an event. Where several have come when the process gets to read them,
they are handed on as one event with all their text; everything else comes through as it is. How
many come together depends on how often one reads, so a busy process pauses between two reads: its
answers get coarser, not late.
"""

import asyncio
import json
from abc import abstractmethod
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from openai import APIError, AsyncStream
from openai.types.chat import ChatCompletionChunk
from openai.types.responses import ResponseStreamEvent
from pydantic import ValidationError
from typing_extensions import override

from .body import Body
from .drain import drain
from .server_sent_events import EventSplitter, EventTooLongError, data_of
from .text_delta import (
    DeltaOf,
    DeltaParser,
    Json,
    TextDelta,
    chat_chunk_with,
    chat_delta,
    responses_delta,
    responses_event_with,
)

T = TypeVar("T")

Read: TypeAlias = Sequence[TextDelta | bytes]
"""The events of one read: deltas, and the data of what is none."""


@dataclass(slots=True)
class NewestStream:
    """The stream that was opened last, for whoever caused it."""

    stream: "MergedStream[Any] | None" = None


NEWEST_STREAM: ContextVar[NewestStream | None] = ContextVar("newest_stream", default=None)
"""Where a new stream leaves itself: the SDK's models do not hand it out."""


class Pacing(Protocol):
    """What models need to know of the event loop: `event_loop.EventLoopLoad`."""

    async def turn(self) -> None:
        """Wait until a request may be built."""
        ...

    @property
    def pause_s(self) -> float:
        """Seconds to wait for more text before the next read; 0 hands on each token as it comes."""
        ...

    def later(self, pause_s: float, call: Callable[[], None]) -> None:
        """Call in about so many seconds."""
        ...


class MergedStream(AsyncStream[T], Generic[T]):
    """What `AsyncStream` yields and raises, adjacent events of nothing but text joined.

    Reads at the pace that its client's `pacing` asks for.
    """

    @override
    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._reader = _Reader(type(self).delta_of)
        self._body = Body(self.response)
        self._held: deque[Read | Exception] = deque()
        self._last_text: TextDelta | None = None
        self._copied: tuple[TextDelta, T] | None = None
        if (newest := NEWEST_STREAM.get()) is not None:
            newest.stream = self

    @staticmethod
    @abstractmethod
    def delta_of(event: Json) -> TextDelta | None:
        """The event as a delta, if it is nothing but more text."""

    @abstractmethod
    def _with_text(self, model: T, delta: TextDelta) -> T:
        """A copy of `model`, which was built of the delta's rest, with its text."""

    async def texts_after(self, text: str) -> AsyncGenerator[str, None]:
        """Read on behind `text`, the last that was yielded, without models, while only text comes.

        The stream goes on with one event of all these texts, then with what ended them. Only for
        use while the stream itself is not being iterated.
        """
        first = self._last_text
        if first is None or first.text != text:
            return
        texts: list[str] = []
        read: Read | Exception = ()
        try:
            while True:
                await self._wait_for_more()
                read = await self._next_read()
                match read:
                    case (TextDelta() as delta,) if first.joins(delta):
                        read = ()
                        texts.append(delta.text)
                        yield delta.text
                    case _:
                        return
        except APIError as exc:
            read = exc
        finally:
            if texts:
                self._held.append((replace(first, text="".join(texts)),))
            self._held.append(read)

    @override
    async def __stream__(self) -> AsyncIterator[T]:
        try:
            while read := await self._next_read():
                for position, found in enumerate(read, start=1):
                    if isinstance(found, TextDelta):
                        self._last_text = found if position == len(read) else None
                        yield self._text(found)
                    elif found.startswith(b"[DONE]"):
                        await drain(self._rest())
                        return
                    else:
                        self._last_text = None
                        yield self._model(json.loads(found))
                if self._last_text is not None:
                    await self._wait_for_more()
        finally:
            await self._body.close()

    async def _next_read(self) -> Read:
        """What the next read that completes an event brings; nothing at the end of the body."""
        while self._held:
            held = self._held.popleft()
            if isinstance(held, Exception):
                raise held
            if held:
                return held
        while chunk := await self._body.read():
            try:
                read = self._reader.read(chunk)
            except EventTooLongError as exc:
                raise APIError(str(exc), request=self.response.request, body=None) from exc
            if read:
                return read
        return ()

    async def _rest(self) -> AsyncGenerator[bytes, None]:
        while chunk := await self._body.read():
            yield chunk

    async def _wait_for_more(self) -> None:
        """Let more come before the next read: it goes on when the time is over, and has all of it.

        Only after text: anything else may be the last that comes, or be waited for.
        """
        pacing: Pacing | None = getattr(self._client, "pacing", None)
        if self._held or self._body.complete:
            return
        if pacing is None or (pause_s := pacing.pause_s) == 0:
            return
        if resume := self._body.hold():
            pacing.later(pause_s, resume)
        else:
            await asyncio.sleep(pause_s)

    def _text(self, delta: TextDelta) -> T:
        # Building a model takes far longer than copying one.
        if self._copied is None or not self._copied[0].joins(delta):
            self._copied = delta, self._model(delta.rest)
        return self._with_text(self._copied[1], delta)

    def _model(self, data: object) -> T:
        """What the client makes of an event's JSON. Raises: APIError if it says that it is one."""
        error = data.get("error") if isinstance(data, dict) else None
        if error:
            message = error.get("message") if isinstance(error, dict) else None
            raise APIError(
                message
                if isinstance(message, str) and message
                else "An error occurred during streaming",
                request=self.response.request,
                body=error,
            )
        return self._client._process_response_data(  # noqa: SLF001  the base class's way
            data=data, cast_to=self._cast_to, response=self.response
        )


class ChatChunkStream(MergedStream[ChatCompletionChunk], AsyncStream[ChatCompletionChunk]):
    """Chunks of a chat completion."""

    @override
    def _model(self, data: object) -> ChatCompletionChunk:
        # The same as the client's way for what is as it should be, in a twentieth of its time.
        if isinstance(data, dict) and "error" not in data:
            with suppress(ValidationError):
                return ChatCompletionChunk.model_validate(data, strict=True)
        return super()._model(data)

    @staticmethod
    @override
    def delta_of(event: Json) -> TextDelta | None:
        return chat_delta(event)

    @override
    def _with_text(self, model: ChatCompletionChunk, delta: TextDelta) -> ChatCompletionChunk:
        return chat_chunk_with(model, delta)


class ResponsesEventStream(MergedStream[ResponseStreamEvent], AsyncStream[ResponseStreamEvent]):
    """Events of the Responses API."""

    @staticmethod
    @override
    def delta_of(event: Json) -> TextDelta | None:
        return responses_delta(event)

    @override
    def _with_text(self, model: ResponseStreamEvent, delta: TextDelta) -> ResponseStreamEvent:
        return responses_event_with(model, delta)


class _Reader:
    """Bytes into events, adjacent deltas joined. No I/O."""

    def __init__(self, delta_of: DeltaOf) -> None:
        self._splitter = EventSplitter()
        self._deltas = DeltaParser(delta_of)

    def read(self, chunk: bytes) -> list[TextDelta | bytes]:
        """The events that `chunk` completes."""
        events = self._splitter.feed(chunk)
        if (text := self._deltas.parse_all(events)) is not None:
            return [text]
        found: list[TextDelta | bytes] = []
        open_delta: TextDelta | None = None
        for data in data_of(events):
            delta = self._deltas.parse(data)
            if delta is None:
                found.append(data)
            elif open_delta is not None and open_delta.joins(delta):
                open_delta.join(delta)
                continue
            else:
                found.append(delta)
            open_delta = delta
        return found
