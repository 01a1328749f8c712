"""How a stream ends, made plain: a cut answer is an answer, a failed one raises."""

import re

from agents import ModelBehaviorError, ModelResponse
from agents.items import TResponseStreamEvent
from openai.types.responses import (
    Response,
    ResponseCompletedEvent,
    ResponseErrorEvent,
    ResponseFailedEvent,
    ResponseIncompleteEvent,
    ResponseOutputMessage,
)

from .call import Events, ModelCall, WrappedModel
from .drain import drain
from .errors import ModelStreamError


class TerminalModel(WrappedModel):
    """Ends every stream with `response.completed` or an exception.

    - `response.incomplete` because of MAX_TOKENS, with text: completed. The Agents SDK (0.24) fails
      such a run on the Responses API, and completes it on chat completions.
    - `response.failed`, `error`, any other `response.incomplete`, and a stream that just ends:
      `ModelStreamError`. The Agents SDK's own error has the code only inside its message.
    """

    async def respond(self, call: ModelCall) -> ModelResponse:
        """Return the answer. Raises: ModelStreamError."""
        try:
            return await call.respond(self._inner)
        except ModelBehaviorError as exc:
            # The Agents SDK keeps neither the response nor its error but in this text.
            ended = re.search(r"terminal event .*?(?:code|reason)='(\w+)'(.*)", exc.message)
            if ended is None:
                raise
            raise ModelStreamError(ended[1], ended[2].strip(" ,.;()")) from None

    async def stream(self, call: ModelCall) -> Events:
        """Yield the inner model's events. Raises: ModelStreamError."""
        async with call.stream(self._inner) as events:
            async for event in events:
                last = _completed(event)
                yield last or event
                if last is not None:
                    await drain(events)
                    return
        raise ModelStreamError("stream_cut", "the stream ended before the answer did")


def _completed(event: TResponseStreamEvent) -> ResponseCompletedEvent | None:
    """The event that completes a stream, or None while it goes on. Raises: ModelStreamError."""
    match event:
        case ResponseCompletedEvent():
            return event
        case ResponseIncompleteEvent(response=response):
            if not _is_cut_answer(response):
                details = response.incomplete_details
                reason = (details.reason if details else None) or "incomplete"
                raise ModelStreamError(reason, f"the answer ended early: {reason}")
            return ResponseCompletedEvent(
                type="response.completed",
                response=response,
                sequence_number=event.sequence_number,
            )
        case ResponseFailedEvent(response=Response(error=error)):
            if error is None:
                raise ModelStreamError("response_failed", "the provider gave no reason")
            raise ModelStreamError(error.code, error.message)
        case ResponseErrorEvent():
            raise ModelStreamError(event.code or "error", event.message)
        case _:
            return None


def _is_cut_answer(response: Response) -> bool:
    """Whether MAX_TOKENS ended a message. Half a tool call is no answer, nor is only reasoning."""
    details = response.incomplete_details
    if details is None or details.reason != "max_output_tokens" or not response.output:
        return False
    return isinstance(response.output[-1], ResponseOutputMessage)
