"""A `ChatKitServer` with what it takes to serve it."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeAlias

from chatkit.server import ChatKitServer
from chatkit.types import ThreadMetadata, ThreadStreamEvent, UserMessageItem
from typing_extensions import TypeVar

from chatkit_backend.errors import Conflict
from chatkit_backend.logs import get_logger
from chatkit_backend.runs import Outcome, Reader, Recorder, Run, Runs
from chatkit_backend.store.errors import StoreUnavailableError
from chatkit_backend.store.ids import new_id
from chatkit_backend.store.runs import (
    DuplicateRunError,
    QueueFullError,
    RunRecord,
    ThreadBusyError,
    ThreadChanges,
)

from .admission import Admission
from .call import Call
from .conversation_store import ConversationStore
from .replay import replay_of

C = TypeVar("C")

ThreadBusy: TypeAlias = Literal["queue", "reject", "interrupt"]

log = get_logger(__name__)


class Prepares(ABC):
    """A server that looks at a message before anything is stored, as `AgentServer` does.

    By inheritance, not by structure: a published server may have a `prepare` of its own.
    """

    @abstractmethod
    def prepare(self, thread: ThreadMetadata, message: UserMessageItem) -> None:
        """Refuse the message with a `RequestError`, or change the thread that it is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a request leads to, once everything about it was found right.

    Attributes:
        thread: The thread as the server's extension point is given it.
        changes: What is stored together with the run.
        produce: Calls the extension point that answers.
        first: What readers see before the answer.
        answers: Id of the user message that `respond` is given; None if it is given none, or if
            it is not `respond` that answers.
    """

    thread: ThreadMetadata
    changes: ThreadChanges
    produce: Callable[[], AsyncIterator[ThreadStreamEvent]]
    first: Sequence[ThreadStreamEvent] = ()
    answers: str | None = None


MakePlan: TypeAlias = Callable[[], Awaitable[Plan]]
"""Checks a request against its thread as it is now. Called again when the thread was busy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Generic[C]):
    """What the operations share.

    Attributes:
        admission: How many answers there may be at once.
        thread_busy: What a second message on a thread does (`THREAD_BUSY`).
        max_waiting: Messages that may wait for one thread.
        max_wait_s: Seconds for which one waits.
        max_input_chars: Longest text of one message, in characters.
        log_content: Whether texts may be logged (`LOG_CONTENT`).
    """

    server: ChatKitServer[C]
    store: ConversationStore[C]
    runs: Runs
    admission: Admission
    thread_busy: ThreadBusy
    max_waiting: int
    max_wait_s: float
    max_input_chars: int
    log_content: bool

    async def answer(self, thread_id: str, call: Call[C], make_plan: MakePlan) -> Reader:
        """Store what a request says, start its run, and read it from the beginning.

        A request whose `Idempotency-Key` was used before leads to the run of that time.

        Raises: what `make_plan` raises; Conflict (`thread_busy`, `idempotency_key_reused`);
        Unavailable (`shutting_down`, `overloaded`).
        """
        if known := await self._known_run(call):
            return self.runs.reader(known, after=0)
        place = await self.admission.place()
        try:
            record, plan = await self._begun(self._record(thread_id, call), call, make_plan)
        except DuplicateRunError:
            place.free()
            return await self.answer(thread_id, call, make_plan)
        except BaseException:
            place.free()
            raise
        recorder = self.recorder(plan.thread, call.context)

        async def work(run: Run) -> Outcome:
            try:
                for event in plan.first:
                    await run.emit(event)
                return await recorder.play(run, plan.produce)
            finally:
                place.free()

        self.runs.start(record, work)
        return self.runs.reader(record, after=0)

    def recorder(self, thread: ThreadMetadata, context: C) -> Recorder[C]:
        """What plays and saves one answer of the server."""
        return Recorder(
            self.server,
            thread,
            context,
            new_id=lambda: new_id("msg"),
            log_content=self.log_content,
        )

    async def open_thread(self, thread_id: str, context: C) -> ThreadMetadata:
        """Load a thread that takes messages.

        Raises: NotFoundError; Conflict (`thread_locked`, `thread_closed`).
        """
        thread = await self.store.load_thread(thread_id, context)
        if thread.status.type != "active":
            reason = f": {thread.status.reason}" if thread.status.reason else ""
            raise Conflict(
                f"thread_{thread.status.type}",
                f"The thread is {thread.status.type} and takes no messages{reason}.",
            )
        return thread

    def _record(self, thread_id: str, call: Call[C]) -> RunRecord:
        return RunRecord(
            id=new_id("run"),
            owner=call.owner,
            thread_id=thread_id,
            replica_id=self.runs.replica_id,
            resumable=call.resumable,
            idempotency_key=call.idempotency_key,
            fingerprint=call.fingerprint,
        )

    async def _begun(
        self, record: RunRecord, call: Call[C], make_plan: MakePlan
    ) -> tuple[RunRecord, Plan]:
        """Begin the run when it is its thread's turn."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + self.max_wait_s
        queued = self.runs.queued
        try:
            while True:
                plan = await make_plan()
                self.runs.active.refuse_while_draining()
                begun = replace(record, request=replay_of(call.caller, answers=plan.answers))
                try:
                    await self.store.begin_run(begun, plan.changes, call.context)
                except ThreadBusyError as exc:
                    if clock() > deadline:
                        raise self._still_busy(exc.run_id) from exc
                    await self._make_way(exc.run_id, call)
                    if record.id not in queued:
                        queued.add(record.id)
                        await self._enqueue(record, exc.run_id)
                    await self.runs.thread_change(record.thread_id)
                else:
                    queued.discard(record.id)
                    return begun, plan
        except (StoreUnavailableError, asyncio.CancelledError):
            self.runs.doubtful.add(record.id)  # it may have begun all the same
            raise
        finally:
            if record.id in queued:
                queued.discard(record.id)
                await self.runs.store.dequeue(record.id)

    async def _make_way(self, run_id: str, call: Call[C]) -> None:
        match self.thread_busy:
            case "queue":
                pass
            case "reject":
                raise Conflict(
                    "thread_busy",
                    f"Run {run_id} answers in this thread; follow it, cancel it, or wait for it.",
                    details={"run_id": run_id},
                )
            case "interrupt":
                await self.runs.cancel(run_id, call.owner)

    async def _enqueue(self, record: RunRecord, busy: str) -> None:
        try:
            await self.runs.store.enqueue(
                replace(record, state="queued"), max_waiting=self.max_waiting
            )
        except QueueFullError as exc:
            raise Conflict(
                "thread_busy",
                f"The thread is being answered and {self.max_waiting} more messages wait; "
                "send this one again when the answer has ended.",
                details={"run_id": busy},
            ) from exc

    def _still_busy(self, run_id: str) -> Conflict:
        return Conflict(
            "thread_busy",
            f"The thread is still being answered after {self.max_wait_s:g} s; "
            "send this message again when the answer has ended.",
            details={"run_id": run_id},
        )

    async def _known_run(self, call: Call[C]) -> RunRecord | None:
        """The run that the request's idempotency key names, once it has begun."""
        if call.idempotency_key is None:
            return None
        clock = asyncio.get_running_loop().time
        deadline = clock() + self.max_wait_s
        while True:
            known = await self.runs.store.keyed_run(call.idempotency_key, call.owner)
            if known is None:
                return None
            if known.fingerprint != call.fingerprint:
                raise Conflict(
                    "idempotency_key_reused",
                    f"Idempotency-Key {call.idempotency_key!r} was used for another request; "
                    "make a new key for a new request.",
                )
            if known.state != "queued":
                return known
            if clock() > deadline:
                raise self._still_busy(known.id)
            await self.runs.thread_change(known.thread_id)
