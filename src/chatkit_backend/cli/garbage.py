"""Collecting garbage when there is time for it.

Python's collector looks at the objects of an open answer twice, finds that they live, and makes
everything wait meanwhile; with 500 open answers that took a fourteenth of all CPU. An answer leaves
next to no cycles. So the collector is called in moments in which little else is to be done, and by
itself only when very much has gathered, which bounds what code that does leave cycles can hold.
"""

import asyncio
import gc
from typing import Protocol

THRESHOLDS = (500_000, 5, 50)
"""Objects more than at the last collection before Python looks at them by itself: those of some 600
open answers. They take about 100 MB and a look 0.4 s."""

WORTH_IT, MUCH = 5_000, 50_000
"""Objects more before it is looked in an idle moment: a few milliseconds; and before that takes so
long (40 ms) that the moment has to be idler."""

IDLE_BUSY, IDLER_BUSY = 0.4, 0.1
"""Shares of the loop's time below which a moment is idle, and idle enough for much."""

EVERY_S = 0.25

FULL_EVERY = 200
"""So many collections of what is young to one of all but what was there at the start."""


class Busy(Protocol):
    """Knows how busy the process is: `event_loop.EventLoopLoad`."""

    @property
    def busy(self) -> float:
        """The share of time in which the loop's thread computes, from 0 to 1, lately."""
        ...


class IdleCollector:
    """Collects garbage in idle moments of the loop that `load` watches."""

    def __init__(self, load: Busy) -> None:
        self._load = load
        self._collections = 0

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            self.look()

    def look(self) -> None:
        """Collect, if this is a moment for it."""
        gathered = gc.get_count()[0]
        most_busy = IDLE_BUSY if gathered < MUCH else IDLER_BUSY
        if gathered < WORTH_IT or self._load.busy >= most_busy:
            return
        self._collections += 1
        gc.collect(2 if self._collections % FULL_EVERY == 0 else 1)
