"""The open runs of this process."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from chatkit.store import NotFoundError

from chatkit_backend.errors import Unavailable
from chatkit_backend.store.errors import StoreUnavailableError
from chatkit_backend.store.runs import RunRecord

from .run import Disconnection, Run, Work
from .run_store import RunStore
from .signals import RunSignals, thread_topic
from .writer import LogWriter

SAVE_S = 5.0
"""Seconds that a stopped run may take to save its text before shutdown goes on without it."""


class ActiveRuns:
    """Starts runs, knows the open ones, and ends them at shutdown."""

    def __init__(
        self,
        store: RunStore,
        signals: RunSignals,
        writer: LogWriter,
        disconnection: Disconnection,
        *,
        on_fenced: Callable[[], None],
    ) -> None:
        """Make it; `on_fenced` is called when a run has ended here, but not in the store."""
        self._store = store
        self._signals = signals
        self._writer = writer
        self._disconnection = disconnection
        self._on_fenced = on_fenced
        self._open: dict[str, Run] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._draining = False

    @property
    def draining(self) -> bool:
        """Whether new work is refused."""
        return self._draining

    def __len__(self) -> int:
        return len(self._open)

    def __contains__(self, run_id: object) -> bool:
        return run_id in self._open

    def get(self, run_id: str) -> Run | None:
        """The run, while it is open here."""
        return self._open.get(run_id)

    def refuse_while_draining(self) -> None:
        """Raises: Unavailable once shutdown has begun."""
        if self._draining:
            raise Unavailable("shutting_down", "The server is restarting; try again in a moment.")

    def start(self, record: RunRecord, work: Work) -> Run:
        """Execute a run that has begun in the store; its end lets the thread's next one in."""
        run = Run(
            record,
            self._writer,
            self._disconnection,
            on_abandoned=self._abandoned,
            mark_acted=self._store.mark_acted,
        )
        self._open[run.id] = run
        self._keep(run.start(work)).add_done_callback(lambda _: self._ended(run))
        return run

    def reopen(self) -> None:
        """Take runs again, after a shutdown that was followed by a start."""
        self._draining = False

    async def drain(self, grace_s: float) -> None:
        """Take no new runs; give the open ones `grace_s` seconds, then stop them and let them save.

        Safe to call again.
        """
        self._draining = True
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=grace_s)
        for run in list(self._open.values()):
            run.stop("shutdown")
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=SAVE_S)

    def _ended(self, run: Run) -> None:
        if self._open.get(run.id) is run:  # not if a later attempt has its place
            del self._open[run.id]
        if run.stop_reason == "fenced":
            self._on_fenced()
        self._keep(asyncio.create_task(self._signals.notify(thread_topic(run.thread_id))))

    def _abandoned(self, run: Run) -> None:
        self._keep(asyncio.create_task(self._stop_unless_kept(run)))

    async def _stop_unless_kept(self, run: Run) -> None:
        # Somebody may read it through another process, which has noted so in the store.
        with suppress(NotFoundError, StoreUnavailableError):
            kept = (await self._store.load_run(run.id, run.record.owner)).resumable
            run.resumable = run.resumable or kept  # its client may have come back meanwhile
        if not run.resumable and not run.read:
            run.stop("disconnected")

    def _keep(self, task: asyncio.Task[None]) -> asyncio.Task[None]:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
