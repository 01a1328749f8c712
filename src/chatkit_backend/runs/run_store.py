"""What runs need of a store: the truth about them that survives a process."""

from collections.abc import Sequence
from typing import Protocol

from chatkit_backend.store.runs import Append, Chunk, Fence, RunRecord


class RunStore(Protocol):
    """Runs, their logs, and the processes that hold them. Two of them share one database.

    Methods that take an `owner` see only that owner's runs: NotFoundError for any other. The
    others are the process's own business. Every method may raise StoreUnavailableError.

    A run begins with `ConversationStore.begin_run`, in one transaction with its message.
    """

    async def enqueue(self, run: RunRecord, *, max_waiting: int) -> None:
        """Keep a `queued` run; it is the next of its thread when no older one waits (by id).

        Raises: QueueFullError if `max_waiting` runs wait for the thread; DuplicateRunError.
        """
        ...

    async def dequeue(self, run_id: str) -> None:
        """Delete a queued run; nothing happens if it is not there or no longer queued."""
        ...

    async def load_run(self, run_id: str, owner: str) -> RunRecord:
        """Load a run. Raises: NotFoundError."""
        ...

    async def active_run(self, thread_id: str, owner: str) -> RunRecord | None:
        """The run that is `running` on a thread."""
        ...

    async def keyed_run(self, idempotency_key: str, owner: str) -> RunRecord | None:
        """The run that an idempotency key names."""
        ...

    async def request_cancel(self, run_id: str, owner: str) -> RunRecord:
        """Note that a run shall end; return it as it is then. Raises: NotFoundError.

        A queued run has ended with this, and never begins.
        """
        ...

    async def keep_run(self, run_id: str, owner: str) -> None:
        """Make a run resumable."""
        ...

    async def mark_acted(self, fence: Fence) -> None:
        """Note that a tool of the run begins. Raises: RunFencedError."""
        ...

    async def append(self, batch: Sequence[Append]) -> frozenset[Fence]:
        """Write chunks and ends of several runs in one transaction.

        Returns the attempts that were fenced off: of them nothing was written. To append the same
        again, after a failure that may have been none, changes nothing and is no fence.
        """
        ...

    async def read_log(self, run_id: str, owner: str, *, after: int, limit: int) -> list[Chunk]:
        """At most `limit` chunks that hold an event behind number `after`, in order.

        None of a run that is not there or not the owner's.
        """
        ...

    async def beat(self, replica_id: str) -> None:
        """Show that a process lives: its beat is one more."""
        ...

    async def replicas(self) -> dict[str, int]:
        """The beat of each process that holds queued or running runs; 0 before its first."""
        ...

    async def forget_replica(self, replica_id: str) -> None:
        """Delete a process that holds no queued or running run; otherwise nothing happens."""
        ...

    async def held_by(self, replica_id: str, *, limit: int) -> list[RunRecord]:
        """At most `limit` of the queued and running runs of a process, oldest first."""
        ...

    async def cancel_requests(self, replica_id: str) -> list[str]:
        """Ids of the running runs of a process whose end was asked for."""
        ...

    async def take_over(self, run: RunRecord, replica_id: str) -> RunRecord | None:
        """Begin the next attempt of a running run; None if another process was faster."""
        ...

    async def purge_runs(self, *, kept_s: float, limit: int) -> int:
        """Delete at most `limit` runs, with their logs, that ended longer ago; return how many."""
        ...
