"""Noticing that nothing has come for a while, at no cost while something comes."""

import asyncio


class Silence:
    """Ends waits when nothing was said for `idle_s` seconds.

    One timer for a whole stream: it looks when it is due whether there was silence, and is set for
    the rest if not. A timeout for each wait costs more than what is waited for.
    """

    def __init__(self, idle_s: float | None) -> None:
        """Begin to watch; None never ends a wait."""
        self._loop = asyncio.get_running_loop()
        self._spoken = self._loop.time()
        self._waiting: asyncio.Future[None] | None = None
        self._came = True
        self._timer: asyncio.TimerHandle | None = None
        if idle_s is not None:
            self._arm(idle_s, idle_s)

    async def ended_by(self, change: "asyncio.Future[None]") -> bool:
        """Wait for `change`; say whether it came, and not only more silence."""
        self._waiting = change
        self._came = True
        await change
        self._waiting = None
        self._spoken = self._loop.time()
        return self._came

    def close(self) -> None:
        """Stop watching."""
        if self._timer is not None:
            self._timer.cancel()

    def _arm(self, delay_s: float, idle_s: float) -> None:
        self._timer = self._loop.call_later(delay_s, self._look, idle_s)

    def _look(self, idle_s: float) -> None:
        left_s = self._spoken + idle_s - self._loop.time()
        if left_s <= 0:
            self._spoken = self._loop.time()
            if self._waiting is not None and not self._waiting.done():
                self._came = False
                self._waiting.set_result(None)
            left_s = idle_s
        self._arm(left_s, idle_s)
