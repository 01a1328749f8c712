"""Trying again, as long as nothing of the answer was seen."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

from agents import Model, ModelResponse

from .call import Events, ModelCall, WrappedModel
from .failures import explain
from .prelude import from_first_output
from .retry_after import retry_after_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """How long to wait before a retry: twice as long each time, with jitter.

    Attributes:
        first_s: Seconds before the first retry, before jitter.
        most_s: The longest wait in seconds; a longer `Retry-After` is cut to it, because somebody
            is waiting for the answer.
        jitter: The share of the wait that is random, so that clients which failed together do not
            come back together.
    """

    first_s: float = 0.5
    most_s: float = 20.0
    jitter: float = 0.5

    def wait_s(self, retry: int, asked_s: float | None, chance: float) -> float:
        """Seconds to wait before the `retry`-th retry (from 0).

        Args:
            retry: How many retries there were.
            asked_s: What the provider asked for, which counts instead.
            chance: A random number in [0, 1).
        """
        if asked_s is not None:
            return min(asked_s, self.most_s)
        full = min(self.first_s * 2.0**retry, self.most_s)
        return full * (1 - self.jitter * chance)


class RetriedModel(WrappedModel):
    """Tries again after a failure that may pass, until the first output was handed on.

    Events before the first output are held back, so that a retry cannot be seen.
    """

    def __init__(
        self,
        inner: Model,
        *,
        retries: int,
        backoff: Backoff | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Wrap `inner`.

        Args:
            inner: The model to ask.
            retries: Tries after the first.
            backoff: How long to wait between them.
            sleep: Waits the given number of seconds.
            chance: A source of random numbers in [0, 1).
        """
        super().__init__(inner)
        self._retries = retries
        self._backoff = backoff or Backoff()
        self._sleep = sleep
        self._chance = chance

    async def respond(self, call: ModelCall) -> ModelResponse:
        """Return the answer. Raises: the last failure."""
        for retry in range(self._retries):
            try:
                return await call.respond(self._inner)
            except Exception as exc:  # noqa: BLE001  `_pause` raises what cannot be retried
                await self._pause(exc, retry)
        return await call.respond(self._inner)

    async def stream(self, call: ModelCall) -> Events:
        """Yield the answer's events. Raises: the last failure, or the first after an output."""
        for retry in range(self._retries + 1):
            begun = False
            try:
                async with (
                    call.stream(self._inner) as events,
                    aclosing(from_first_output(events)) as seen,
                ):
                    async for event in seen:
                        begun = True
                        yield event
            except Exception as exc:
                if begun or retry == self._retries:
                    raise
                await self._pause(exc, retry)
            else:
                return

    async def _pause(self, exc: Exception, retry: int) -> None:
        """Wait before the next try. Raises: `exc` if another try would fail alike."""
        failure = explain(exc)
        if failure is None or not failure.retryable:
            raise exc
        await self._sleep(self._backoff.wait_s(retry, retry_after_s(exc), self._chance()))
