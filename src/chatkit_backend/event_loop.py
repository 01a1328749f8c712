"""How much the event loop has to do."""

import asyncio
import time
from collections import deque
from collections.abc import Callable

EVERY_S = 0.05
"""Seconds between two looks at the loop."""

WEIGHT = 0.25
"""The weight of the newest look in the averages: they follow a change within about 0.2 s."""

MOST_PAUSE_S = 0.12
"""The longest pause: the age that text may reach on purpose."""

TICK_S = 0.005
"""Pauses end together, so many seconds apart."""

LEAST_OF_MOST = 0.75
"""The share of it that is left at any lag."""

FREE_BUSY, FULL_BUSY = 0.4, 0.75
"""Shares of the loop's time: below the first there is no pause, from the second on the longest."""

FREE_LAG_MS, FULL_LAG_MS = 10.0, 50.0
"""The same for the lag, which also tells of a loop whose thread does not get its processor."""


class EventLoopLoad:
    """Watches the running event loop: how late its timers are and how much of its time it computes.

    It answers one question for those who can choose between many small steps and a few large ones:
    how long to wait for more (`pause_s`). An idle loop says 0. Before `start` and after `stop` the
    loop counts as idle.
    """

    def __init__(self) -> None:
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._looked = 0.0
        self._computed = 0.0
        self._lag_s = 0.0
        self._busy = 0.0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._turning = False
        self._calls: dict[int, list[Callable[[], None]]] = {}

    @property
    def lag_ms(self) -> float:
        """How late timers are, in milliseconds, lately."""
        return self._lag_s * 1000

    @property
    def busy(self) -> float:
        """The share of time in which the loop's thread computes, from 0 to 1, lately."""
        return self._busy

    @property
    def pause_s(self) -> float:
        """Seconds to wait for more before the next step: 0 unless the loop is busy.

        The lag comes on top of every pause, so it is taken off, but not to nothing: the pauses are
        what lets a loop that is behind catch up.
        """
        pressure = max(
            (self._busy - FREE_BUSY) / (FULL_BUSY - FREE_BUSY),
            (self.lag_ms - FREE_LAG_MS) / (FULL_LAG_MS - FREE_LAG_MS),
        )
        most_s = max(MOST_PAUSE_S - self._lag_s, LEAST_OF_MOST * MOST_PAUSE_S)
        return most_s * min(max(pressure, 0.0), 1.0)

    async def turn(self) -> None:
        """Wait until it is this caller's turn to begin something large: one a turn of the loop.

        First come, first served; without others, at once. Many that begin at the same moment would
        otherwise each take their step in one turn of the loop, and everything else would wait for
        all of them.
        """
        loop = asyncio.get_running_loop()
        if not self._turning:
            self._turning = True
            loop.call_soon(self._next_turn, loop)
            return
        mine = loop.create_future()
        self._waiting.append(mine)
        await mine

    def _next_turn(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():  # it is if its caller was cancelled
                waiting.set_result(None)
                loop.call_soon(self._next_turn, loop)
                return
        self._turning = False

    def later(self, pause_s: float, call: Callable[[], None]) -> None:
        """Call in `pause_s` seconds, or up to a tick later, with all others that wait till then.

        A timer for each of thousands of short waits a second costs more than what they wait for.
        """
        loop = asyncio.get_running_loop()
        tick = int((loop.time() + pause_s) / TICK_S) + 1
        due = self._calls.get(tick)
        if due is None:
            due = self._calls[tick] = []
            loop.call_at(tick * TICK_S, self._call_due, loop, tick)
        due.append(call)

    def _call_due(self, loop: asyncio.AbstractEventLoop, tick: int) -> None:
        for call in self._calls.pop(tick):
            loop.call_soon(call)  # by itself: one that fails must not cost the others theirs

    def start(self) -> None:
        """Watch the running loop. Idempotent."""
        if self._timer is None:
            self._looked, self._computed = time.perf_counter(), time.thread_time()
            self._arm(asyncio.get_running_loop())

    def stop(self) -> None:
        """Stop watching. Idempotent."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._lag_s, self._busy = None, 0.0, 0.0

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        self._due = loop.time() + EVERY_S
        self._timer = loop.call_at(self._due, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now, computed = time.perf_counter(), time.thread_time()
        busy = (computed - self._computed) / max(now - self._looked, EVERY_S)
        self._looked, self._computed = now, computed
        self._busy += WEIGHT * (min(busy, 1.0) - self._busy)
        self._lag_s += WEIGHT * (max(loop.time() - self._due, 0.0) - self._lag_s)
        self._arm(loop)
