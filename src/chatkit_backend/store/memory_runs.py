"""`MemoryRuns`: runs in dictionaries. They are gone with their process."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from chatkit.store import NotFoundError

from .runs import (
    Append,
    Chunk,
    DuplicateRunError,
    Fence,
    QueueFullError,
    RunCancelledError,
    RunFencedError,
    RunRecord,
    ThreadBusyError,
    TooManyRunsError,
)
from .times import now


class MemoryRuns:
    """A `RunStore` beside the conversations of a `MemoryStore`."""

    def __init__(self) -> None:
        self._runs: dict[str, RunRecord] = {}
        self._logs: dict[str, dict[int, Chunk]] = {}
        self._beats: dict[str, int] = {}

    async def enqueue(self, run: RunRecord, *, max_waiting: int) -> None:
        """See `RunStore.enqueue`."""
        self._refuse_used_key(run)
        waiting = [one for one in self._of_thread(run) if one.state == "queued"]
        if len(waiting) >= max_waiting:
            raise QueueFullError(run.thread_id)
        self._runs[run.id] = replace(run, state="queued")

    async def dequeue(self, run_id: str) -> None:
        """See `RunStore.dequeue`."""
        if run_id in self._runs and self._runs[run_id].state == "queued":
            del self._runs[run_id]

    async def load_run(self, run_id: str, owner: str) -> RunRecord:
        """See `RunStore.load_run`."""
        run = self._runs.get(run_id)
        if run is None or run.owner != owner:
            raise NotFoundError(run_id)
        return run

    async def active_run(self, thread_id: str, owner: str) -> RunRecord | None:
        """See `RunStore.active_run`."""
        for run in self._runs.values():
            if (run.thread_id, run.owner, run.state) == (thread_id, owner, "running"):
                return run
        return None

    async def keyed_run(self, idempotency_key: str, owner: str) -> RunRecord | None:
        """See `RunStore.keyed_run`."""
        for run in self._runs.values():
            if (run.owner, run.idempotency_key) == (owner, idempotency_key):
                return run
        return None

    async def request_cancel(self, run_id: str, owner: str) -> RunRecord:
        """See `RunStore.request_cancel`."""
        run = await self.load_run(run_id, owner)
        if run.ended:
            return run
        asked = replace(run, cancel_requested=True)
        if run.state == "queued":
            asked = replace(asked, state="cancelled", ended_at=now())
        self._runs[run_id] = asked
        return asked

    async def keep_run(self, run_id: str, owner: str) -> None:
        """See `RunStore.keep_run`."""
        run = await self.load_run(run_id, owner)
        self._runs[run_id] = replace(run, resumable=True)

    async def mark_acted(self, fence: Fence) -> None:
        """See `RunStore.mark_acted`."""
        self.check(fence)
        self._runs[fence.run_id] = replace(self._runs[fence.run_id], acted=True)

    async def append(self, batch: Sequence[Append]) -> frozenset[Fence]:
        """See `RunStore.append`."""
        fenced: set[Fence] = set()
        for one in batch:
            run = self._runs.get(one.fence.run_id)
            again = run is not None and one.end is not None and run.state == one.end
            if run is None or run.fence != one.fence or not (run.state == "running" or again):
                fenced.add(one.fence)
                continue
            if one.chunk is not None:
                self._logs.setdefault(run.id, {}).setdefault(one.chunk.last_seq, one.chunk)
            if one.end is not None and not again:
                self._runs[run.id] = replace(run, state=one.end, ended_at=now())
        return frozenset(fenced)

    async def read_log(self, run_id: str, owner: str, *, after: int, limit: int) -> list[Chunk]:
        """See `RunStore.read_log`."""
        run = self._runs.get(run_id)
        log = self._logs.get(run_id, {}) if run is not None and run.owner == owner else {}
        return [log[seq] for seq in sorted(log) if seq > after][:limit]

    async def beat(self, replica_id: str) -> None:
        """See `RunStore.beat`."""
        self._beats[replica_id] = self._beats.get(replica_id, 0) + 1

    async def replicas(self) -> dict[str, int]:
        """See `RunStore.replicas`."""
        holders = {run.replica_id for run in self._runs.values() if not run.ended}
        return {name: self._beats.get(name, 0) for name in holders}

    async def forget_replica(self, replica_id: str) -> None:
        """See `RunStore.forget_replica`."""
        if replica_id not in await self.replicas():
            self._beats.pop(replica_id, None)

    async def held_by(self, replica_id: str, *, limit: int) -> list[RunRecord]:
        """See `RunStore.held_by`."""
        held = [run for run in self._runs.values() if run.replica_id == replica_id]
        return sorted((run for run in held if not run.ended), key=lambda run: run.id)[:limit]

    async def cancel_requests(self, replica_id: str) -> list[str]:
        """See `RunStore.cancel_requests`."""
        return [
            run.id
            for run in self._runs.values()
            if run.replica_id == replica_id and run.state == "running" and run.cancel_requested
        ]

    async def take_over(self, run: RunRecord, replica_id: str) -> RunRecord | None:
        """See `RunStore.take_over`."""
        try:
            self.check(run.fence)
        except RunFencedError:
            return None
        taken = replace(self._runs[run.id], attempt=run.attempt + 1, replica_id=replica_id)
        self._runs[run.id] = taken
        return taken

    async def purge_runs(self, *, kept_s: float, limit: int) -> int:
        """See `RunStore.purge_runs`."""
        before = now() - timedelta(seconds=kept_s)
        old = [run.id for run in self._runs.values() if run.ended_at and run.ended_at < before]
        for run_id in old[:limit]:
            self._delete(run_id)
        return len(old[:limit])

    def require_turn(self, run: RunRecord, most_running: int | None) -> None:
        """Raise what `ConversationStore.begin_run` raises for a run whose turn it is not."""
        self._refuse_used_key(run)
        if run.id in self._runs and self._runs[run.id].ended:
            raise RunCancelledError(run.id)
        others = sorted(self._of_thread(run), key=lambda one: (one.state != "running", one.id))
        for other in others:
            if other.state == "running" or (other.state == "queued" and other.id < run.id):
                raise ThreadBusyError(other.id)
        running = [
            one for one in self._runs.values() if one.owner == run.owner and one.state == "running"
        ]
        if most_running is not None and len(running) >= most_running:
            raise TooManyRunsError(run.owner)

    def begin(self, run: RunRecord) -> None:
        """Begin a run whose turn it is; what was noted of it in the queue stays."""
        noted = self._runs.get(run.id, run)
        self._runs[run.id] = replace(noted, state="running", request=run.request)

    def delete_of_thread(self, thread_id: str, owner: str) -> None:
        """Delete a thread's runs."""
        for run in list(self._runs.values()):
            if (run.thread_id, run.owner) == (thread_id, owner):
                self._delete(run.id)

    def check(self, fence: Fence) -> None:
        """Raise RunFencedError unless the attempt may write."""
        run = self._runs.get(fence.run_id)
        if run is None or run.fence != fence or run.state != "running":
            raise RunFencedError(fence.run_id)

    def _delete(self, run_id: str) -> None:
        del self._runs[run_id]
        self._logs.pop(run_id, None)

    def _of_thread(self, run: RunRecord) -> list[RunRecord]:
        runs = self._runs.values()
        return [one for one in runs if one.thread_id == run.thread_id and one.id != run.id]

    def _refuse_used_key(self, run: RunRecord) -> None:
        for other in self._runs.values():
            if (
                run.idempotency_key is not None
                and (other.owner, other.idempotency_key) == (run.owner, run.idempotency_key)
                and other.id != run.id
            ):
                raise DuplicateRunError(other)
