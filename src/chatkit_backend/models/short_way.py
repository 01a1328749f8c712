"""The short way of text: from where it is read to the answer, past everything in between.

A piece of text would be handed on by some fifteen wrappers, queues and tasks (ours and the Agents
SDK's), none of which does anything with it; that was half of an answer's CPU.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

from openai.types.responses import ResponseTextDeltaEvent


@dataclass(frozen=True, slots=True)
class MoreText:
    """Text that continues an event's."""

    event: ResponseTextDeltaEvent
    text: str


class Watch(Protocol):
    """Ends an answer that falls silent: `timed.TimedModel`'s."""

    def pause(self) -> None:
        """What follows is not the model's time."""
        ...

    def go_on(self) -> None:
        """The model has just said something."""
        ...


class FarEnd(Protocol):
    """Where the answer waits: an `asyncio.Queue` that also has other things."""

    def full(self) -> bool:
        """Whether `put` has to wait."""
        ...

    async def put(self, item: MoreText, /) -> None:
        """Add text behind what is there."""
        ...


class ShortWay:
    """Leads from a model's stream to the answer that it is for.

    Text takes it only behind a piece that came out of the long way unchanged, so that it never
    comes before what it follows, and never from a model whose events the answer does not see (an
    agent that is a tool of another), or that somebody changes on their way.

    Attributes:
        reached: The newest text event at the end of the long way; None closes the short one.
        watch: What must hear that the model is not silent.
    """

    def __init__(self, far_end: FarEnd) -> None:
        self._far_end = far_end
        self.reached: object = None
        self.watch: Watch | None = None

    async def take(self, event: ResponseTextDeltaEvent, text: str) -> bool:
        """Hand on `text`, which continues `event`; False if it has to go the long way."""
        if self.reached is not event:
            return False
        more, watch = MoreText(event, text), self.watch
        if self._far_end.full() and watch is not None:
            watch.pause()
        await self._far_end.put(more)
        if watch is not None:
            watch.go_on()
        return True

    @contextmanager
    def watched(self, watch: Watch) -> Iterator[None]:
        """Tell `watch` of the text that comes this way while the block lasts."""
        outer, self.watch = self.watch, watch
        try:
            yield
        finally:
            self.watch = outer


SHORT_WAY: ContextVar[ShortWay | None] = ContextVar("short_way", default=None)
"""The way to the answer that this task works for."""


@contextmanager
def shown(way: ShortWay) -> Iterator[None]:
    """Show the way to the models of what is started in the block."""
    token = SHORT_WAY.set(way)
    try:
        yield
    finally:
        SHORT_WAY.reset(token)
