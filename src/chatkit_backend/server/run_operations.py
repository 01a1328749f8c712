"""Runs, as their owners ask for them."""

from collections.abc import Callable
from typing import Generic

from typing_extensions import TypeVar

from chatkit_backend.runs import Reader
from chatkit_backend.store.runs import RunRecord

from .context import RequestContext, set_request_owner
from .operations import refusals
from .service import Service

C = TypeVar("C")


class RunOperations(Generic[C]):
    """Finding, following and cancelling. A stranger's run is not there.

    Every method raises NotFound and StoreUnavailableError.
    """

    def __init__(self, service: Service[C], context: Callable[[RequestContext], C]) -> None:
        """`context` makes what the server's store is given."""
        self._runs = service.runs
        self._threads = service.store
        self._context = context

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
        """The run that answers in a thread now."""
        owner = caller.principal.owner
        set_request_owner(owner)
        with refusals():
            run = await self._runs.store.active_run(thread_id, owner)
            if run is None:
                await self._threads.load_thread(thread_id, self._context(caller))
            return run
