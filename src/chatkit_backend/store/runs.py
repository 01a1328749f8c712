"""Runs and their logs, as they are stored."""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from chatkit.types import Attachment, ThreadItem, ThreadMetadata

from .times import now

RunState: TypeAlias = Literal["queued", "running", "completed", "cancelled", "failed"]
EndState: TypeAlias = Literal["completed", "cancelled", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run: an answer that waits, is being produced, or has ended.

    Attributes:
        replica_id: The process that produces it, or did last.
        attempt: Counts take-overs; a write of an older attempt is refused.
        resumable: Its client can come back and can say stop, so its leaving is no stop.
        cancel_requested: Somebody asked for its end.
        acted: A tool began, so that executing it again could do something twice.
        idempotency_key: What its client named its request; unique for an owner.
        fingerprint: Of the request that `idempotency_key` stands for.
        request: JSON: what it takes to execute it again.
    """

    id: str
    owner: str
    thread_id: str
    replica_id: str
    state: RunState = "running"
    attempt: int = 1
    created_at: datetime = field(default_factory=now)
    ended_at: datetime | None = None
    resumable: bool = False
    cancel_requested: bool = False
    acted: bool = False
    idempotency_key: str | None = None
    fingerprint: str | None = None
    request: str = "{}"

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state not in ("queued", "running")

    @property
    def fence(self) -> "Fence":
        """What a write of this attempt must name."""
        return Fence(self.id, self.attempt)


@dataclass(frozen=True, slots=True)
class Fence:
    """The right of one attempt of a run to write; it ends with a take-over and with the run."""

    run_id: str
    attempt: int


current_fence: ContextVar[Fence | None] = ContextVar("chatkit_backend_fence", default=None)
"""The run for which this task works. Stores check it in the transaction of each write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Consecutive events of a run's log, written together.

    Attributes:
        payload: One line an event: its number, a space, its JSON. `runs/entries.py` writes it.
    """

    first_seq: int
    last_seq: int
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    """What one run has for its log: new events, and perhaps its end."""

    fence: Fence
    owner: str
    chunk: Chunk | None
    end: EndState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadChanges:
    """What the beginning of a run changes in its thread, all or nothing.

    Attributes:
        thread: The thread to insert or update.
        after: Items behind this one are deleted first.
        items: Items to insert or update, in this order.
        attachments: Attachments of the items.
    """

    thread: ThreadMetadata | None = None
    after: str | None = None
    items: Sequence[ThreadItem] = ()
    attachments: Sequence[Attachment] = ()


class ThreadBusyError(Exception):
    """Another run works on the thread, or has waited for it longer."""

    def __init__(self, run_id: str) -> None:
        super().__init__(run_id)
        self.run_id = run_id


class RunCancelledError(Exception):
    """The run was cancelled while it was queued: it never begins."""


class QueueFullError(Exception):
    """As many runs as may wait for one thread wait already."""


class TooManyRunsError(Exception):
    """The owner has as many runs running as one owner may."""

    def __init__(self, owner: str) -> None:
        super().__init__(owner)


class DuplicateRunError(Exception):
    """The idempotency key has been used; `run` is the run that it named."""

    def __init__(self, run: RunRecord) -> None:
        super().__init__(run.id)
        self.run = run


class RunFencedError(Exception):
    """The run has ended or was taken over; what the older attempt says is not written."""
