"""A `ChatKitServer` with what it takes to serve it."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias

from chatkit.server import ChatKitServer
from chatkit.types import ThreadMetadata, ThreadStreamEvent, UserMessageItem
from typing_extensions import TypeVar

from chatkit_backend.errors import Conflict
from chatkit_backend.runs import ActiveRuns, Outcome, Recorder, Run, ThreadTurns, Turn
from chatkit_backend.store.ids import new_id

from .conversation_store import ConversationStore

C = TypeVar("C")


class Prepares(ABC):
    """A server that looks at a message before anything is stored, as `AgentServer` does.

    By inheritance, not by structure: a published server may have a `prepare` of its own.
    """

    @abstractmethod
    def prepare(self, thread: ThreadMetadata, message: UserMessageItem) -> None:
        """Refuse the message with a `RequestError`, or change the thread that it is for."""


Begin: TypeAlias = Callable[[Turn], Awaitable[Run]]
"""Stores what a request says and starts its run, which gives the turn back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Generic[C]):
    """What the operations share.

    Attributes:
        max_input_chars: Longest text of one message, in characters.
        log_content: Whether texts may be logged (`LOG_CONTENT`).
    """

    server: ChatKitServer[C]
    store: ConversationStore[C]
    runs: ActiveRuns
    turns: ThreadTurns
    max_input_chars: int
    log_content: bool

    async def in_turn(self, thread_id: str, context: C, begin: Begin) -> Run:
        """Wait until no other run works on a thread that is there, then `begin`.

        `begin` loads what it needs itself: while it waited, another may have changed it.

        Raises: NotFoundError at once, so that nobody waits in, or learns of, a stranger's queue;
        Conflict (`thread_busy`); Unavailable (`shutting_down`); and what `begin` raises.
        """
        await self.store.load_thread(thread_id, context)
        return await self.in_new_turn(thread_id, begin)

    async def in_new_turn(self, thread_id: str, begin: Begin) -> Run:
        """The same for a thread that is not stored yet."""
        turn = await self.turns.take(thread_id)
        try:
            self.runs.refuse_while_draining()
            return await begin(turn)
        except BaseException:
            turn.release()
            raise

    def answer(
        self,
        thread: ThreadMetadata,
        context: C,
        turn: Turn,
        produce: Callable[[], AsyncIterator[ThreadStreamEvent]],
        *,
        first: Sequence[ThreadStreamEvent] = (),
    ) -> Run:
        """Start the run that sends `first` and then plays `produce`; it gives the turn back."""
        recorder = Recorder(
            self.server,
            thread,
            context,
            new_id=lambda: new_id("msg"),
            log_content=self.log_content,
        )

        async def work(run: Run) -> Outcome:
            for event in first:
                await run.emit(event)
            return await recorder.play(run, produce)

        return self.runs.start(thread.id, work, turn.release)

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
