"""The log of one run in the process that produces it: its newest entries, and who waits for more.

Entries that are not stored yet are kept, and so is a tail of those that are, for readers who are
nearly up to date; a reader who is further behind reads the store. Readers have no queues of their
own: each is a position. So a slow one costs nothing and slows nobody.
"""

import asyncio

from chatkit.types import ThreadStreamEvent

from chatkit_backend.store.runs import RunFencedError

from .entries import Entry, entry_of

TAIL = 32
"""Stored entries that are kept for readers, at least."""

BACKLOG = 4096
"""Entries that may wait for the store; then the answer waits."""


class RunLog:
    """Numbered events: appended by one, read by any number from any position."""

    def __init__(self, *, first_seq: int = 1) -> None:
        self._entries: list[Entry] = []
        self._first = first_seq
        self._stored = first_seq - 1
        self._closed = False
        self._fenced = False
        self._waiting: list[asyncio.Future[None]] = []
        self._room = asyncio.Event()
        self._room.set()

    @property
    def first_seq(self) -> int:
        """Number of the oldest entry that is still here, or of the first to come."""
        return self._first

    @property
    def last_seq(self) -> int:
        """Number of the newest entry; one less than the first if there is none."""
        return self._first + len(self._entries) - 1

    @property
    def closed(self) -> bool:
        """Whether no more entries come."""
        return self._closed

    @property
    def backlog(self) -> list[Entry]:
        """Entries that are not stored yet, oldest first."""
        return self._entries[self._stored + 1 - self._first :]

    async def append(self, event: ThreadStreamEvent) -> None:
        """Number an event and wake the readers; waits while the store is far behind.

        Raises: RunFencedError, also out of a wait.
        """
        if not self._room.is_set():
            await self._room.wait()
        if self._fenced:
            raise RunFencedError
        self._entries.append(entry_of(self.last_seq + 1, event))
        if self.last_seq - self._stored >= BACKLOG:
            self._room.clear()
        self._wake()

    def holds(self, seq: int) -> bool:
        """Whether a reader can go on here from behind number `seq`."""
        return self._first - 1 <= seq <= self.last_seq

    def after(self, seq: int) -> list[Entry] | None:
        """Entries behind number `seq`; None if some of them are only in the store by now."""
        if seq + 1 < self._first:
            return None
        return self._entries[seq + 1 - self._first :]

    def stored(self, seq: int) -> None:
        """Everything up to number `seq` is in the store and may be forgotten here."""
        self._stored = max(self._stored, seq)
        if self.last_seq - self._stored < BACKLOG:
            self._room.set()
        spare = self._stored + 1 - self._first - TAIL
        if spare > TAIL:  # in large steps: cutting a list moves what is left
            del self._entries[:spare]
            self._first += spare

    def fence(self) -> None:
        """Nothing is stored any more: whoever waits for room, waits in vain. Idempotent."""
        self._fenced = True
        self._room.set()

    def close(self) -> None:
        """No more entries come; readers end when they have read all. Idempotent."""
        self._closed = True
        self._room.set()
        self._wake()

    def change(self) -> "asyncio.Future[None]":
        """A future of the caller's own that is done with the next entry, or the end."""
        change: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._closed:
            change.set_result(None)
        else:
            self._waiting.append(change)
        return change

    def _wake(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        for change in waiting:
            if not change.done():
                change.set_result(None)
