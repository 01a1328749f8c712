"""The events of a response, in the Responses API's shape and order."""

import time
from collections.abc import Iterable, Iterator
from itertools import count
from uuid import uuid4

from agents.items import TResponseOutputItem, TResponseStreamEvent
from openai.types.responses import (
    Response,
    ResponseCompletedEvent,
    ResponseContentPartAddedEvent,
    ResponseContentPartDoneEvent,
    ResponseCreatedEvent,
    ResponseFunctionCallArgumentsDeltaEvent,
    ResponseFunctionCallArgumentsDoneEvent,
    ResponseFunctionToolCall,
    ResponseInProgressEvent,
    ResponseOutputItemAddedEvent,
    ResponseOutputItemDoneEvent,
    ResponseOutputMessage,
    ResponseOutputText,
    ResponseTextDeltaEvent,
    ResponseTextDoneEvent,
    ResponseUsage,
)
from openai.types.responses.response_usage import InputTokensDetails, OutputTokensDetails

Event = TResponseStreamEvent


class ResponseWriter:
    """Writes one response: `begin`, then any number of texts and calls, then `complete`.

    Every id is new. Source: OpenAI's reference of streaming events of the Responses API.
    """

    def __init__(self, model: str) -> None:
        """Start a response by `model`."""
        self._numbers = count()
        self._message_id = ""
        self._pieces: list[str] = []
        self._response = Response(
            id=new_id("resp"),
            created_at=time.time(),
            model=model,
            object="response",
            output=[],
            parallel_tool_calls=True,
            status="in_progress",
            tool_choice="auto",
            tools=[],
        )

    @property
    def id(self) -> str:
        """The response's id."""
        return self._response.id

    @property
    def output(self) -> list[TResponseOutputItem]:
        """The items that are complete."""
        return self._response.output

    def begin(self) -> Iterator[Event]:
        """The events that confirm the request."""
        snapshot = self._response.model_copy(deep=True)
        yield ResponseCreatedEvent(
            type="response.created", response=snapshot, sequence_number=next(self._numbers)
        )
        yield ResponseInProgressEvent(
            type="response.in_progress", response=snapshot, sequence_number=next(self._numbers)
        )

    def text(self, pieces: Iterable[str]) -> Iterator[Event]:
        """A message, one delta for each piece."""
        yield from self.open_text()
        for piece in pieces:
            yield self.add_text(piece)
        yield from self.close_text()

    def open_text(self) -> Iterator[Event]:
        """Begin a message."""
        self._message_id, self._pieces = new_id("msg"), []
        yield ResponseOutputItemAddedEvent(
            type="response.output_item.added",
            item=ResponseOutputMessage(
                id=self._message_id,
                type="message",
                role="assistant",
                status="in_progress",
                content=[],
            ),
            output_index=len(self.output),
            sequence_number=next(self._numbers),
        )
        yield ResponseContentPartAddedEvent(
            type="response.content_part.added",
            part=_part(""),
            item_id=self._message_id,
            output_index=len(self.output),
            content_index=0,
            sequence_number=next(self._numbers),
        )

    def add_text(self, piece: str) -> Event:
        """Go on with the message."""
        self._pieces.append(piece)
        return ResponseTextDeltaEvent(
            type="response.output_text.delta",
            delta=piece,
            logprobs=[],
            item_id=self._message_id,
            output_index=len(self.output),
            content_index=0,
            sequence_number=next(self._numbers),
        )

    def close_text(self) -> Iterator[Event]:
        """End the message."""
        text = "".join(self._pieces)
        yield ResponseTextDoneEvent(
            type="response.output_text.done",
            text=text,
            logprobs=[],
            item_id=self._message_id,
            output_index=len(self.output),
            content_index=0,
            sequence_number=next(self._numbers),
        )
        yield ResponseContentPartDoneEvent(
            type="response.content_part.done",
            part=_part(text),
            item_id=self._message_id,
            output_index=len(self.output),
            content_index=0,
            sequence_number=next(self._numbers),
        )
        yield self._done(
            ResponseOutputMessage(
                id=self._message_id,
                type="message",
                role="assistant",
                status="completed",
                content=[_part(text)],
            )
        )

    def function_call(self, name: str, arguments: str) -> Iterator[Event]:
        """A call of a function tool or a handoff.

        Args:
            name: The tool's name.
            arguments: A JSON object as text.
        """
        call = ResponseFunctionToolCall(
            id=new_id("fc"),
            call_id=new_id("call"),
            type="function_call",
            name=name,
            arguments="",
            status="in_progress",
        )
        item_id, index = str(call.id), len(self.output)
        yield ResponseOutputItemAddedEvent(
            type="response.output_item.added",
            item=call,
            output_index=index,
            sequence_number=next(self._numbers),
        )
        yield ResponseFunctionCallArgumentsDeltaEvent(
            type="response.function_call_arguments.delta",
            delta=arguments,
            item_id=item_id,
            output_index=index,
            sequence_number=next(self._numbers),
        )
        yield ResponseFunctionCallArgumentsDoneEvent(
            type="response.function_call_arguments.done",
            arguments=arguments,
            item_id=item_id,
            output_index=index,
            sequence_number=next(self._numbers),
        )
        yield self._done(call.model_copy(update={"arguments": arguments, "status": "completed"}))

    def complete(self, usage: ResponseUsage) -> ResponseCompletedEvent:
        """The last event, with the whole response."""
        done = self._response.model_copy(
            update={"status": "completed", "usage": usage, "output": list(self.output)}
        )
        return ResponseCompletedEvent(
            type="response.completed", response=done, sequence_number=next(self._numbers)
        )

    def _done(self, item: TResponseOutputItem) -> Event:
        self.output.append(item)
        return ResponseOutputItemDoneEvent(
            type="response.output_item.done",
            item=item,
            output_index=len(self.output) - 1,
            sequence_number=next(self._numbers),
        )


def new_id(prefix: str) -> str:
    """A new id with 122 random bits, such as `msg_5f0c…`."""
    return f"{prefix}_{uuid4().hex}"


def usage_of(input_tokens: int, output_tokens: int) -> ResponseUsage:
    """Usage without cached and without reasoning tokens."""
    return ResponseUsage(
        input_tokens=input_tokens,
        input_tokens_details=InputTokensDetails(cached_tokens=0, cache_write_tokens=0),
        output_tokens=output_tokens,
        output_tokens_details=OutputTokensDetails(reasoning_tokens=0),
        total_tokens=input_tokens + output_tokens,
    )


def _part(text: str) -> ResponseOutputText:
    return ResponseOutputText(type="output_text", text=text, annotations=[])
