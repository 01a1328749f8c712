"""The model that answers when none is configured."""

import asyncio
import json
import re
from collections.abc import Iterator

from agents import ModelResponse, Usage
from openai.types.responses import ResponseOutputMessage, ResponseOutputText, ResponseUsage

from .call import CallModel, Events, ModelCall
from .offline_reply import Text, ToolCall, reply_to
from .writer import Event, ResponseWriter, usage_of

CHARS_PER_TOKEN = 4
"""The usual estimate for English text; it is for the usage figures of input alone."""


class OfflineModel(CallModel):
    """Streams Markdown without any network: so that a fresh install can be tried at once.

    It remembers the conversation, calls the agent's tools on `/call tool {json}`, writes N words on
    `/long N`, and says in the first answer of each conversation that it is no language model. One
    word counts as one token for `max_tokens`.
    """

    def __init__(self, *, delay_s: float = 0.01) -> None:
        """Wait `delay_s` seconds before each word, about as fast as a language model."""
        self._delay_s = delay_s

    async def respond(self, call: ModelCall) -> ModelResponse:
        """Return the whole answer at once."""
        writer = ResponseWriter("offline")
        for _ in _output(writer, call):
            pass
        used = _usage(call, writer)
        return ModelResponse(
            output=list(writer.output),
            usage=Usage(
                requests=1,
                input_tokens=used.input_tokens,
                output_tokens=used.output_tokens,
                total_tokens=used.total_tokens,
            ),
            response_id=writer.id,
        )

    async def stream(self, call: ModelCall) -> Events:
        """Yield the answer's events, word by word."""
        writer = ResponseWriter("offline")
        for event in writer.begin():
            yield event
        for event in _output(writer, call):
            if event.type == "response.output_text.delta":
                await asyncio.sleep(self._delay_s)
            yield event
        yield writer.complete(_usage(call, writer))


def _output(writer: ResponseWriter, call: ModelCall) -> Iterator[Event]:
    match reply_to(call):
        case Text(text):
            yield from writer.text(_words(text, call.settings.max_tokens))
        case ToolCall(name, arguments):
            yield from writer.function_call(name, arguments)


def _words(text: str, most: int | None) -> Iterator[str]:
    """Cut `text` into words with the space before them, `most` at most."""
    for number, word in enumerate(re.finditer(r"\s*\S+|\s+$", text)):
        if number == most:
            yield f" … (cut after {most} words: MAX_TOKENS)"
            return
        yield word[0]


def _usage(call: ModelCall, writer: ResponseWriter) -> ResponseUsage:
    given = f"{call.system_instructions or ''}{json.dumps(call.input, default=str)}"
    words = sum(
        len(part.text.split())
        for item in writer.output
        if isinstance(item, ResponseOutputMessage)
        for part in item.content
        if isinstance(part, ResponseOutputText)
    )
    return usage_of(len(given) // CHARS_PER_TOKEN, words)
