"""A reader of one run, from any position.

It reads this process's log of the run while there is one, else the store, where other processes'
signals tell it when to look.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from typing import Protocol, TypeAlias

from chatkit.store import NotFoundError

from chatkit_backend.store.runs import RunRecord

from .digest import digest
from .entries import Entry, entries_of, joined
from .run import Run
from .run_store import RunStore
from .signals import RunSignals
from .silence import Silence

CHUNKS = 64
"""Chunks that are read from the store at a time."""

BATCH_ENTRIES = 64
"""Entries that are handed to a client at a time, so that a slow one is not given more than it
can read before it looks stalled."""

STORED_S = 1.5
"""Seconds in which an event that one process has shown is in the store for the others to see."""

POLL_S = 0.05

Batches: TypeAlias = AsyncGenerator[list[Entry], None]


class Local(Protocol):
    """Finds the runs of this process."""

    def get(self, run_id: str) -> Run | None:
        """The run, while it is open here."""
        ...


class Reader:
    """One client's way through the log of a run. Iterate `batches` once; call `leave` at the end.

    Args:
        record: The run; whoever makes a reader has checked that the client may see it.
        after: Number of the last event that the client has; None: it has nothing yet.
    """

    def __init__(
        self,
        record: RunRecord,
        *,
        after: int | None,
        local: Local,
        store: RunStore,
        signals: RunSignals,
    ) -> None:
        self._record = record
        self._seq = after or 0
        self._late = after is None
        self._local = local
        self._store = store
        self._signals = signals
        self._attached: Run | None = None
        self._at_end = False

    @property
    def run_id(self) -> str:
        """The run that is read."""
        return self._record.id

    @property
    def thread_id(self) -> str:
        """The thread that the run answers in."""
        return self._record.thread_id

    def attach(self, run: Run) -> None:
        """Count as a reader of a run of this process."""
        if self._attached is not run:
            self.leave()
            run.attach()
            self._attached = run

    def leave(self) -> None:
        """Read no more. Idempotent."""
        run, self._attached = self._attached, None
        if run is not None:
            run.detach()

    async def batches(self, idle_s: float | None = None) -> AsyncIterator[list[Entry]]:
        """Yield what the client does not have yet, oldest first, until the run has ended.

        What came while the client was busy comes joined. A batch is empty when nothing has come
        for about `idle_s` seconds.
        """
        try:
            if self._late or await self._is_lost():
                yield await self._digest()
            while not self._at_end:
                run = self._here() or self._attached
                here = run is not None and run.stop_reason != "fenced"
                source = self._from_log(run, idle_s) if run and here else self._from_store(idle_s)
                async with aclosing(source):
                    async for batch in source:
                        yield batch
        except NotFoundError:
            return  # the thread was deleted, and its runs with it
        finally:
            self.leave()

    def _here(self) -> Run | None:
        """The run, if this process produces it."""
        run = self._local.get(self.run_id)
        return run if run is not None and run.stop_reason != "fenced" else None

    async def _from_log(self, run: Run, idle_s: float | None) -> Batches:
        """To the end, or until another process has the run."""
        self.attach(run)
        silence = Silence(idle_s)
        try:
            while True:
                entries = run.log.after(self._seq)
                if entries is None:
                    entries = await self._missed(run)
                if entries:
                    for batch in self._batched(entries):
                        yield batch
                elif run.log.closed:
                    self._at_end = run.stop_reason != "fenced"
                    return
                elif not await silence.ended_by(run.log.change()):
                    yield []
        finally:
            silence.close()

    async def _from_store(self, idle_s: float | None) -> Batches:
        """To the end, or until this process has taken the run over."""
        clock = asyncio.get_running_loop().time
        changed = spoken = clock()
        async with self._signals.feed(self.run_id) as feed:
            while self._here() is None:
                # Whether it has ended is asked first: what comes after the end is never missed.
                ended = (await self._store.load_run(self.run_id, self._record.owner)).ended
                while entries := await self._stored():
                    for batch in self._batched(entries):
                        yield batch
                        changed = spoken = clock()
                if ended:
                    self._at_end = True
                    return
                while (chunks := await feed.next(quiet_s=clock() - changed)) and chunks[
                    0
                ].first_seq <= self._seq + 1:
                    for batch in self._batched(entries_of(chunks, after=self._seq)):
                        yield batch
                        changed = spoken = clock()
                if idle_s is not None and clock() - spoken >= idle_s:
                    yield []
                    spoken = clock()

    async def _is_lost(self) -> bool:
        """Whether the client has events that no log has: shown by a process that then died."""
        if self._seq == 0:
            return False
        clock = asyncio.get_running_loop().time
        deadline = clock() + STORED_S
        while True:
            run = self._local.get(self.run_id)
            if run is not None and run.log.holds(self._seq):
                return False
            record = await self._store.load_run(self.run_id, self._record.owner)
            chunks = await self._store.read_log(self.run_id, after=self._seq - 1, limit=1)
            if chunks:
                return chunks[0].first_seq > self._seq
            if record.ended or run is not None or clock() > deadline:
                return True
            await asyncio.sleep(POLL_S)

    async def _digest(self) -> list[Entry]:
        """Everything from the beginning, in few events."""
        self._seq = 0
        entries: list[Entry] = []
        while more := await self._stored():
            entries += more
            self._seq = more[-1].seq
        run = self._local.get(self.run_id)
        if run is not None:
            while (newest := run.log.after(self._seq)) is None:
                missed = await self._missed(run)
                entries += missed
                self._seq = missed[-1].seq if missed else self._seq
            entries += newest
        self._seq = entries[-1].seq if entries else 0
        return digest(entries)

    async def _missed(self, run: Run) -> list[Entry]:
        """What the process's log has forgotten, because the store has it."""
        entries = await self._stored()
        if not entries:  # nothing between here and the first number of this attempt
            self._seq = max(self._seq, run.log.first_seq - 1)
        return entries

    async def _stored(self) -> list[Entry]:
        chunks = await self._store.read_log(self.run_id, after=self._seq, limit=CHUNKS)
        return entries_of(chunks, after=self._seq)

    def _batched(self, entries: list[Entry]) -> Iterator[list[Entry]]:
        if len(entries) == 1:  # a reader who keeps up
            self._seq = entries[0].seq
            yield entries
            return
        whole = joined(entries)
        for start in range(0, len(whole), BATCH_ENTRIES):
            batch = whole[start : start + BATCH_ENTRIES]
            self._seq = batch[-1].seq
            yield batch
