"""Runs, as their owners ask for them."""

from chatkit_backend.runs import Reader, Runs
from chatkit_backend.store.runs import RunRecord

from .context import RequestContext
from .operations import refusals


class RunOperations:
    """Finding, following and cancelling. A stranger's run is not there.

    Every method raises NotFound and Unavailable (`store_unavailable`).
    """

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    async def run(self, run_id: str, caller: RequestContext) -> RunRecord:
        """Load a run."""
        with refusals():
            return await self._runs.store.load_run(run_id, caller.principal.owner)

    async def follow(self, run_id: str, caller: RequestContext, *, after: int | None) -> Reader:
        """Read a run from behind event number `after`; None: a digest, and then on."""
        with refusals():
            return await self._runs.resume(run_id, caller.principal.owner, after=after)

    async def cancel(self, run_id: str, caller: RequestContext) -> RunRecord:
        """End a run, wherever it is produced. Idempotent."""
        with refusals():
            return await self._runs.cancel(run_id, caller.principal.owner)

    async def active(self, thread_id: str, caller: RequestContext) -> RunRecord | None:
        """The run that answers in a thread now; also None for a thread that is not the caller's."""
        with refusals():
            return await self._runs.store.active_run(thread_id, caller.principal.owner)
