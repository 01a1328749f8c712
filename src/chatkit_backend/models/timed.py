"""Timeouts of an answer: until it begins, and between its parts."""

import asyncio

from agents import Model, ModelResponse

from .call import Events, ModelCall, WrappedModel
from .errors import FirstTokenTimeoutError, TokenTimeoutError
from .prelude import PRELUDE


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
        loop = asyncio.get_running_loop()
        begun = False
        limit = asyncio.timeout(self._first_token_s)
        try:
            # One timeout for all events: a new one for each took a tenth of a token's CPU.
            async with call.stream(self._inner) as events, limit:
                async for event in events:
                    deadline = limit.when()
                    limit.reschedule(None)  # the time that the event is used for does not count
                    yield event
                    begun = begun or event.type not in PRELUDE
                    limit.reschedule(loop.time() + self._token_s if begun else deadline)
        except TimeoutError:
            if not limit.expired():
                raise
            raise self._silence(begun=begun) from None

    def _silence(self, *, begun: bool) -> FirstTokenTimeoutError | TokenTimeoutError:
        return (
            TokenTimeoutError(self._token_s)
            if begun
            else FirstTokenTimeoutError(self._first_token_s)
        )
