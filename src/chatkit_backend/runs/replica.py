"""This process among others.

It shows that it lives, hears of cancellations, takes over the runs of those that died, and deletes
what is old. Each in a task of its own, that goes on whatever happens: a slow sweep must not cost
the lease, and a process that no longer beats or sweeps is worse than any single failure.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from chatkit_backend.logs import get_logger
from chatkit_backend.store.errors import StoreUnavailableError
from chatkit_backend.store.runs import RunRecord

from .run import Work
from .runs import Runs
from .signals import RunSignals, replica_topic

LEASE_S = 10.0
"""A process whose beat has not changed for so long is dead, and its runs are free."""

BEAT_S = 2.0

WATCH_S = 0.5
"""How often cancellations are looked for if no signal tells of one."""

TAKEN_AT_ONCE = 100
"""Runs of a dead process that are taken over in one sweep."""

PURGE_S = 60.0
"""Seconds between two deletions of old logs."""

PURGED_AT_ONCE = 500

PURGE_PAUSE_S = 0.1
"""Seconds between two parts of a large deletion, in which others write."""

log = get_logger(__name__)


@dataclass(slots=True)
class _Pulse:
    """A beat that was seen, and when it was first seen."""

    beat: int
    since: float


class Replica:
    """Keeps this process's lease and sweeps up behind dead ones.

    Beats are counted and not dated, and their age is measured by the clock of whoever looks: the
    clocks of two machines need not agree. While the store is away nobody can beat, so what was
    seen before counts no more.
    """

    def __init__(
        self,
        runs: Runs,
        signals: RunSignals,
        recovery: Callable[[RunRecord], Work],
        *,
        retention_s: float,
    ) -> None:
        """Serve `runs`.

        Args:
            runs: The runs of this process, and of all.
            signals: What tells of cancellations.
            recovery: What to do with a run that was taken over.
            retention_s: Seconds for which ended runs keep their logs.
        """
        self._runs = runs
        self._signals = signals
        self._recovery = recovery
        self._retention_s = retention_s
        self._pulses: dict[str, _Pulse] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._beating = False

    def start(self) -> None:
        """Begin. Idempotent."""
        if not self._tasks:
            self._tasks = [
                asyncio.create_task(_go_on(name, step, pause_s), name=f"replica: {name}")
                for name, step, pause_s in (
                    ("beat", self._beat, BEAT_S),
                    ("cancellations", self._stop_cancelled, 0),
                    ("sweep", self._sweep, BEAT_S),
                    ("purge", self._purge, PURGE_S),
                )
            ]

    async def stop(self) -> None:
        """End, and say that this process holds nothing any more, if so."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
            with suppress(StoreUnavailableError):
                await self._runs.store.forget_replica(self._runs.replica_id)

    async def _stop_cancelled(self) -> None:
        """Stop the runs of this process whose end is asked for elsewhere."""
        await self._signals.wait(replica_topic(self._runs.replica_id), WATCH_S)
        if not self._runs.active:
            return
        for run_id in await self._runs.store.cancel_requests(self._runs.replica_id):
            if run := self._runs.active.get(run_id):
                run.stop("cancelled")

    async def _purge(self) -> None:
        """Delete old runs until none is left, so that no load makes more of them than go."""
        deleted = PURGED_AT_ONCE
        while deleted >= PURGED_AT_ONCE:
            deleted = await self._runs.store.purge_runs(
                kept_s=self._retention_s, limit=PURGED_AT_ONCE
            )
            await asyncio.sleep(PURGE_PAUSE_S)

    async def _beat(self) -> None:
        """Beat while there are runs; leave no trace of a process that has none."""
        if self._runs.active or self._runs.upcoming:
            self._beating = True
            await self._runs.store.beat(self._runs.replica_id)
        elif self._beating:
            await self._runs.store.forget_replica(self._runs.replica_id)
            self._beating = False

    async def _sweep(self) -> None:
        """Take over the runs of every process whose beat stands still; not in order to end soon."""
        if self._runs.active.draining:
            return
        clock = asyncio.get_running_loop().time
        try:
            if self._runs.doubt:
                await self._take_back()
            asked = clock()
            beats = await self._runs.store.replicas()
        except Exception:
            self._pulses.clear()
            raise
        beats.pop(self._runs.replica_id, None)
        self._pulses = {
            name: pulse if pulse and pulse.beat == beat else _Pulse(beat, clock())
            for name, beat in beats.items()
            for pulse in (self._pulses.get(name),)
        }
        for name, pulse in list(self._pulses.items()):
            # From answer to question: however slow the store is, that is no beat that was missed.
            if asked - pulse.since >= LEASE_S:
                await self._take_over(name)

    async def _take_over(self, replica_id: str) -> None:
        held = await self._runs.store.held_by(replica_id, limit=TAKEN_AT_ONCE)
        for record in held:
            await self._take(record)
        log.warning("replica_dead", replica_id=replica_id, runs=len(held))
        await self._runs.store.forget_replica(replica_id)

    async def _take_back(self) -> None:
        """Take on what the store holds for this process, and this process does not know of."""
        runs = self._runs
        known = len(runs.active) + len(runs.upcoming)
        for record in await runs.store.held_by(runs.replica_id, limit=known + TAKEN_AT_ONCE):
            if not runs.looks_after(record):
                await self._take(record)
        runs.doubt.looked()

    async def _take(self, record: RunRecord) -> None:
        runs = self._runs
        if runs.active.draining:
            return
        if record.state == "queued":
            await runs.store.dequeue(record.id)
            return
        try:
            taken = await runs.store.take_over(record, runs.replica_id)
        except StoreUnavailableError:
            runs.doubt.begin()  # it may be this process's now
            raise
        if taken is not None:
            log.info("run_taken_over", run_id=taken.id, attempt=taken.attempt)
            runs.start(taken, self._recovery(taken))


async def _go_on(name: str, step: Callable[[], Awaitable[None]], pause_s: float) -> None:
    """Repeat `step` for ever, also when it fails."""
    while True:
        try:
            await step()
        except StoreUnavailableError as exc:
            log.warning("replica_without_store", step=name, error=str(exc))
        except Exception:
            log.exception("replica_broke", step=name)
        else:
            await asyncio.sleep(pause_s)
            continue
        await asyncio.sleep(BEAT_S)
