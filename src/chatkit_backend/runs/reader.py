"""A reader of one run, from any position.

It reads this process's log of the run while there is one, else the store, where other processes'
signals tell it when to look. It goes over from one to the other as the run does.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Protocol, TypeAlias

from chatkit.store import NotFoundError

from chatkit_backend.store.errors import StoreUnavailableError
from chatkit_backend.store.runs import Chunk, RunRecord

from .digest import digest
from .entries import Entry, can_cut, entries_of, joined
from .run import Run
from .run_store import RunStore
from .signals import RunSignals, local_poll_s
from .silence import Silence

CHUNKS = 64
"""Chunks that are read from the store at a time."""

BATCH_ENTRIES = 64
"""Entries that are handed to a client at a time, so that a slow one is not given more than it
can read before it looks stalled."""

STORED_S = 3.0
"""Seconds in which what one process has shown is in the store for the others to see, however busy
the machine is."""

POLL_S = 0.05

AWAY_S = 60.0
"""Seconds for which a reader waits for a store that is away, as the answers themselves do."""

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
        self._placed = after == 0  # whether a log is known to tell what comes behind `_seq`
        self._local = local
        self._store = store
        self._signals = signals
        self._attached: Run | None = None
        self._away_since: float | None = None
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

    async def batches(self, idle_s: float | None = None) -> Batches:
        """Yield what the client does not have yet, oldest first, until the run has ended.

        What came while the client was busy comes joined. A batch is empty when nothing has come
        for about `idle_s` seconds.

        Raises: StoreUnavailableError if it was away for `AWAY_S`; the run may go on all the same.
        """
        try:
            while not self._at_end:
                try:
                    async with aclosing(self._part(idle_s)) as part:
                        async for batch in part:
                            yield batch
                except StoreUnavailableError as exc:
                    await self._wait_for_store(exc)
                    if idle_s is not None:
                        yield []
        except NotFoundError:
            return  # the thread was deleted, and its runs with it
        finally:
            self.leave()

    def _part(self, idle_s: float | None) -> Batches:
        """The next part of the way: it ends where the run has ended or gone elsewhere."""
        if not self._placed:
            return self._to_a_place()
        run = self._here()
        return self._from_store(idle_s) if run is None else self._from_log(run, idle_s)

    def _here(self) -> Run | None:
        """The run, if this process produces it, or did when the reader came."""
        run = self._local.get(self.run_id) or self._attached
        return run if run is not None and run.stop_reason != "fenced" else None

    async def _to_a_place(self) -> Batches:
        """Tell the answer anew, unless the client can go on from where it is."""
        anew = self._late or await self._is_lost()
        told = await self._digest() if anew else []
        self._placed, self._late = True, False
        if told:
            yield told

    async def _from_log(self, run: Run, idle_s: float | None) -> Batches:
        """To the end, or until another process has the run."""
        self.attach(run)
        silence = Silence(idle_s)
        try:
            while True:
                entries = await self._news(run)
                if entries:
                    for batch in self._batched(entries):
                        yield batch
                elif run.log.closed:
                    # What was shown here last may be in no log when another process has the run.
                    self._placed = self._at_end = run.stop_reason != "fenced"
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
                while entries := await self._news(None):
                    for batch in self._batched(entries):
                        yield batch
                        changed = spoken = clock()
                if ended:
                    self._at_end = True
                    return
                while self._goes_on(chunks := await feed.next(quiet_s=clock() - changed)):
                    for batch in self._batched(entries_of(chunks, after=self._seq)):
                        yield batch
                        changed = spoken = clock()
                if idle_s is not None and clock() - spoken >= idle_s:
                    yield []
                    spoken = clock()

    def _goes_on(self, chunks: list[Chunk]) -> bool:
        """Whether chunks of a feed have what comes next, with nothing missing before."""
        return bool(chunks) and chunks[0].first_seq <= self._seq + 1

    async def _is_lost(self) -> bool:
        """Whether no log tells exactly what comes behind the event that the client has.

        Because a process that then died showed it, or because it is in a joined delta that an
        early release stored.
        """
        if self._seq == 0:
            return False
        clock = asyncio.get_running_loop().time
        deadline = clock() + STORED_S
        while True:
            run = self._here()
            if run is not None and run.log.holds(self._seq):
                return False
            record = await self._store.load_run(self.run_id, self._record.owner)
            chunks = await self._log_page(after=self._seq - 1, limit=1)
            if chunks:
                return chunks[0].first_seq > self._seq or not can_cut(chunks[0], self._seq)
            if record.ended or run is not None or clock() > deadline:
                return True
            await asyncio.sleep(POLL_S)

    async def _digest(self) -> list[Entry]:
        """Everything from the beginning, in few events."""
        self._seq, self._late = 0, True
        entries: list[Entry] = []
        while more := await self._news(self._here()):
            entries += more
            self._seq = more[-1].seq
        return digest(entries)

    async def _news(self, run: Run | None) -> list[Entry]:
        """What there is behind `_seq`: of the log of `run`, or of the store what it has forgotten.

        As much as is read at a time; nothing only if there is nothing.
        """
        while True:
            # Before the store is asked: what is forgotten by now is there.
            first_here = None if run is None else run.log.first_seq
            if run is not None and (entries := run.log.after(self._seq)) is not None:
                return entries
            chunks = await self._log_page(after=self._seq, limit=CHUNKS)
            if chunks or first_here is None:
                return entries_of(chunks, after=self._seq)
            self._seq = first_here - 1  # nothing between here and this attempt's first number

    async def _log_page(self, *, after: int, limit: int) -> list[Chunk]:
        owner = self._record.owner
        chunks = await self._store.read_log(self.run_id, owner, after=after, limit=limit)
        self._away_since = None
        return chunks

    async def _wait_for_store(self, exc: StoreUnavailableError) -> None:
        """Wait a little. Raises: `exc` once there was no answer for `AWAY_S`."""
        now = asyncio.get_running_loop().time()
        if self._away_since is None:
            self._away_since = now
        away_s = now - self._away_since
        if away_s >= AWAY_S:
            raise exc
        await asyncio.sleep(local_poll_s(away_s))

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
