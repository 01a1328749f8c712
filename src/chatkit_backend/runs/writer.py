"""Writes the logs of all runs of a process in common transactions, off the path of the tokens."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from chatkit_backend.logs import get_logger
from chatkit_backend.store.errors import StoreUnavailableError
from chatkit_backend.store.runs import Append, EndState, Fence

from .entries import chunk_of
from .log import RunLog
from .run_store import RunStore
from .signals import RunSignals

INTERVAL_S = 0.03
"""Shortest time between two transactions that store the news of all runs; ends do not wait."""

MAX_INTERVAL_S = 0.3
"""Longest one: text must be stored no later than 1 s after it was shown."""

SHARE = 7
"""A transaction that takes long is followed by a pause this many times as long, so that a busy
process writes larger transactions and not more of them."""

RETRY_S = 0.25
MAX_RETRY_S = 2.0

log = get_logger(__name__)


@dataclass(slots=True, eq=False)
class Written:
    """A run as the writer sees it: its log and, in the end, its end."""

    fence: Fence
    owner: str
    log: RunLog
    on_fenced: Callable[[], None] | None
    end: EndState | None = None
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def next(self) -> Append | None:
        """What there is to write now; nothing any more once the run is fenced off."""
        if self.done.is_set():
            return None
        entries = self.log.backlog
        if not entries and self.end is None:
            return None
        chunk = chunk_of(entries) if entries else None
        return Append(fence=self.fence, owner=self.owner, chunk=chunk, end=self.end)

    def note(self, append: Append, *, fenced: bool) -> None:
        """Take into account that `append` was written, or refused."""
        if append.chunk is not None and not fenced:
            self.log.stored(append.chunk.last_seq)
        if fenced and self.on_fenced is not None:
            self.on_fenced()
        if fenced or append.end is not None:
            self.on_fenced = None  # it refers to the run, which refers to this
            self.done.set()


class LogWriter:
    """One task that appends what the runs of this process have. The store may be away for a while.

    Nothing is lost then but time: entries wait in their logs, whose bounds make the answers wait.
    """

    def __init__(self, store: RunStore, signals: RunSignals) -> None:
        self._store = store
        self._signals = signals
        self._runs: dict[Fence, Written] = {}
        self._ending: list[Written] = []
        self._urgent = asyncio.Event()
        self._some = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write. Idempotent."""
        if self._task is None:
            self._task = asyncio.create_task(self._write_on(), name="run log writer")

    async def stop(self) -> None:
        """Stop; runs that have not ended by now end with a take-over."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def add(self, run: Written) -> None:
        """Write this run's log from now on."""
        self._runs[run.fence] = run
        self._some.set()

    async def end(self, run: Written, state: EndState) -> None:
        """Write the rest of the log and the end; return when both are stored, or fenced off."""
        if not run.done.is_set():
            run.end = state
            self._ending.append(run)
            self._urgent.set()
        await run.done.wait()

    async def _write_on(self) -> None:
        clock = asyncio.get_running_loop().time
        due = clock()
        while True:
            if not self._runs:
                self._some.clear()
                await self._some.wait()
                due = clock() + INTERVAL_S
            with suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    await self._urgent.wait()
            self._urgent.clear()
            ending, self._ending = self._ending, []
            began = clock()
            if ending and began < due:  # what goes on need not be written because something ends
                await self._write_next(ending)
                continue
            await self._write_next(self._runs.values())
            pause_s = (clock() - began) * SHARE
            due = clock() + min(max(pause_s, INTERVAL_S), MAX_INTERVAL_S)

    async def _write_next(self, runs: Iterable[Written]) -> None:
        await self._write_once([append for run in runs if (append := run.next())])

    async def _write_once(self, batch: list[Append]) -> None:
        """Append a batch, however often that must be tried.

        The very same batch: a failure may have come after the commit, and a chunk that overlaps
        with a stored one would repeat its text.
        """
        pause_s = RETRY_S
        while batch:
            try:
                fenced = await self._store.append(batch)
            except StoreUnavailableError as exc:
                log.warning("run_log_waits", error=str(exc), runs=len(batch))
            except Exception:
                log.exception("run_log_broke", runs=len(batch))
                await self._write_apart(batch)
                return
            else:
                await self._note(batch, fenced)
                return
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, MAX_RETRY_S)

    async def _write_apart(self, batch: Sequence[Append]) -> None:
        """Let one run whose log cannot be written cost no other one its end, nor this task.

        That run is given up: it stops here, and is found and ended as one whose process died.
        """
        if len(batch) == 1:
            await self._note(batch, [append.fence for append in batch])
            return
        for append in batch:
            await self._write_once([append])

    async def _note(self, batch: Sequence[Append], fenced: Collection[Fence]) -> None:
        for append in batch:
            run = self._runs[append.fence]
            run.note(append, fenced=append.fence in fenced)
            if run.done.is_set():
                del self._runs[append.fence]
        stored = [append for append in batch if append.fence not in fenced]
        await self._signals.publish(stored)
