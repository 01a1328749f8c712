"""Every run, in this process or another: find, follow, cancel."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from chatkit_backend.logs import get_logger
from chatkit_backend.store.errors import StoreUnavailableError
from chatkit_backend.store.runs import RunRecord

from .active import ActiveRuns
from .doubt import Doubt
from .reader import Reader
from .run import Disconnection, Run, Work
from .run_store import RunStore
from .signals import RunSignals, replica_topic, thread_topic
from .writer import LogWriter

CANCEL_S = 5.0
"""Seconds that a request to cancel waits for the end, which it reports if it comes."""

POLL_S = 0.25
"""How often the store is asked for what a signal should have told."""

log = get_logger(__name__)


class Runs:
    """What requests do with runs. Whoever asks names the owner: a stranger's run is not there.

    Attributes:
        replica_id: This process, as it is named in the runs that it holds.
        active: The runs that this process produces.
        upcoming: Runs that wait for their thread here, or are about to begin.
        doubt: Whether the store may hold runs for this process that it does not know of.
        leaving_cancels: Whether a client that leaves says stop, unless it can come back.
    """

    def __init__(
        self, store: RunStore, signals: RunSignals, *, replica_id: str, disconnection: Disconnection
    ) -> None:
        self.replica_id = replica_id
        self.store = store
        self.upcoming: set[str] = set()
        self.doubt = Doubt()
        self.leaving_cancels = disconnection.cancel
        self._signals = signals
        self._writer = LogWriter(store, signals)
        self.active = ActiveRuns(
            store, signals, self._writer, disconnection, on_fenced=self.doubt.begin
        )

    def open(self) -> None:
        """Begin to write logs, and take runs."""
        self._writer.start()
        self.active.reopen()

    async def close(self) -> None:
        """Stop writing; `active.drain` comes before."""
        await self._writer.stop()

    def start(self, record: RunRecord, work: Work) -> Run:
        """Execute a run that has begun in the store."""
        return self.active.start(record, work)

    @contextmanager
    def coming(self, run_id: str) -> Iterator[None]:
        """A run is this process's while the block lasts, which waits for its turn and begins it."""
        self.upcoming.add(run_id)
        try:
            yield
        except (StoreUnavailableError, asyncio.CancelledError):
            self.doubt.begin()  # it may have begun all the same, or stayed in its queue
            raise
        finally:
            self.upcoming.discard(run_id)

    def looks_after(self, record: RunRecord) -> bool:
        """Whether this process produces a run, in this attempt or a later one, or will."""
        run = self.active.get(record.id)
        here = run is not None and run.record.attempt >= record.attempt
        return here or record.id in self.upcoming

    def reader(self, record: RunRecord, *, after: int | None) -> Reader:
        """Read a run from behind event `after`; None: a digest of it so far, and then on."""
        reader = Reader(
            record, after=after, local=self.active, store=self.store, signals=self._signals
        )
        if run := self.active.get(record.id):
            reader.attach(run)
        return reader

    async def resume(self, run_id: str, owner: str, *, after: int | None) -> Reader:
        """The same for a client that comes back, and so need not stay. Raises: NotFoundError."""
        record = await self.store.load_run(run_id, owner)
        await self.keep(record)
        return self.reader(record, after=after)

    async def keep(self, record: RunRecord) -> None:
        """Make a run resumable, wherever it is produced; it stays so, whoever else asks for it."""
        if run := self.active.get(record.id):
            run.resumable = True
        if not (record.ended or record.resumable):
            await self.store.keep_run(record.id, record.owner)

    async def cancel(self, run_id: str, owner: str) -> RunRecord:
        """End a run, wherever it is produced, and wait a little for its end. Idempotent.

        A run of this process stops at once, also while the store is away.

        Raises: NotFoundError; StoreUnavailableError if it is no run of this process.
        """
        run = self.active.get(run_id)
        if run is None or run.record.owner != owner:
            return await self._cancel(run_id, owner)
        run.stop("cancelled")
        try:
            return await self._cancel(run_id, owner)
        except StoreUnavailableError as exc:
            log.warning("cancellation_not_noted", run_id=run_id, error=str(exc))
            return replace(run.record, cancel_requested=True)

    async def _cancel(self, run_id: str, owner: str) -> RunRecord:
        record = await self.store.request_cancel(run_id, owner)
        if record.ended:
            # It may have been in its thread's queue, where its sender waits.
            await self._signals.notify(thread_topic(record.thread_id))
        elif run := self.active.get(run_id):
            run.stop("cancelled")
        else:
            await self._signals.notify(replica_topic(record.replica_id))
        deadline = asyncio.get_running_loop().time() + CANCEL_S
        while not record.ended and asyncio.get_running_loop().time() < deadline:
            await self.thread_change(record.thread_id)
            record = await self.store.load_run(run_id, owner)
        return record

    async def thread_change(self, thread_id: str) -> None:
        """Wait until a run of the thread has ended, or until it is time to look whether it has."""
        await self._signals.wait(thread_topic(thread_id), POLL_S)
