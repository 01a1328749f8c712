"""This process among others.

It shows that it lives, hears of cancellations, and takes over the runs of those that died.
"""

import asyncio
from collections.abc import Callable
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

PURGE_EVERY = 30
"""Sweeps between two deletions of old logs."""

PURGED_AT_ONCE = 500

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
                asyncio.create_task(self._live(), name="replica"),
                asyncio.create_task(self._watch(), name="cancellations"),
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

    async def _watch(self) -> None:
        """Stop the runs of this process whose end is asked for elsewhere."""
        while True:
            await self._signals.wait(replica_topic(self._runs.replica_id), WATCH_S)
            if not self._runs.active:
                continue
            try:
                for run_id in await self._runs.store.cancel_requests(self._runs.replica_id):
                    if run := self._runs.active.get(run_id):
                        run.stop("cancelled")
            except StoreUnavailableError as exc:
                log.warning("cancellations_unknown", error=str(exc))
                await asyncio.sleep(BEAT_S)

    async def _live(self) -> None:
        sweeps = 0
        while True:
            try:
                await self._beat()
                await self._sweep()
                if sweeps % PURGE_EVERY == 0:
                    await self._runs.store.purge_runs(
                        kept_s=self._retention_s, limit=PURGED_AT_ONCE
                    )
            except StoreUnavailableError as exc:
                self._pulses.clear()
                log.warning("replica_without_store", error=str(exc))
            except Exception:
                log.exception("sweep_broke")
            sweeps += 1
            await asyncio.sleep(BEAT_S)

    async def _beat(self) -> None:
        """Beat while there are runs; leave no trace of a process that has none."""
        if self._runs.active or self._runs.queued:
            self._beating = True
            await self._runs.store.beat(self._runs.replica_id)
        elif self._beating:
            await self._runs.store.forget_replica(self._runs.replica_id)
            self._beating = False

    async def _sweep(self) -> None:
        now = asyncio.get_running_loop().time()
        beats = await self._runs.store.replicas()
        own = beats.pop(self._runs.replica_id, None)
        self._pulses = {
            name: pulse if pulse and pulse.beat == beat else _Pulse(beat, now)
            for name, beat in beats.items()
            for pulse in (self._pulses.get(name),)
        }
        for name, pulse in list(self._pulses.items()):
            if now - pulse.since >= LEASE_S:
                await self._take_over(name)
        if own is not None and self._runs.doubtful:
            await self._take_back()

    async def _take_over(self, replica_id: str) -> None:
        held = await self._runs.store.held_by(replica_id, limit=TAKEN_AT_ONCE)
        for record in held:
            await self._take(record)
        log.warning("replica_dead", replica_id=replica_id, runs=len(held))
        await self._runs.store.forget_replica(replica_id)

    async def _take_back(self) -> None:
        """End the runs of this process that began though the store said that they did not."""
        doubtful, self._runs.doubtful = self._runs.doubtful, set()
        for record in await self._runs.store.held_by(
            self._runs.replica_id, limit=TAKEN_AT_ONCE + len(self._runs.active)
        ):
            if record.id in doubtful and record.id not in self._runs.active:
                await self._take(record)

    async def _take(self, record: RunRecord) -> None:
        if record.state == "queued":
            await self._runs.store.dequeue(record.id)
            return
        taken = await self._runs.store.take_over(record, self._runs.replica_id)
        if taken is not None:
            log.info("run_taken_over", run_id=taken.id, attempt=taken.attempt)
            self._runs.start(taken, self._recovery(taken))
