"""A `ChatKitServer` with what it takes to serve it."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, runtime_checkable

from chatkit.server import ChatKitServer
from chatkit.types import ThreadMetadata, ThreadStreamEvent, UserMessageItem
from typing_extensions import TypeVar

from chatkit_backend.errors import Conflict
from chatkit_backend.runs import ActiveRuns, Outcome, Recorder, Run, ThreadTurns, Turn
from chatkit_backend.store.ids import new_id

from .conversation_store import ConversationStore

C = TypeVar("C")


@runtime_checkable
class Prepares(Protocol):
    """A server that looks at a message before anything is stored, as `AgentServer` does."""

    def prepare(self, thread: ThreadMetadata, message: UserMessageItem) -> None:
        """Refuse the message with a `RequestError`, or change the thread that it begins."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Generic[C]):
    """What the operations share.

    Attributes:
        max_input_chars: Longest text of one message, in characters.
    """

    server: ChatKitServer[C]
    store: ConversationStore[C]
    runs: ActiveRuns
    turns: ThreadTurns
    max_input_chars: int

    async def take_turn(self, thread_id: str) -> Turn:
        """Wait until no other run works on the thread.

        Raises: Conflict (`thread_busy`), Unavailable (`shutting_down`).
        """
        self.runs.refuse_while_draining()
        return await self.turns.take(thread_id)

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
        recorder = Recorder(self.server, thread, context, lambda: new_id("msg"))

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
