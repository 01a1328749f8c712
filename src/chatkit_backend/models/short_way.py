"""The short way of text: from where it is read to the answer, past everything in between.

A piece of text would be handed on by some fifteen wrappers, queues and tasks (ours and the Agents
SDK's), none of which does anything with it; that was half of an answer's CPU.
"""

from collections.abc import AsyncGenerator, Iterator
from contextlib import AbstractAsyncContextManager, aclosing, contextmanager, nullcontext
from contextvars import ContextVar
from typing import NamedTuple, Protocol

from openai.types.responses import ResponseTextDeltaEvent
from typing_extensions import override


class MoreText(NamedTuple):
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

    def instead(self) -> AbstractAsyncContextManager[object]:
        """A block that it ends in place of what it watches otherwise, from now on."""
        ...


class TextSource(Protocol):
    """Where text is read: `merged_stream.MergedStream`."""

    def texts_after(self, text: str) -> AsyncGenerator[str, None]:
        """The texts that follow `text`, while only text comes."""
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
    """Leads from a model's stream to the answer that it is for: the base of two kinds.

    Text takes it only behind a piece that came out of the long way unchanged, so that it never
    comes before what it follows, and never from a model whose events the answer does not see (an
    agent that is a tool of another), or that somebody changes on their way.

    Attributes:
        watch: What must hear that the model is not silent.
    """

    def __init__(self) -> None:
        self.watch: Watch | None = None

    def lend(self, event: ResponseTextDeltaEvent, source: TextSource) -> None:
        """Let the far end read `source` itself, from when it has `event` until it wants more."""

    def given_back(self) -> str:
        """What the far end has read meanwhile."""
        return ""

    async def take(self, event: ResponseTextDeltaEvent, text: str) -> bool:  # noqa: ARG002
        """Hand on `text`, which continues `event`; False if it has to go the long way."""
        return False

    @contextmanager
    def watched(self, watch: Watch) -> Iterator[None]:
        """Tell `watch` of the text that comes this way while the block lasts."""
        outer, self.watch = self.watch, watch
        try:
            yield
        finally:
            self.watch = outer


class PushedWay(ShortWay):
    """To an answer that waits at a queue, because others write to it too.

    Attributes:
        reached: The newest text event at the end of the long way; None closes the short one.
    """

    def __init__(self, far_end: FarEnd) -> None:
        super().__init__()
        self._far_end = far_end
        self.reached: object = None

    @override
    async def take(self, event: ResponseTextDeltaEvent, text: str) -> bool:
        """See `ShortWay.take`."""
        if self.reached is not event:
            return False
        more, watch = MoreText(event, text), self.watch
        if self._far_end.full() and watch is not None:
            watch.pause()
        await self._far_end.put(more)
        if watch is not None:
            watch.go_on()
        return True


class PulledWay(ShortWay):
    """To an answer that asks the model itself, and so may as well ask where the text is read."""

    def __init__(self) -> None:
        super().__init__()
        self._lent: tuple[ResponseTextDeltaEvent, TextSource] | None = None
        self._read: list[str] = []

    @override
    def lend(self, event: ResponseTextDeltaEvent, source: TextSource) -> None:
        """See `ShortWay.lend`."""
        self._lent = event, source

    @override
    def given_back(self) -> str:
        """See `ShortWay.given_back`."""
        text, self._lent = "".join(self._read), None
        self._read.clear()
        return text

    async def more(self, event: object) -> AsyncGenerator[MoreText, None]:
        """Read the text that continues `event`, while only text comes.

        Nothing unless `event` is the newest, and came as it was lent.

        Raises: TokenTimeoutError. What else may happen on the way, the long one raises.
        """
        if self._lent is None or self._lent[0] is not event:
            return
        (before, source), watch = self._lent, self.watch
        async with (
            nullcontext() if watch is None else watch.instead(),
            aclosing(source.texts_after(before.delta)) as texts,
        ):
            async for text in texts:
                self._read.append(text)
                if watch is None:
                    yield MoreText(before, text)
                    continue
                watch.pause()
                yield MoreText(before, text)
                watch.go_on()


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
