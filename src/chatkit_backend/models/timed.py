"""Timeouts of an answer: until it begins, and between its parts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

from agents import Model, ModelResponse

from .call import Events, ModelCall, WrappedModel
from .errors import FirstTokenTimeoutError, TokenTimeoutError
from .prelude import PRELUDE
from .short_way import SHORT_WAY


class TimedModel(WrappedModel):
    """Ends an answer that does not begin, or that falls silent, and closes its HTTP stream."""

    def __init__(self, inner: Model, *, first_token_s: float, token_s: float) -> None:
        """Wrap `inner`.

        Args:
            inner: The model to watch.
            first_token_s: Seconds from the call to the first output. Events that merely confirm the
                request (`response.created`) are not output. An answer that is not streamed is one
                output and has this time as a whole.
            token_s: Seconds of silence that are allowed after that.
        """
        super().__init__(inner)
        self._first_token_s = first_token_s
        self._token_s = token_s

    async def respond(self, call: ModelCall) -> ModelResponse:
        """Return the answer. Raises: FirstTokenTimeoutError."""
        limit = asyncio.timeout(self._first_token_s)
        try:
            async with limit:
                return await call.respond(self._inner)
        except TimeoutError:
            if not limit.expired():
                raise
            raise FirstTokenTimeoutError(self._first_token_s) from None

    async def stream(self, call: ModelCall) -> Events:
        """Yield the answer's events. Raises: FirstTokenTimeoutError, TokenTimeoutError."""
        begun = False
        watch = _Watch(self._token_s)
        try:
            async with call.stream(self._inner) as events, watch.limit:
                watch.until(self._first_token_s)
                with _on_short_way(watch):
                    async for event in events:
                        left_s = watch.left_s
                        watch.pause()  # while the event is used
                        yield event
                        begun = begun or event.type not in PRELUDE
                        watch.until(self._token_s if begun else left_s)
        except TimeoutError:
            if not watch.limit.expired():
                raise
            raise self._silence(begun=begun) from None
        finally:
            watch.close()

    def _silence(self, *, begun: bool) -> FirstTokenTimeoutError | TokenTimeoutError:
        return (
            TokenTimeoutError(self._token_s)
            if begun
            else FirstTokenTimeoutError(self._first_token_s)
        )


def _on_short_way(watch: "_Watch") -> AbstractContextManager[None]:
    way = SHORT_WAY.get()
    return nullcontext() if way is None else way.watched(watch)


class _Watch:
    """A timeout that costs next to nothing to put off: its timer only looks, and looks again.

    One `asyncio.timeout` that is rescheduled for each event took a tenth of a token's CPU.

    Attributes:
        limit: The timeout that it lets expire.
    """

    def __init__(self, token_s: float) -> None:
        self.limit = asyncio.timeout(None)
        self._token_s = token_s
        self._loop = asyncio.get_running_loop()
        self._deadline: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def left_s(self) -> float:
        """Seconds until it expires; none while it pauses."""
        return 0.0 if self._deadline is None else self._deadline - self._loop.time()

    def until(self, left_s: float) -> None:
        """Expire in `left_s` seconds."""
        self._deadline = self._loop.time() + left_s
        if self._timer is None or self._timer.when() > self._deadline:
            self._arm(self._deadline)

    def go_on(self) -> None:
        """Expire when the next token is late."""
        self.until(self._token_s)

    def pause(self) -> None:
        """Do not expire until there is a new time for it."""
        self._deadline = None

    @asynccontextmanager
    async def instead(self) -> AsyncIterator[None]:
        """End this block if it falls silent, and not what is watched otherwise: that rests.

        Raises: TokenTimeoutError.
        """
        outer, self.limit = self.limit, asyncio.timeout(None)
        limit = self.limit
        try:
            async with limit:
                self.go_on()
                yield
        except TimeoutError:
            if not limit.expired():
                raise
            raise TokenTimeoutError(self._token_s) from None
        finally:
            self.pause()
            self.limit = outer

    def close(self) -> None:
        """Watch no more."""
        self._deadline = None
        if self._timer is not None:
            self._timer.cancel()

    def _arm(self, deadline: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(deadline, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._deadline is None:
            return
        if self._deadline > self._loop.time():
            self._arm(self._deadline)
        else:
            self.limit.reschedule(self._deadline)
