"""A model for tests that plays a script, without a network."""

import asyncio
import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TypeAlias

from agents import ModelResponse, Usage

from chatkit_backend.models.call import CallModel, Events, ModelCall
from chatkit_backend.models.writer import Event, ResponseWriter, usage_of

from .model_replies import words


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a function tool or a handoff. `arguments` as text may be broken JSON."""

    name: str
    arguments: Mapping[str, object] | str = field(default_factory=dict)


Part: TypeAlias = str | ToolCall | Event | BaseException | asyncio.Event
"""Text (word by word; texts in a row are one message), a call, a response event as it is, an
exception to raise, or an `asyncio.Event` to wait for."""

Turn: TypeAlias = Part | tuple[Part, ...]
"""One answer of the model."""


class ScriptedModel(CallModel):
    """Plays one turn of a script for each call, and remembers the calls.

    ```python
    gate = asyncio.Event()
    model = ScriptedModel([ToolCall("add", {"a": 1, "b": 2}), ("It is", gate, " 3.")])
    agent = Agent(name="adder", tools=[add], model=model)
    ```

    The events have the Responses API's shape and order, with ids of their own. Unlike the Agents
    SDK's `agents.testing.ScriptedModel` it can pause in the middle of an answer.

    Attributes:
        calls: Every call, oldest first.
    """

    def __init__(self, script: Iterable[Turn] = (), *, usage: tuple[int, int] = (10, 5)) -> None:
        """Take the turns, and the usage of each (input and output tokens)."""
        self.calls: list[ModelCall] = []
        self._script = deque(script)
        self._usage = usage_of(*usage)

    def add(self, *turns: Turn) -> None:
        """Append turns."""
        self._script.extend(turns)

    def play_next(self, turn: Turn) -> None:
        """Put a turn before the others."""
        self._script.appendleft(turn)

    async def respond(self, call: ModelCall) -> ModelResponse:
        """Play the next turn and return its items. Raises: what the turn raises, or IndexError."""
        writer = ResponseWriter("scripted")
        async for _ in self._play(call, writer):
            pass
        return ModelResponse(
            output=list(writer.output),
            usage=Usage(
                requests=1,
                input_tokens=self._usage.input_tokens,
                output_tokens=self._usage.output_tokens,
                total_tokens=self._usage.total_tokens,
            ),
            response_id=writer.id,
        )

    async def stream(self, call: ModelCall) -> Events:
        """Play the next turn. Raises: what the turn raises, or IndexError behind the script."""
        writer = ResponseWriter("scripted")
        for event in writer.begin():
            yield event
        async with aclosing(self._play(call, writer)) as events:
            async for event in events:
                yield event
        yield writer.complete(self._usage)

    async def _play(self, call: ModelCall, writer: ResponseWriter) -> Events:
        self.calls.append(call)
        if not self._script:
            raise IndexError(f"the script has no turn for call {len(self.calls)}; add one")
        turn = self._script.popleft()
        writing = False
        for part in turn if isinstance(turn, tuple) else (turn,):
            if isinstance(part, asyncio.Event):
                await part.wait()
                continue
            if isinstance(part, BaseException):
                raise part
            opening = isinstance(part, str) and not writing
            closing = writing and not isinstance(part, str)
            writing = isinstance(part, str)
            for event in _written(writer, part, opening=opening, closing=closing):
                yield event
        if writing:
            for event in writer.close_text():
                yield event


def _written(
    writer: ResponseWriter, part: str | ToolCall | Event, *, opening: bool, closing: bool
) -> Iterator[Event]:
    if closing:
        yield from writer.close_text()
    if opening:
        yield from writer.open_text()
    if isinstance(part, str):
        yield from map(writer.add_text, words(part))
    elif isinstance(part, ToolCall):
        given = part.arguments
        arguments = given if isinstance(given, str) else json.dumps(dict(given))
        yield from writer.function_call(part.name, arguments)
    else:
        yield part
