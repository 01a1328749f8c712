"""One run per thread: the others wait in order."""

import asyncio
from dataclasses import dataclass, field

from chatkit_backend.errors import Conflict


@dataclass(slots=True)
class _Queue:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    members: int = 0


class Turn:
    """The right to answer in a thread. Give it back with `release`, from any task."""

    def __init__(self, turns: "ThreadTurns", key: str) -> None:
        self._turns: ThreadTurns | None = turns
        self._key = key

    def release(self) -> None:
        """Let the next one in. Idempotent."""
        if self._turns is not None:
            self._turns._leave(self._key, held=True)  # noqa: SLF001  two halves of one lock
            self._turns = None


class ThreadTurns:
    """Serialises the runs of a thread within this process, first come, first served.

    Two answers at once on one thread would interleave: user, user, assistant, assistant.
    """

    def __init__(self, *, max_waiting: int, max_wait_s: float) -> None:
        """Let at most `max_waiting` messages wait for one thread, each `max_wait_s` seconds."""
        self._max_waiting = max_waiting
        self._max_wait_s = max_wait_s
        self._queues: dict[str, _Queue] = {}

    async def take(self, key: str) -> Turn:
        """Wait for the thread's turn.

        Raises: Conflict (`thread_busy`) if too many wait already, or it takes too long.
        """
        queue = self._queues.setdefault(key, _Queue())
        if queue.members > self._max_waiting:
            raise Conflict(
                "thread_busy",
                f"The thread is being answered and {self._max_waiting} more messages wait; "
                "send this one again when the answer has ended.",
            )
        queue.members += 1
        try:
            async with asyncio.timeout(self._max_wait_s):
                await queue.lock.acquire()
        except TimeoutError:
            self._leave(key, held=False)
            raise Conflict(
                "thread_busy",
                f"The thread is still being answered after {self._max_wait_s:g} s; "
                "send this message again when the answer has ended.",
            ) from None
        except asyncio.CancelledError:
            self._leave(key, held=False)
            raise
        return Turn(self, key)

    def _leave(self, key: str, *, held: bool) -> None:
        queue = self._queues[key]
        if held:
            queue.lock.release()
        queue.members -= 1
        if not queue.members:
            del self._queues[key]
