"""Runs whose process died: what becomes of them in the process that took them over."""

import asyncio
from collections.abc import Callable
from typing import Generic, NamedTuple

from chatkit.store import NotFoundError
from chatkit.types import ThreadMetadata, UserMessageItem
from typing_extensions import TypeVar

from chatkit_backend.logs import get_logger
from chatkit_backend.runs import Run, Work
from chatkit_backend.runs.entries import Entry, entries_of
from chatkit_backend.runs.patience import patiently
from chatkit_backend.store.runs import EndState, RunRecord

from .admission import Place
from .agent import AgentServer
from .context import RequestContext, set_request_owner
from .replay import Replay, replay_from
from .service import Service

C = TypeVar("C")

CHUNKS = 200
"""Chunks of a log that are read at a time."""

log = get_logger(__name__)


class _Left(NamedTuple):
    """What a dead process has left of an answer: its thread, and its log."""

    thread: ThreadMetadata
    entries: list[Entry]


class _Again(NamedTuple):
    """The message that is answered once more, and the right to do it."""

    message: UserMessageItem
    place: Place


class Recovery(Generic[C]):
    """Ends an orphaned run visibly, or executes it again where that is allowed and safe.

    Again only with attempts left (`RUN_ATTEMPTS`), before any tool began, before anything of the
    answer was stored, and with an `AgentServer`: what another server's `respond` does is unknown.
    """

    def __init__(
        self,
        service: Service[C],
        context: Callable[[RequestContext], C],
        *,
        attempts: int,
    ) -> None:
        self._service = service
        self._context = context
        self._attempts = attempts

    def work(self, record: RunRecord) -> Work:
        """What the run that was taken over does here."""

        async def recover(run: Run) -> EndState:
            set_request_owner(record.owner)
            try:
                return await self._recover(run, record)
            except NotFoundError:
                log.info("run_lost_its_thread", run_id=run.id, thread_id=run.thread_id)
                return "failed"

        return recover

    async def _recover(self, run: Run, record: RunRecord) -> EndState:
        """Read what is left, then end it, or execute it again when there is a place.

        Whoever stops it before it is executed again ends it as it is: with its text.
        """
        replay = replay_from(record.request)
        context = self._context(replay.caller())
        again: _Again | None = None
        try:
            left = await self._left(record, context)
            again = await self._again(record, replay, context)
        except asyncio.CancelledError:
            await run.conclude()
            left = await self._left(record, context)
        recorder = self._service.recorder(left.thread, context)
        if again is None:
            return await recorder.end_orphan(run, left.entries)
        try:
            log.info("run_executed_again", run_id=run.id, attempt=record.attempt)
            await recorder.take_back(run, left.entries)
            respond = self._service.server.respond
            return await recorder.play(run, lambda: respond(left.thread, again.message, context))
        finally:
            again.place.free()

    async def _left(self, record: RunRecord, context: C) -> _Left:
        load = self._service.store.load_thread
        thread = await patiently(lambda: load(record.thread_id, context))
        return _Left(thread, await patiently(lambda: self._log_of(record)))

    async def _again(self, record: RunRecord, replay: Replay, context: C) -> _Again | None:
        message = await patiently(lambda: self._to_answer_again(record, replay, context))
        if message is None:
            return None
        return _Again(message, await self._service.admission.place_again())

    async def _to_answer_again(
        self, record: RunRecord, replay: Replay, context: C
    ) -> UserMessageItem | None:
        if (
            record.attempt > self._attempts
            or record.acted
            or record.cancel_requested
            or replay.answers is None
            or not isinstance(self._service.server, AgentServer)
        ):
            return None
        newest = await self._service.store.page_items(
            record.thread_id, limit=1, after=None, order="desc", context=context, hidden=True
        )
        match newest.data:
            case [UserMessageItem() as message] if message.id == replay.answers:
                return message
            case _:
                return None

    async def _log_of(self, run: RunRecord) -> list[Entry]:
        entries: list[Entry] = []
        after = 0
        read = self._service.runs.store.read_log
        while chunks := await read(run.id, run.owner, after=after, limit=CHUNKS):
            entries += entries_of(chunks)
            after = chunks[-1].last_seq
        return entries
