"""Signals between processes: something changed, look. Nothing is true only because of a signal.

Every wait has a timeout after which the store is asked, so a lost signal costs time and nothing
else. `LocalSignals` serves one process; with `REDIS_URL` there are `RedisSignals`.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from chatkit_backend.store.runs import Append, Chunk

LOCAL_POLL_S, MAX_LOCAL_POLL_S = 0.2, 2.0
"""Seconds between two questions to the store when nobody can tell of another process's work: as
long as nothing has come, within these bounds. An answer that is written is asked about often, and
the thousand that wait for a dead process to be found dead are no load."""


def local_poll_s(quiet_s: float) -> float:
    """Seconds until the store is asked again, after nothing has come for `quiet_s` seconds."""
    return min(max(LOCAL_POLL_S, quiet_s), MAX_LOCAL_POLL_S)


def run_topic(run_id: str) -> str:
    """What is notified in a process that has written to a run's log."""
    return f"run:{run_id}"


def thread_topic(thread_id: str) -> str:
    """What is notified when a thread's run has ended."""
    return f"thread:{thread_id}"


def replica_topic(replica_id: str) -> str:
    """What is notified when a run of a process shall end."""
    return f"replica:{replica_id}"


class Feed(Protocol):
    """New chunks of one run, as another process writes them."""

    async def next(self, *, quiet_s: float) -> list[Chunk]:
        """Wait for chunks, or until the store should be asked (then there are none).

        Nothing has come for `quiet_s` seconds: the longer, the longer it may wait. The chunks of
        one answer follow one another. Between two answers some may be missing, and some may be
        known already.
        """
        ...


class RunSignals(Protocol):
    """Tells other processes what this one did to runs. No method raises for a broken connection."""

    async def open(self) -> None:
        """Connect; what cannot be reached now is tried again on its own."""
        ...

    async def close(self) -> None:
        """Disconnect."""
        ...

    async def ping(self) -> None:
        """Ask for a sign of life. Raises: OSError."""
        ...

    async def publish(self, stored: Sequence[Append]) -> None:
        """Hand what was stored to whoever follows the runs. Takes at most a moment."""
        ...

    def feed(self, run_id: str) -> AbstractAsyncContextManager[Feed]:
        """Listen to a run while the block lasts; what was published before it is in the store."""
        ...

    async def notify(self, topic: str) -> None:
        """Wake everybody who waits for `topic`."""
        ...

    async def wait(self, topic: str, timeout_s: float) -> None:
        """Return when `topic` is notified, or after `timeout_s` seconds, or without reason."""
        ...


class LocalSignals:
    """Signals within one process. See `RunSignals` for what each method does."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Future[None]]] = {}

    async def open(self) -> None:
        """Nothing to do."""

    async def close(self) -> None:
        """Nothing to do."""

    async def ping(self) -> None:
        """Nothing to do."""

    async def publish(self, stored: Sequence[Append]) -> None:
        """Wake those in this process who follow a run that it did not hold until now."""
        for append in stored:
            self.wake(run_topic(append.fence.run_id))

    @asynccontextmanager
    async def feed(self, run_id: str) -> AsyncIterator[Feed]:
        """See `RunSignals.feed`."""
        yield _Poll(self, run_topic(run_id))

    async def notify(self, topic: str) -> None:
        """See `RunSignals.notify`."""
        self.wake(topic)

    def wake(self, topic: str) -> None:
        """Wake everybody in this process who waits for `topic`."""
        for future in self._waiting.pop(topic, ()):
            if not future.done():
                future.set_result(None)

    async def wait(self, topic: str, timeout_s: float) -> None:
        """See `RunSignals.wait`."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(topic, set()).add(future)
        try:
            await asyncio.wait((future,), timeout=timeout_s)
        finally:
            others = self._waiting.get(topic, set())
            others.discard(future)
            if not others:
                self._waiting.pop(topic, None)


class _Poll(Feed):
    def __init__(self, signals: LocalSignals, topic: str) -> None:
        self._signals = signals
        self._topic = topic

    async def next(self, *, quiet_s: float) -> list[Chunk]:
        await self._signals.wait(self._topic, local_poll_s(quiet_s))
        return []
