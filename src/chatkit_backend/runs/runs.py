"""Every run, in this process or another: find, follow, cancel."""

import asyncio

from chatkit_backend.store.runs import RunRecord

from .active import ActiveRuns
from .reader import Reader
from .run import Disconnection, Run, Work
from .run_store import RunStore
from .signals import RunSignals, replica_topic, thread_topic
from .writer import LogWriter

CANCEL_S = 5.0
"""Seconds that a request to cancel waits for the end, which it reports if it comes."""

POLL_S = 0.25
"""How often the store is asked for what a signal should have told."""


class Runs:
    """What requests do with runs. Whoever asks names the owner: a stranger's run is not there.

    Attributes:
        replica_id: This process, as it is named in the runs that it holds.
        active: The runs that this process produces.
        queued: Runs that this process has in the queues of threads.
        doubtful: Runs of this process that may have begun in the store, though it reported a
            failure; nobody produces them.
    """

    def __init__(
        self, store: RunStore, signals: RunSignals, *, replica_id: str, disconnection: Disconnection
    ) -> None:
        self.replica_id = replica_id
        self.store = store
        self.queued: set[str] = set()
        self.doubtful: set[str] = set()
        self._signals = signals
        self._writer = LogWriter(store, signals)
        self.active = ActiveRuns(store, signals, self._writer, disconnection)

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
        if run := self.active.get(run_id):
            run.resumable = True
        elif not record.ended and not record.resumable:
            await self.store.keep_run(run_id, owner)
        return self.reader(record, after=after)

    async def cancel(self, run_id: str, owner: str) -> RunRecord:
        """End a run, wherever it is produced, and wait a little for its end. Idempotent.

        Raises: NotFoundError.
        """
        record = await self.store.request_cancel(run_id, owner)
        if run := self.active.get(run_id):
            run.stop("cancelled")
        elif not record.ended:
            await self._signals.notify(replica_topic(record.replica_id))
        deadline = asyncio.get_running_loop().time() + CANCEL_S
        while not record.ended and asyncio.get_running_loop().time() < deadline:
            await self.thread_change(record.thread_id)
            record = await self.store.load_run(run_id, owner)
        return record

    async def thread_change(self, thread_id: str) -> None:
        """Wait until a run of the thread has ended, or until it is time to look whether it has."""
        await self._signals.wait(thread_topic(thread_id), POLL_S)
