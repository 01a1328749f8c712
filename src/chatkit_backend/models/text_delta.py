"""Which events of a stream are nothing but more text, and how they join.

Two such events join if they are equal in everything but their text and what belongs to each event
alone, so that the joined one says exactly what the two said.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import orjson
from openai.types.chat import ChatCompletionChunk
from openai.types.responses import ResponseStreamEvent

from .server_sent_events import DATA, EVENT_END

Json: TypeAlias = dict[str, object]

CHAT_TEXTS = ("content", "reasoning_content", "reasoning", "refusal")
"""Fields of a chat completion's delta that hold text; the second and third are not OpenAI's."""

RESPONSES_TEXTS = frozenset(
    {
        "response.output_text.delta",
        "response.refusal.delta",
        "response.reasoning_summary_text.delta",
        "response.reasoning_text.delta",
        "response.function_call_arguments.delta",
    }
)
"""Events of the Responses API whose `delta` is a piece of text."""

OF_EACH = ("sequence_number", "obfuscation")
"""Fields that differ from event to event; a joined event has those of its last."""


@dataclass(slots=True)
class TextDelta:
    """An event that is nothing but more text.

    Attributes:
        field: Where the text is.
        rest: The event without its text and without `own`.
        own: What belongs to this event alone.
    """

    field: str
    text: str
    rest: Json
    own: Json

    def joins(self, other: "TextDelta") -> bool:
        """Whether `other`, which comes next, says the same of another piece of text."""
        return self.rest is other.rest or (self.field == other.field and self.rest == other.rest)

    def join(self, other: "TextDelta") -> None:
        """Take the text of `other`."""
        self.text += other.text
        self.own = other.own


DeltaOf: TypeAlias = Callable[[Json], TextDelta | None]
"""The event as a delta, if it is nothing but more text. What it is given becomes the rest."""

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"')
"""A string of JSON."""


class DeltaParser:
    """Reads the deltas of one stream.

    One token's bytes are the last one's but for the text, where nothing else belongs to each event
    alone: then only the text is parsed, of all the events of a read together. Not if the read has
    anything else: a comment, another field of the event stream, an event of another kind.
    """

    def __init__(self, delta_of: DeltaOf) -> None:
        self._delta_of = delta_of
        self._before = self._behind = b""
        self._last: TextDelta | None = None

    def parse_all(self, events: bytes) -> TextDelta | None:
        """Whole events as one delta, if all of them are like the last one; else None.

        No string of JSON holds a line break, so what is split here are events. Of one that is JSON
        and like the last, only a single value is left then. Of two that are no JSON it may make a
        text, where each by itself would be refused.
        """
        last, before, behind = self._last, self._before, self._behind
        if last is None or not (events.startswith(before) and events.endswith(behind)):
            return None
        values = events[len(before) : len(events) - len(behind)].split(behind + EVENT_END + before)
        try:
            texts = orjson.loads(b"[%b]" % b",".join(values))
            text = "".join(texts)
        except (orjson.JSONDecodeError, TypeError):  # more than a value; not a string
            return None
        return TextDelta(last.field, text, last.rest, {}) if len(texts) == len(values) else None

    def parse(self, data: bytes) -> TextDelta | None:
        """The event as a delta, or None if it is more than text, or no JSON."""
        try:
            event: object = orjson.loads(data)
        except orjson.JSONDecodeError:
            return None
        delta = self._delta_of(event) if isinstance(event, dict) else None
        self._last = None
        if delta is not None and not delta.own:
            self._remember(data, delta)
        return delta

    def _remember(self, data: bytes, delta: TextDelta) -> None:
        name = b'"%s":' % delta.field.encode()
        start = data.find(name) + len(name)
        start += data[start : start + 1] == b" "
        string = _STRING.match(data, start)
        # Where the name stands elsewhere in the event too, each event is parsed.
        if string is not None and data.count(name) == 1:
            self._last = delta
            self._before, self._behind = DATA + data[:start], data[string.end() :]


def chat_delta(event: Json) -> TextDelta | None:
    """The text of a chunk of a chat completion, if that is all that it brings. Takes `event`."""
    choices = event.get("choices")
    if not isinstance(choices, list) or len(choices) != 1 or not isinstance(choices[0], dict):
        return None
    choice, delta = choices[0], choices[0].get("delta")
    if not isinstance(delta, dict) or event.get("usage") or event.get("error"):
        return None
    if choice.get("index") != 0 or choice.get("finish_reason") or choice.get("logprobs"):
        return None
    news = [name for name, value in delta.items() if value and name != "role"]
    if len(news) != 1 or news[0] not in CHAT_TEXTS or not isinstance(delta[news[0]], str):
        return None
    field = news[0]
    text, delta[field] = delta[field], ""
    return TextDelta(field, text, event, _own(event))


def responses_delta(event: Json) -> TextDelta | None:
    """The text of an event of the Responses API, if that is all that it brings. Takes `event`."""
    if event.get("type") not in RESPONSES_TEXTS or event.get("logprobs") or event.get("error"):
        return None
    text = event.get("delta")
    if not isinstance(text, str):
        return None
    event["delta"] = ""
    return TextDelta("delta", text, event, _own(event))


def chat_chunk_with(chunk: ChatCompletionChunk, delta: TextDelta) -> ChatCompletionChunk:
    """A copy of `chunk`, which was built of `delta.rest`, with the delta's text."""
    choice = chunk.choices[0]
    inner = choice.delta.model_copy(update={delta.field: delta.text})
    choice = choice.model_copy(update={"delta": inner})
    return chunk.model_copy(update={"choices": [choice], **delta.own})


def responses_event_with(event: ResponseStreamEvent, delta: TextDelta) -> ResponseStreamEvent:
    """A copy of `event`, which was built of `delta.rest`, with the delta's text."""
    return event.model_copy(update={delta.field: delta.text, **delta.own})


def _own(event: Json) -> Json:
    return {name: event.pop(name) for name in OF_EACH if name in event}
