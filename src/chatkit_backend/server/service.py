"""A `ChatKitServer` with what it takes to serve it."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeAlias

from chatkit.server import ChatKitServer
from chatkit.store import NotFoundError
from chatkit.types import ThreadMetadata, ThreadStreamEvent, UserMessageItem
from typing_extensions import TypeVar

from chatkit_backend.errors import Conflict, TooManyRequests
from chatkit_backend.logs import get_logger
from chatkit_backend.runs import Reader, Recorder, Run, Runs, Work
from chatkit_backend.store.errors import StoreUnavailableError
from chatkit_backend.store.ids import new_id
from chatkit_backend.store.runs import (
    DuplicateRunError,
    EndState,
    QueueFullError,
    RunCancelledError,
    RunRecord,
    ThreadBusyError,
    ThreadChanges,
    TooManyRunsError,
)

from .admission import Admission, Place
from .call import Call
from .conversation_store import ConversationStore
from .replay import replay_of

C = TypeVar("C")

PRESENCE_S = 0.2
"""Seconds of waiting after which it is asked whether the client is still there: asking costs."""

ThreadBusy: TypeAlias = Literal["queue", "reject", "interrupt"]

RETRY_AFTER_S = 5
"""Seconds after which somebody who has too many answers open may try again."""

log = get_logger(__name__)


class Prepares(ABC, Generic[C]):
    """A server that looks at a message before anything is stored, as `AgentServer` does.

    By inheritance, not by structure: a published server may have a `prepare` of its own.
    """

    @abstractmethod
    def prepare(self, thread: ThreadMetadata, message: UserMessageItem, context: C) -> None:
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
        opens_thread: Whether the thread is new, and holds nothing but what is in `changes`.
    """

    thread: ThreadMetadata
    changes: ThreadChanges
    produce: Callable[[], AsyncIterator[ThreadStreamEvent]]
    first: Sequence[ThreadStreamEvent] = ()
    answers: str | None = None
    opens_thread: bool = False


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
        max_user_runs: Answers that one user may have open at once (`USER_ACTIVE_RUNS`).
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
    max_user_runs: int | None
    log_content: bool

    async def answer(self, thread_id: str, call: Call[C], make_plan: MakePlan) -> Reader:
        """Store what a request says, start its run, and read it from the beginning.

        A request whose `Idempotency-Key` was used before leads to the run of that time.

        Raises: what `make_plan` raises; Conflict (`thread_busy`, `run_cancelled`,
        `idempotency_key_reused`); Unavailable (`shutting_down`, `overloaded`).
        """
        if known := await self._known_run(call):
            if call.resumable:
                await self.runs.keep(known)
            return self.runs.reader(known, after=0)
        record = self._record(thread_id, call)
        try:
            with self.runs.coming(record.id):
                begun, plan, place = await self._in_turn(record, call, make_plan)
                self.runs.start(begun, self._work(plan, call.context, place))
                reader = self.runs.reader(begun, after=0)
        except DuplicateRunError:
            return await self.answer(thread_id, call, make_plan)
        try:
            await self.admission.turn()
        except BaseException:
            reader.leave()  # as one whose client has gone: nobody else reads the run
            raise
        return reader

    def _work(self, plan: Plan, context: C, place: Place) -> Work:
        recorder = self.recorder(plan.thread, context)

        async def work(run: Run) -> EndState:
            run.opens_thread_for = self.server if plan.opens_thread else None
            try:
                for event in plan.first:
                    await run.emit(event)
                return await recorder.play(run, plan.produce, turn=self.admission.turn)
            finally:
                place.free()

        return work

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

    async def _in_turn(
        self, record: RunRecord, call: Call[C], make_plan: MakePlan
    ) -> tuple[RunRecord, Plan, Place]:
        """Begin the run when it is its thread's turn; while it waits for that it has no place."""
        clock = asyncio.get_running_loop().time
        came = clock()
        deadline = came + self.max_wait_s
        place = await self.admission.place()
        queued = False
        try:
            while True:
                try:
                    if clock() - came > PRESENCE_S:
                        await self._refuse_who_left(call)
                    return *await self._begun(record, call, make_plan), place
                except ThreadBusyError as exc:
                    place.free()
                    if clock() > deadline:
                        raise self._still_busy(exc.run_id) from exc
                    await self._make_way(exc.run_id, call)
                    if not queued:
                        queued = True
                        await self._enqueue(record, exc.run_id)
                await self.runs.thread_change(record.thread_id)
                place = await self.admission.place_again(max(deadline - clock(), 0))
        except BaseException:
            place.free()
            if queued:
                await self._leave_queue(record)
            raise

    async def _begun(
        self, record: RunRecord, call: Call[C], make_plan: MakePlan
    ) -> tuple[RunRecord, Plan]:
        """Begin the run, if it is its turn. Raises: ThreadBusyError."""
        plan = await make_plan()
        self.runs.active.refuse_while_draining()
        begun = replace(record, request=replay_of(call.caller, answers=plan.answers))
        try:
            await self.store.begin_run(
                begun, plan.changes, call.context, most_running=self.max_user_runs
            )
        except TooManyRunsError:
            raise self._one_too_many() from None
        except RunCancelledError as exc:
            raise Conflict(
                "run_cancelled",
                "The message was cancelled before its turn came, and is not stored; "
                "send it again if it is wanted after all.",
                details={"run_id": record.id},
            ) from exc
        return begun, plan

    async def _refuse_who_left(self, call: Call[C]) -> None:
        """Give up a message that nobody has been told was taken, if leaving says stop."""
        if self.runs.leaving_cancels and not call.resumable and await call.has_left():
            raise Conflict(
                "thread_busy", "The client left before the message's turn came; it is not stored."
            )

    async def _leave_queue(self, record: RunRecord) -> None:
        try:
            await self.runs.store.dequeue(record.id)
        except StoreUnavailableError:
            self.runs.doubt.begin()  # and would keep its place in front of all that follow

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
                with suppress(NotFoundError):  # it has made way by itself
                    # One that still waits has not been told that it was taken: it begins first, so
                    # that its message is kept, and is then cancelled.
                    if (await self.runs.store.load_run(run_id, call.owner)).state == "running":
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

    def _one_too_many(self) -> TooManyRequests:
        limit = self.max_user_runs or 0
        answers = "1 answer is" if limit == 1 else f"{limit} answers are"
        return TooManyRequests(
            "active_runs_limit",
            f"{answers} being written for you, which is the limit; send this message again when "
            "one has ended.",
            limit=limit,
            window_s=0,
            retry_after_s=RETRY_AFTER_S,
        )

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
