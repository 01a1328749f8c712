"""Runs over HTTP: follow one from any event, cancel it, find a thread's.

Each under `/chatkit/…` and `/api/chatkit/…`, as the ChatKit endpoint itself.
"""

from datetime import datetime
from typing import Protocol

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from chatkit_backend.errors import BadRequest
from chatkit_backend.runs import Reader
from chatkit_backend.runs.entries import RETOLD
from chatkit_backend.server.context import RequestContext
from chatkit_backend.store.runs import RunRecord, RunState

from .callers import Callers
from .route import BackendRoute
from .stream import run_stream

MAX_SEQ_DIGITS = 15
"""Event numbers are integers that JavaScript can hold."""


class RunOperations(Protocol):
    """What the routes need of `server.run_operations.RunOperations`."""

    async def run(self, run_id: str, caller: RequestContext) -> RunRecord:
        """Load a run."""
        ...

    async def follow(self, run_id: str, caller: RequestContext, *, after: int | None) -> Reader:
        """Read a run."""
        ...

    async def cancel(self, run_id: str, caller: RequestContext) -> RunRecord:
        """End a run."""
        ...

    async def active(self, thread_id: str, caller: RequestContext) -> RunRecord | None:
        """The run that answers in a thread now."""
        ...


class RunView(BaseModel):
    """A run as clients see it.

    `running` in the answer to a cancellation means that the end has been asked for and will come.
    """

    id: str
    thread_id: str
    state: RunState
    attempt: int
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, run: RunRecord) -> "RunView":
        """The view of a record."""
        return cls(
            id=run.id,
            thread_id=run.thread_id,
            state=run.state,
            attempt=run.attempt,
            created_at=run.created_at,
            ended_at=run.ended_at,
        )


def run_routes(operations: RunOperations, callers: Callers, *, heartbeat_s: float) -> APIRouter:
    """The routes of runs under their two prefixes."""
    router = APIRouter()
    for prefix in ("/chatkit", "/api/chatkit"):
        router.include_router(_routes(operations, callers, heartbeat_s), prefix=prefix)
    return router


def _routes(operations: RunOperations, callers: Callers, heartbeat_s: float) -> APIRouter:
    router = APIRouter(route_class=BackendRoute, tags=["runs"])

    @router.get("/runs/{run_id}")
    async def run(run_id: str, request: Request) -> RunView:
        """A run's state."""
        return RunView.of(await operations.run(run_id, await callers.identify(request)))

    @router.get("/runs/{run_id}/events", response_class=Response)
    async def events(run_id: str, request: Request, after: str | None = None) -> Response:
        """Follow a run to its end.

        Behind the event of `Last-Event-ID`, or else of `after`; without, or behind one of number 0,
        the answer so far in few events and then on.
        """
        seq = _seq(request.headers.get("last-event-id") or after, run_id)
        caller = await callers.identify(request)
        reader = await operations.follow(run_id, caller, after=seq)
        return run_stream(request, reader, reader.batches(idle_s=heartbeat_s))

    @router.post("/runs/{run_id}/cancel")
    async def cancel(run_id: str, request: Request) -> RunView:
        """End a run; what was written is kept. Idempotent."""
        return RunView.of(await operations.cancel(run_id, await callers.identify(request)))

    @router.get("/threads/{thread_id}/run", responses={204: {"description": "No run is active."}})
    async def active(thread_id: str, request: Request) -> Response:
        """The run that answers in a thread now; 204 if none does."""
        found = await operations.active(thread_id, await callers.identify(request))
        if found is None:
            return Response(status_code=204)
        return Response(RunView.of(found).model_dump_json(), media_type="application/json")

    return router


def _seq(given: str | None, run_id: str) -> int | None:
    """The number in an event id, `<run>:<seq>` or `<seq>`.

    None if there is none, or if it is `RETOLD`: who has lost his connection while he was told the
    answer anew is told it anew again.
    """
    if not given:
        return None
    name, _, number = given.rpartition(":")
    if name not in {"", run_id}:
        raise BadRequest("unknown_event", f"Event {given[:80]!r} is not one of run {run_id!r}.")
    if not (number.isascii() and number.isdigit() and len(number) <= MAX_SEQ_DIGITS):
        raise BadRequest("unknown_event", f"Event {given[:80]!r} is not '<run>:<number>'.")
    seq = int(number)
    return None if seq == RETOLD else seq
