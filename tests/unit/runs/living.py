"""A process that lives meanwhile: its runs, its beat, its sweeps."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from chatkit_backend.runs import Replica, Runs, RunStore
from chatkit_backend.runs.run import Disconnection, Run, Work
from chatkit_backend.runs.signals import LocalSignals
from chatkit_backend.store.runs import EndState, RunRecord

REPLICA_ID = "rep_here"
OWNER = "anna"


def a_run(run_id: str = "run_1", *, replica_id: str = REPLICA_ID) -> RunRecord:
    """A run on a thread of its own."""
    return RunRecord(id=run_id, owner=OWNER, thread_id=f"thread of {run_id}", replica_id=replica_id)


def nothing_to_recover(record: RunRecord) -> Work:
    raise AssertionError(f"{record.id} was taken over, though its process lives")


async def for_ever(_: Run) -> EndState:
    await asyncio.Event().wait()
    return "completed"


@asynccontextmanager
async def living(
    store: RunStore,
    recovery: Callable[[RunRecord], Work] = nothing_to_recover,
    *,
    disconnection: Disconnection | None = None,
) -> AsyncIterator[Runs]:
    """The runs of a process that lives as long as the block lasts."""
    signals = LocalSignals()
    runs = Runs(
        store,
        signals,
        replica_id=REPLICA_ID,
        disconnection=disconnection or Disconnection(cancel=False),
    )
    runs.open()
    replica = Replica(runs, signals, recovery, retention_s=60)
    replica.start()
    try:
        yield runs
    finally:
        await replica.stop()
        await runs.active.drain(0)
        await runs.close()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what nothing tells of."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)
