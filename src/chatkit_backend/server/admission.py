"""How many answers one process produces at once, and how many requests wait for a place."""

import asyncio

from chatkit_backend.errors import Unavailable
from chatkit_backend.event_loop import EventLoopLoad


class Place:
    """The right to produce one answer."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places: asyncio.Semaphore | None = places

    def free(self) -> None:
        """Let the next one in. Idempotent."""
        places, self._places = self._places, None
        if places is not None:
            places.release()


class Admission:
    """Gives out a bounded number of places; a bounded number of requests waits, a bounded time."""

    def __init__(
        self, load: EventLoopLoad, *, max_active: int, max_waiting: int, max_wait_s: float
    ) -> None:
        self._load = load
        self._max_active = max_active
        self._max_waiting = max_waiting
        self._max_wait_s = max_wait_s
        self._places = asyncio.Semaphore(max_active)
        self._waiting = 0

    async def place(self) -> Place:
        """Take a place, in order; requests that come together begin in turns of the event loop.

        Raises: Unavailable (`overloaded`).
        """
        if self._waiting >= self._max_waiting and self._places.locked():
            raise self._overloaded(f"and {self._waiting} requests wait")
        self._waiting += 1
        try:
            return await self.place_again(self._max_wait_s)
        finally:
            self._waiting -= 1

    async def place_again(self, within_s: float | None = None) -> Place:
        """Take a place for what was let in before: it is not refused because others wait.

        For a message that waited for its thread, which bounds its queue, and for an answer that is
        begun again; None: however long it takes.

        Raises: Unavailable (`overloaded`).
        """
        try:
            async with asyncio.timeout(within_s):
                await self._places.acquire()
        except TimeoutError:
            raise self._overloaded(f"and had no place for {within_s:g} s") from None
        place = Place(self._places)
        try:
            await self.turn()
        except BaseException:
            place.free()
            raise
        return place

    async def turn(self) -> None:
        """Wait for a turn of the event loop in which nobody else begins anything large.

        Many messages are committed together: without it, all that follows from all of them would
        come in one turn, and the answers that are being written would wait for it.
        """
        await self._load.turn()

    def _overloaded(self, why: str) -> Unavailable:
        return Unavailable(
            "overloaded",
            f"The server is producing {self._max_active} answers {why}; try again in a moment.",
        )
