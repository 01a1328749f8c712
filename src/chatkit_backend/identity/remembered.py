"""What was just read, remembered for a moment."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_REMEMBERED = 10_000


class Remembered(Generic[T]):
    """Reads by id, at most once in `for_s` seconds for each; nothing is remembered of absence.

    Args:
        read: Asks the database.
        for_s: How old an answer may be. Another process may have changed it since.
        clock: Seconds that never go back.
    """

    def __init__(
        self,
        read: Callable[[str], Awaitable[T | None]],
        *,
        for_s: float,
        clock: Callable[[], float],
    ) -> None:
        self._read = read
        self._for_s = for_s
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, T]] = OrderedDict()
        self._forgotten = 0

    async def get(self, name: str, *, if_: Callable[[T], bool] = lambda _: True) -> T | None:
        """What is stored under that id; or was a moment ago, if that will do."""
        known = self._known.get(name)
        if known is not None and self._clock() < known[0] and if_(known[1]):
            return known[1]
        asked_at, forgotten = self._clock(), self._forgotten
        found = await self._read(name)
        self._known.pop(name, None)
        # What somebody changed while it was read may be old already.
        if found is not None and self._forgotten == forgotten:
            self._known[name] = (asked_at + self._for_s, found)
            if len(self._known) > MAX_REMEMBERED:
                self._known.popitem(last=False)
        return found

    def forget(self, name: str) -> None:
        """Read it again the next time."""
        self._forgotten += 1
        self._known.pop(name, None)
