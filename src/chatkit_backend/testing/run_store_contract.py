"""What every store must do for runs, as a pytest class to inherit from.

    class TestMyStore(RunStoreContract):
        @pytest.fixture
        def store(self) -> StoreWithRuns: ...
        @pytest.fixture
        def context(self) -> MyContext: ...
        @pytest.fixture
        def other_context(self) -> MyContext: ...

The two contexts are of different owners, and new for each test if the store keeps rows between
tests. Two more fixtures may be overridden: `peer`, the same rows as another process sees them, and
`owner`, the function from a context to the owner whose rows it may see.

It deletes every ended run of the store. Needs pytest and pytest-asyncio.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Protocol

import pytest
from chatkit.store import NotFoundError
from chatkit.types import HiddenContextItem, ThreadItem, ThreadMetadata

from chatkit_backend.runs.run_store import RunStore
from chatkit_backend.server.conversation_store import ConversationStore
from chatkit_backend.store.ids import new_id
from chatkit_backend.store.ownership import owner_of
from chatkit_backend.store.runs import (
    Append,
    Chunk,
    DuplicateRunError,
    EndState,
    Fence,
    QueueFullError,
    RunCancelledError,
    RunFencedError,
    RunRecord,
    ThreadBusyError,
    ThreadChanges,
    TooManyRunsError,
    current_fence,
)
from chatkit_backend.store.times import now

from .store_contract import Context, a_message, a_thread, an_attachment

ENDS: tuple[EndState, ...] = ("completed", "cancelled", "failed")

ODD_TEXTS = ("", "none", "\0", "run_\0", "run_\ud800", "x" * 100_000, "rün_🙂", "'; DROP TABLE --")
"""What a caller may send as an id."""

Outcome = BaseException | None


class StoreWithRuns(ConversationStore[Context], Protocol):
    """Conversations, and the runs beside them."""

    @property
    def runs(self) -> RunStore:
        """The runs of these conversations."""
        ...


@dataclass(frozen=True)
class User:
    """Somebody with threads in a store, and runs on them."""

    store: StoreWithRuns
    context: Context
    owner: str

    @property
    def runs(self) -> RunStore:
        """Everybody's runs."""
        return self.store.runs

    def at(self, store: StoreWithRuns) -> "User":
        """The same person, at another process."""
        return replace(self, store=store)

    def a_run(
        self,
        thread: ThreadMetadata,
        *,
        replica_id: str = "rep_contract",
        idempotency_key: str | None = None,
    ) -> RunRecord:
        """A run that the store does not know yet."""
        return RunRecord(
            id=new_id("run"),
            owner=self.owner,
            thread_id=thread.id,
            replica_id=replica_id,
            idempotency_key=idempotency_key,
            fingerprint=idempotency_key and "fingerprint",
        )

    async def thread(self, *texts: str) -> ThreadMetadata:
        """A stored thread with messages of these texts."""
        thread = a_thread()
        items = [a_message(thread, text) for text in texts]
        await self.store.start_thread(thread, items, self.context)
        return thread

    async def begin(
        self, run: RunRecord, *items: ThreadItem, most_running: int | None = None
    ) -> None:
        """Begin a run with items."""
        await self.store.begin_run(
            run, ThreadChanges(items=items), self.context, most_running=most_running
        )

    async def begun(
        self, *, replica_id: str = "rep_contract", idempotency_key: str | None = None
    ) -> RunRecord:
        """A run that is running on a thread of its own."""
        thread = await self.thread()
        run = self.a_run(thread, replica_id=replica_id, idempotency_key=idempotency_key)
        await self.begin(run)
        return run

    async def queued(self, *, replica_id: str = "rep_contract") -> RunRecord:
        """A run that waits for a thread of its own."""
        run = self.a_run(await self.thread(), replica_id=replica_id)
        await self.enqueue(run)
        return replace(run, state="queued")

    async def enqueue(self, run: RunRecord, *, max_waiting: int = 100) -> None:
        """Let a run wait."""
        await self.runs.enqueue(replace(run, state="queued"), max_waiting=max_waiting)

    async def end(self, run: RunRecord, state: EndState = "completed") -> RunRecord:
        """End a running run; return it as it is then."""
        assert await self.runs.append([an_append(run, end=state)]) == frozenset()
        return await self.load(run)

    async def load(self, run: RunRecord) -> RunRecord:
        """The run as the store has it."""
        return await self.runs.load_run(run.id, self.owner)

    async def items(self, thread_id: str) -> list[ThreadItem]:
        """The first 100 items of a thread."""
        page = await self.store.page_items(
            thread_id, limit=100, after=None, order="asc", context=self.context, hidden=True
        )
        return page.data


def a_chunk(first: int, last: int | None = None) -> Chunk:
    """Events number `first` to `last`."""
    last = last or first
    payload = "\n".join(f'{seq} {{"n":{seq}}}' for seq in range(first, last + 1))
    return Chunk(first_seq=first, last_seq=last, payload=payload)


def an_append(run: RunRecord, chunk: Chunk | None = None, *, end: EndState | None = None) -> Append:
    """What `run`'s attempt has for its log."""
    return Append(fence=run.fence, owner=run.owner, chunk=chunk, end=end)


async def outcomes(work: Sequence[Awaitable[object]]) -> list[Outcome]:
    """Do all at once; None for what succeeded, else its error."""
    ended = await asyncio.gather(*work, return_exceptions=True)
    return [one if isinstance(one, BaseException) else None for one in ended]


@contextmanager
def working_for(fence: Fence) -> Iterator[None]:
    """What is written here is written by an attempt of a run."""
    token = current_fence.set(fence)
    try:
        yield
    finally:
        current_fence.reset(token)


@pytest.mark.asyncio
class RunStoreContract:
    """`runs.RunStore`, and what a `ConversationStore` does for it: `begin_run` and fences."""

    @pytest.fixture
    def peer(self, store: StoreWithRuns) -> StoreWithRuns:
        """The same rows as another process sees them."""
        return store

    @pytest.fixture
    def owner(self) -> Callable[[Context], str]:
        """Whose rows a context may see."""
        return owner_of

    @pytest.fixture
    def me(self, store: StoreWithRuns, context: Context, owner: Callable[[Context], str]) -> User:
        return User(store, context, owner(context))

    @pytest.fixture
    def stranger(
        self, store: StoreWithRuns, other_context: Context, owner: Callable[[Context], str]
    ) -> User:
        return User(store, other_context, owner(other_context))

    # beginning

    async def test_a_run_begins_with_what_it_changes_in_its_thread(self, me: User) -> None:
        thread = await me.thread("first", "second", "third")
        first, second, _ = await me.items(thread.id)
        renamed = thread.model_copy(update={"title": "New"})
        message = a_message(thread, "fourth")
        run = me.a_run(thread)
        changes = ThreadChanges(thread=renamed, after=second.id, items=[message])
        await me.store.begin_run(run, changes, me.context)
        assert await me.store.load_thread(thread.id, me.context) == renamed
        assert await me.items(thread.id) == [first, second, message]
        assert await me.runs.active_run(thread.id, me.owner) == run

    async def test_a_run_may_begin_together_with_its_thread(self, me: User) -> None:
        thread = a_thread()
        message = a_message(thread)
        changes = ThreadChanges(thread=thread, items=[message])
        await me.store.begin_run(me.a_run(thread), changes, me.context)
        assert await me.store.load_thread(thread.id, me.context) == thread
        assert await me.items(thread.id) == [message]

    async def test_a_run_is_loaded_as_it_was(self, me: User) -> None:
        plain = me.a_run(await me.thread())
        full = replace(
            me.a_run(await me.thread()),
            attempt=3,
            created_at=datetime(2030, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
            resumable=True,
            acted=True,
            idempotency_key="kéy 🙂",
            fingerprint="f" * 64,
            request='{"text":"Ütf-8 🙂 \\u0000"}',
        )
        for run in (plain, full):
            await me.begin(run)
            assert await me.load(run) == run

    async def test_another_run_of_the_thread_is_in_the_way(self, me: User) -> None:
        running = await me.begun()
        thread = await me.store.load_thread(running.thread_id, me.context)
        for _ in range(2):
            with pytest.raises(ThreadBusyError) as busy:
                await me.begin(me.a_run(thread), a_message(thread))
            assert busy.value.run_id == running.id
        assert await me.items(thread.id) == []
        await me.end(running)
        await me.begin(me.a_run(thread))

    async def test_runs_of_several_threads_are_not_in_each_others_way(self, me: User) -> None:
        runs = [await me.begun() for _ in range(3)]
        for run in runs:
            assert await me.runs.active_run(run.thread_id, me.owner) == run

    async def test_of_many_that_begin_at_once_one_runs(self, me: User, peer: StoreWithRuns) -> None:
        thread = await me.thread()
        runs = [me.a_run(thread) for _ in range(20)]
        messages = {run.id: a_message(thread) for run in runs}
        ended = await outcomes(
            [
                user.begin(run, messages[run.id])
                for user, run in zip([me, me.at(peer)] * 10, runs, strict=True)
            ]
        )
        [winner] = [run for run, error in zip(runs, ended, strict=True) if error is None]
        losses = [error for error in ended if error is not None]
        assert [error.args for error in losses if isinstance(error, ThreadBusyError)] == [
            (winner.id,)
        ] * 19
        assert await me.runs.active_run(thread.id, me.owner) == winner
        assert await me.items(thread.id) == [messages[winner.id]]

    async def test_of_an_owners_many_that_begin_at_once_no_more_run_than_may(
        self, me: User, peer: StoreWithRuns, stranger: User
    ) -> None:
        await stranger.begun()
        done = await me.begun()
        await me.end(done)
        threads = [await me.thread() for _ in range(10)]
        runs = [me.a_run(thread) for thread in threads]
        ended = await outcomes(
            [
                user.begin(run, a_message(thread), most_running=3)
                for user, run, thread in zip([me, me.at(peer)] * 5, runs, threads, strict=True)
            ]
        )
        begun = [run for run, error in zip(runs, ended, strict=True) if error is None]
        assert len(begun) == 3
        assert sum(isinstance(error, TooManyRunsError) for error in ended) == 7
        assert sum([bool(await me.items(thread.id)) for thread in threads]) == 3
        await me.end(begun[0])
        refused = next(run for run in runs if run not in begun)
        await me.begin(refused, most_running=3)

    async def test_a_beginning_that_is_refused_changes_nothing(
        self, me: User, stranger: User
    ) -> None:
        thread = await me.thread("first", "second")
        items = await me.items(thread.id)
        used = await me.begun(idempotency_key="used")
        more = ThreadChanges(items=[a_message(thread)])
        renamed = thread.model_copy(update={"title": "New"})
        all_of_it = replace(more, thread=renamed, after=items[0].id)
        refused: list[tuple[User, RunRecord, ThreadChanges, type[Exception]]] = [
            (me, me.a_run(thread, idempotency_key="used"), all_of_it, DuplicateRunError),
            (me, me.a_run(thread), replace(all_of_it, after="msg_none"), NotFoundError),
            (me, me.a_run(a_thread()), replace(more, after=items[0].id), NotFoundError),
            (me, me.a_run(a_thread()), more, NotFoundError),
            (stranger, stranger.a_run(thread), all_of_it, NotFoundError),
            (stranger, stranger.a_run(thread), replace(more, thread=renamed), NotFoundError),
            (stranger, stranger.a_run(thread), more, NotFoundError),
        ]
        for user, run, changes, error in refused:
            with pytest.raises(error):
                await user.store.begin_run(run, changes, user.context)
            with pytest.raises(NotFoundError):
                await user.load(run)
        waiting = me.a_run(thread)
        await me.enqueue(waiting)
        with pytest.raises(ThreadBusyError):
            await me.store.begin_run(me.a_run(thread), all_of_it, me.context)
        assert await me.store.load_thread(thread.id, me.context) == thread
        assert await me.items(thread.id) == items
        assert await me.load(used) == used

    async def test_a_beginning_that_cannot_be_stored_whole_changes_nothing(
        self, me: User, stranger: User
    ) -> None:
        thread = await me.thread("first", "second")
        items = await me.items(thread.id)
        theirs = an_attachment()
        await stranger.store.start_thread(a_thread(), [], stranger.context, attachments=[theirs])
        unstorable = HiddenContextItem(
            id=new_id("shcx"), thread_id=thread.id, created_at=now(), content=object()
        )
        changes = ThreadChanges(
            thread=thread.model_copy(update={"title": "New"}),
            after=items[0].id,
            items=[a_message(thread)],
        )
        refused: list[tuple[ThreadChanges, type[Exception]]] = [
            (replace(changes, items=[a_message(thread), unstorable]), ValueError),
            (replace(changes, attachments=[theirs]), NotFoundError),
        ]
        for changed, error in refused:
            run = me.a_run(thread)
            with pytest.raises(error):
                await me.store.begin_run(run, changed, me.context)
            with pytest.raises(NotFoundError):
                await me.load(run)
            assert await me.store.load_thread(thread.id, me.context) == thread
            assert await me.items(thread.id) == items

    # the queue

    async def test_a_queued_run_waits_and_does_not_run(self, me: User) -> None:
        waiting = await me.queued()
        assert await me.load(waiting) == waiting
        assert await me.runs.active_run(waiting.thread_id, me.owner) is None

    async def test_the_queue_goes_by_id_and_nobody_overtakes(self, me: User) -> None:
        thread = await me.thread()
        *waiting, running = (me.a_run(thread) for _ in range(4))
        await me.begin(running)
        for run in reversed(waiting):
            await me.enqueue(run)
        for before, turn in pairwise([running, *waiting]):
            assert await self._in_the_way(me, [turn, me.a_run(thread)]) == {before.id}
            await me.end(before)
            later = [run for run in waiting if run.id > turn.id]
            assert await self._in_the_way(me, [*later, me.a_run(thread)]) == {turn.id}
            await me.begin(turn)

    async def test_an_older_run_does_not_wait_for_a_younger_one_in_the_queue(
        self, me: User
    ) -> None:
        thread = await me.thread()
        older, younger = me.a_run(thread), me.a_run(thread)
        await me.enqueue(younger)
        await me.begin(older)
        assert await me.runs.active_run(thread.id, me.owner) == older

    async def test_a_queued_run_begins_with_what_was_noted_meanwhile(self, me: User) -> None:
        thread = await me.thread()
        run = me.a_run(thread, replica_id=new_id("rep"))
        await me.enqueue(run)
        await me.runs.keep_run(run.id, me.owner)
        await me.begin(replace(run, request='{"new":1}'))
        assert await me.load(run) == replace(run, resumable=True, request='{"new":1}')

    async def test_a_full_queue_refuses_until_one_leaves_or_begins(self, me: User) -> None:
        thread = await me.thread()
        runs = [me.a_run(thread) for _ in range(4)]
        for run in runs[:2]:
            await me.enqueue(run, max_waiting=2)
        with pytest.raises(QueueFullError):
            await me.enqueue(runs[2], max_waiting=2)
        with pytest.raises(NotFoundError):
            await me.load(runs[2])
        await me.enqueue(me.a_run(await me.thread()), max_waiting=1)
        await me.runs.dequeue(runs[1].id)
        await me.enqueue(runs[2], max_waiting=2)
        await me.begin(runs[0])
        await me.enqueue(runs[3], max_waiting=2)
        with pytest.raises(QueueFullError):
            await me.enqueue(runs[1], max_waiting=2)

    async def test_of_many_that_queue_at_once_only_so_many_wait(
        self, me: User, peer: StoreWithRuns
    ) -> None:
        running = await me.begun()
        thread = await me.store.load_thread(running.thread_id, me.context)
        ended = await outcomes(
            [user.enqueue(user.a_run(thread), max_waiting=5) for user in [me, me.at(peer)] * 10]
        )
        assert ended.count(None) == 5
        assert {type(error) for error in ended if error is not None} == {QueueFullError}

    async def test_only_a_queued_run_is_dequeued(self, me: User) -> None:
        queued, running = await me.queued(), await me.begun()
        ended = await me.end(await me.begun())
        for _ in range(2):
            for run_id in (queued.id, running.id, ended.id, "run_none"):
                await me.runs.dequeue(run_id)
        with pytest.raises(NotFoundError):
            await me.load(queued)
        assert await me.load(running) == running
        assert await me.load(ended) == ended

    # idempotency keys

    async def test_a_used_key_names_its_first_run(self, me: User) -> None:
        running = await me.begun(idempotency_key="first")
        ended = await me.end(await me.begun(idempotency_key="second"))
        acts: list[Callable[[RunRecord], Awaitable[None]]] = [me.begin, me.enqueue]
        for key, run in (("first", running), ("second", ended)):
            assert await me.runs.keyed_run(key, me.owner) == run
            for act in acts:
                again = me.a_run(await me.thread(), idempotency_key=key)
                with pytest.raises(DuplicateRunError) as duplicate:
                    await act(again)
                assert duplicate.value.run == run
                with pytest.raises(NotFoundError):
                    await me.load(again)

    async def test_a_queued_run_has_its_key_already_and_begins_with_it(self, me: User) -> None:
        thread = await me.thread()
        run = me.a_run(thread, idempotency_key="key")
        await me.enqueue(run)
        assert await me.runs.keyed_run("key", me.owner) == replace(run, state="queued")
        with pytest.raises(DuplicateRunError):
            await me.begin(me.a_run(await me.thread(), idempotency_key="key"))
        await me.begin(run)
        assert await me.runs.keyed_run("key", me.owner) == run

    async def test_a_key_is_one_owners(self, me: User, stranger: User) -> None:
        mine = await me.begun(idempotency_key="key")
        assert await stranger.runs.keyed_run("key", stranger.owner) is None
        theirs = await stranger.begun(idempotency_key="key")
        assert await me.runs.keyed_run("key", me.owner) == mine
        assert await stranger.runs.keyed_run("key", stranger.owner) == theirs

    async def test_keys_are_compared_letter_by_letter(self, me: User) -> None:
        for key in ("Key", "key", "kéy", "ke\u0301y", "key ", " key", "k%", "k_y"):
            run = await me.begun(idempotency_key=key)
            assert await me.runs.keyed_run(key, me.owner) == run

    async def test_a_key_is_free_when_its_run_is_gone(self, me: User) -> None:
        queued = me.a_run(await me.thread(), idempotency_key="key")
        await me.enqueue(queued)
        await me.runs.dequeue(queued.id)
        run = await me.begun(idempotency_key="key")
        await me.store.delete_thread(run.thread_id, me.context)
        assert await me.runs.keyed_run("key", me.owner) is None
        await me.end(await me.begun(idempotency_key="key"))
        await self._purge_all(me)
        await me.begun(idempotency_key="key")

    @pytest.mark.parametrize("threads", [1, 10])
    async def test_of_ten_at_once_with_one_key_one_runs(
        self, me: User, peer: StoreWithRuns, threads: int
    ) -> None:
        places = [await me.thread() for _ in range(threads)] * (10 // threads)
        runs = [me.a_run(place, idempotency_key="key") for place in places]
        messages = [a_message(place) for place in places]
        ended = await outcomes(
            [
                user.begin(run, message)
                for user, run, message in zip([me, me.at(peer)] * 5, runs, messages, strict=True)
            ]
        )
        winner = runs[ended.index(None)]
        losses = [error for error in ended if isinstance(error, DuplicateRunError)]
        assert [error.run for error in losses] == [winner] * 9
        assert await me.runs.keyed_run("key", me.owner) == winner
        stored = [item for place in places[:threads] for item in await me.items(place.id)]
        assert stored == [messages[ended.index(None)]]

    # owners

    async def test_another_owner_sees_and_changes_nothing(self, me: User, stranger: User) -> None:
        run = await me.begun(idempotency_key="key")
        refused: list[Callable[[], Awaitable[object]]] = [
            lambda: me.runs.load_run(run.id, stranger.owner),
            lambda: me.runs.request_cancel(run.id, stranger.owner),
            lambda: me.runs.keep_run(run.id, stranger.owner),
        ]
        for refusal in refused:
            with pytest.raises(NotFoundError):
                await refusal()
        assert await me.runs.active_run(run.thread_id, stranger.owner) is None
        assert await me.runs.keyed_run("key", stranger.owner) is None
        assert await me.load(run) == run

    @pytest.mark.parametrize("odd", ODD_TEXTS, ids=lambda odd: ascii(odd[:10]))
    async def test_what_no_run_is_called_is_not_there(self, me: User, odd: str) -> None:
        run = await me.begun(idempotency_key="key")
        for run_id, owner in ((odd, me.owner), (run.id, odd), (odd, odd)):
            with pytest.raises(NotFoundError):
                await me.runs.load_run(run_id, owner)
            with pytest.raises(NotFoundError):
                await me.runs.request_cancel(run_id, owner)
            with pytest.raises(NotFoundError):
                await me.runs.keep_run(run_id, owner)
        for thread_id, owner in ((odd, me.owner), (run.thread_id, odd)):
            assert await me.runs.active_run(thread_id, owner) is None
        for key, owner in ((odd, me.owner), ("key", odd)):
            assert await me.runs.keyed_run(key, owner) is None
        assert await me.load(run) == run

    # cancelling and coming back

    async def test_a_request_to_cancel_reaches_the_process_that_holds_the_run(
        self, me: User
    ) -> None:
        one, other = new_id("rep"), new_id("rep")
        run, _ = await me.begun(replica_id=one), await me.begun(replica_id=one)
        assert await me.runs.cancel_requests(one) == []
        for _ in range(2):
            asked = await me.runs.request_cancel(run.id, me.owner)
            assert asked == await me.load(run) == replace(run, cancel_requested=True)
            assert await me.runs.cancel_requests(one) == [run.id]
        taken = await me.runs.take_over(run, other)
        assert taken is not None
        assert await me.runs.cancel_requests(one) == []
        assert await me.runs.cancel_requests(other) == [run.id]
        await me.end(taken, "cancelled")
        assert await me.runs.cancel_requests(other) == []

    async def test_only_of_running_runs_the_process_hears(self, me: User) -> None:
        replica_id = new_id("rep")
        queued = await me.queued(replica_id=replica_id)
        await me.runs.request_cancel(queued.id, me.owner)
        assert await me.runs.cancel_requests(replica_id) == []

    @pytest.mark.parametrize("busy", [True, False])
    async def test_a_queued_run_that_is_cancelled_has_ended_and_never_begins(
        self, me: User, busy: bool
    ) -> None:
        running = await me.begun()
        waiting, later = [replace(running, id=new_id("run")) for _ in range(2)]
        await me.enqueue(waiting)
        await me.enqueue(later)
        asked = await me.runs.request_cancel(waiting.id, me.owner)
        assert (asked.state, asked.cancel_requested) == ("cancelled", True)
        assert asked.ended_at is not None
        assert await me.runs.request_cancel(waiting.id, me.owner) == asked
        if not busy:
            await me.end(running)
        thread = await me.store.load_thread(running.thread_id, me.context)
        with pytest.raises(RunCancelledError):
            await me.begin(waiting, a_message(thread, "too late"))
        assert await me.items(running.thread_id) == []
        await me.runs.dequeue(waiting.id)
        assert await me.load(waiting) == asked
        if not busy:
            await me.begin(later)

    @pytest.mark.parametrize("end", ENDS)
    async def test_to_cancel_an_ended_run_changes_nothing(self, me: User, end: EndState) -> None:
        ended = await me.end(await me.begun(), end)
        assert await me.runs.request_cancel(ended.id, me.owner) == ended
        assert await me.load(ended) == ended

    async def test_a_run_is_made_resumable(self, me: User) -> None:
        run = await me.begun()
        for _ in range(2):
            await me.runs.keep_run(run.id, me.owner)
            assert await me.load(run) == replace(run, resumable=True)

    # the log

    async def test_chunks_and_ends_of_several_runs_are_written_together(self, me: User) -> None:
        going, ending, silent = [await me.begun() for _ in range(3)]
        batch = [
            an_append(going, a_chunk(1, 3)),
            an_append(ending, a_chunk(1), end="failed"),
            an_append(silent, end="cancelled"),
        ]
        assert await me.runs.append(batch) == frozenset()
        assert await self._log(me, going) == [a_chunk(1, 3)]
        assert await self._log(me, ending) == [a_chunk(1)]
        assert await self._log(me, silent) == []
        assert await me.load(going) == going
        ends: list[tuple[RunRecord, EndState]] = [(ending, "failed"), (silent, "cancelled")]
        for run, state in ends:
            ended = await me.load(run)
            assert ended.ended_at is not None
            assert abs(now() - ended.ended_at) < timedelta(minutes=1)
            assert replace(ended, ended_at=None) == replace(run, state=state)
            assert await me.runs.active_run(run.thread_id, me.owner) is None

    async def test_nothing_is_appended_to_nothing(self, me: User) -> None:
        assert await me.runs.append([]) == frozenset()

    async def test_runs_that_were_fenced_off_are_named_and_not_written(self, me: User) -> None:
        good, queued, taken = await me.begun(), await me.queued(), await me.begun()
        await me.runs.take_over(taken, "rep_other")
        ended, unknown = await me.end(await me.begun()), me.a_run(a_thread())
        deleted = await me.begun()
        await me.store.delete_thread(deleted.thread_id, me.context)
        fenced = [taken, ended, unknown, queued, deleted]
        batch = [an_append(run, a_chunk(1)) for run in (*fenced, good)]
        random.shuffle(batch)
        assert await me.runs.append(batch) == {run.fence for run in fenced}
        for run in fenced:
            assert await self._log(me, run) == []
        assert await self._log(me, good) == [a_chunk(1)]
        ahead = replace(good, attempt=2)
        assert await me.runs.append([an_append(ahead, a_chunk(2), end="failed")]) == {ahead.fence}
        assert await self._log(me, good) == [a_chunk(1)]
        assert await me.load(good) == good

    async def test_of_two_attempts_in_a_batch_the_older_one_is_fenced_off(self, me: User) -> None:
        first = await me.begun()
        second = await me.runs.take_over(first, first.replica_id)
        assert second is not None
        batch = [an_append(first, a_chunk(1), end="failed"), an_append(second, a_chunk(2))]
        assert await me.runs.append(batch) == {first.fence}
        assert await self._log(me, second) == [a_chunk(2)]
        assert await me.load(second) == second

    @pytest.mark.parametrize("end", ENDS)
    async def test_the_same_batch_again_changes_nothing_and_is_no_fence(
        self, me: User, end: EndState
    ) -> None:
        going, ending = await me.begun(), await me.begun()
        batch = [an_append(going, a_chunk(1, 2)), an_append(ending, a_chunk(1), end=end)]
        await me.runs.append(batch)
        ended = await me.load(ending)
        for _ in range(2):
            assert await me.runs.append(batch) == frozenset()
            assert await me.load(going) == going
            assert await me.load(ending) == ended
            assert await self._log(me, going) == [a_chunk(1, 2)]
            assert await self._log(me, ending) == [a_chunk(1)]

    async def test_a_run_ends_once(self, me: User) -> None:
        for first, second in ((one, other) for one in ENDS for other in ENDS if one != other):
            ended = await me.end(await me.begun(), first)
            late = [an_append(ended, a_chunk(1), end=second)]
            assert await me.runs.append(late) == {ended.fence}
            assert await me.runs.append([an_append(ended, a_chunk(1))]) == {ended.fence}
            assert await me.load(ended) == ended
            assert await self._log(me, ended) == []

    async def test_batches_at_once_do_not_block_each_other(
        self, me: User, peer: StoreWithRuns
    ) -> None:
        # Each locks the same runs, in an order of its own.
        runs = [await me.begun() for _ in range(10)]
        batches = [
            [an_append(run, a_chunk(n)) for run in random.sample(runs, len(runs))]
            for n in range(1, 21)
        ]
        fenced = await asyncio.gather(
            *(
                user.runs.append(batch)
                for user, batch in zip([me, me.at(peer)] * 10, batches, strict=True)
            )
        )
        assert fenced == [frozenset()] * 20
        for run in runs:
            assert await self._log(me, run) == [a_chunk(n) for n in range(1, 21)]

    async def test_the_log_comes_in_the_order_of_its_numbers(self, me: User) -> None:
        run, other = await me.begun(), await me.begun()
        chunks = [a_chunk(1, 2), a_chunk(3), a_chunk(4, 9), a_chunk(10), a_chunk(11, 100)]
        for chunk in random.sample(chunks, len(chunks)):
            await me.runs.append([an_append(run, chunk), an_append(other, a_chunk(7))])
        assert await self._log(me, run) == chunks
        assert await self._log(me, other) == [a_chunk(7)]

    async def test_the_log_is_read_from_behind_any_event(self, me: User) -> None:
        run = await me.begun()
        chunks = [a_chunk(1, 2), a_chunk(3), a_chunk(6, 9)]
        for chunk in chunks:
            await me.runs.append([an_append(run, chunk)])
        behind = {-1: 3, 0: 3, 1: 3, 2: 2, 3: 1, 4: 1, 5: 1, 6: 1, 8: 1, 9: 0, 10: 0, 2**53: 0}
        for after, number in behind.items():
            expected = chunks[3 - number :]
            assert await me.runs.read_log(run.id, run.owner, after=after, limit=9) == expected
        for after, limit in ((0, 1), (0, 2), (0, 3), (1, 2), (2, 1)):
            expected = chunks[after // 2 :][:limit]
            assert await me.runs.read_log(run.id, run.owner, after=after, limit=limit) == expected

    async def test_a_long_log_is_read_in_pages_to_its_end(self, me: User) -> None:
        run = await me.begun()
        for n in range(150):
            await me.runs.append([an_append(run, a_chunk(2 * n + 1, 2 * n + 2))])
        seen: list[Chunk] = []
        while page := await me.runs.read_log(
            run.id, run.owner, after=seen[-1].last_seq if seen else 0, limit=64
        ):
            seen += page
        assert seen == [a_chunk(2 * n + 1, 2 * n + 2) for n in range(150)]

    async def test_the_log_keeps_any_text(self, me: User) -> None:
        run = await me.begun()
        payload = '1 {"text":"\\u0000 \u2028 😀 \'; DROP TABLE \\ % :x \ufffe"}' + "é" * 100_000
        chunk = Chunk(first_seq=1, last_seq=1, payload=payload)
        await me.runs.append([an_append(run, chunk)])
        assert await self._log(me, run) == [chunk]

    async def test_the_log_of_somebody_elses_run_is_empty(self, me: User, stranger: User) -> None:
        run = await me.begun()
        await me.runs.append([an_append(run, a_chunk(1))])
        assert await stranger.runs.read_log(run.id, stranger.owner, after=0, limit=9) == []

    async def test_a_run_that_is_not_there_has_no_log(self, me: User) -> None:
        assert await me.runs.read_log("run_none", me.owner, after=0, limit=9) == []

    # processes

    async def test_a_beat_is_one_more_also_of_several_at_once(
        self, me: User, peer: StoreWithRuns
    ) -> None:
        replica_id = new_id("rep")
        run = await me.begun(replica_id=replica_id)
        assert (await me.runs.replicas())[replica_id] == 0
        await me.runs.beat(replica_id)
        assert (await me.runs.replicas())[replica_id] == 1
        await asyncio.gather(*(user.runs.beat(replica_id) for user in [me, me.at(peer)] * 5))
        assert (await me.runs.replicas())[replica_id] == 11
        await me.end(run)

    async def test_only_processes_that_hold_open_runs_are_listed(self, me: User) -> None:
        queued, running, ended, idle, never = (new_id("rep") for _ in range(5))
        await me.queued(replica_id=queued)
        await me.begun(replica_id=running)
        await me.begun(replica_id=running)
        await me.end(await me.begun(replica_id=ended))
        for replica_id in (running, ended, idle):
            await me.runs.beat(replica_id)
        beats = await me.runs.replicas()
        names = (queued, running, ended, idle, never)
        assert [beats.get(name) for name in names] == [0, 1, None, None, None]

    async def test_only_a_process_that_holds_nothing_is_forgotten(self, me: User) -> None:
        replica_id = new_id("rep")
        run = await me.begun(replica_id=replica_id)
        await me.runs.beat(replica_id)
        await me.runs.forget_replica(replica_id)
        assert (await me.runs.replicas())[replica_id] == 1
        await me.end(run)
        queued = await me.queued(replica_id=replica_id)
        await me.runs.forget_replica(replica_id)
        assert (await me.runs.replicas())[replica_id] == 1
        await me.runs.dequeue(queued.id)
        for _ in range(2):
            await me.runs.forget_replica(replica_id)
        await me.begun(replica_id=replica_id)
        assert (await me.runs.replicas())[replica_id] == 0

    async def test_a_process_holds_its_open_runs_oldest_first(
        self, me: User, stranger: User
    ) -> None:
        replica_id = new_id("rep")
        threads = [await me.thread() for _ in range(4)]
        runs = [me.a_run(thread, replica_id=replica_id) for thread in threads]
        for run in reversed(runs):
            await me.begin(run)
        theirs = await stranger.queued(replica_id=replica_id)
        await me.begun(replica_id=new_id("rep"))
        await me.end(runs.pop(1))
        held = [*runs, theirs]
        for limit in range(1, 6):
            assert await me.runs.held_by(replica_id, limit=limit) == held[:limit]
        assert await me.runs.held_by(new_id("rep"), limit=9) == []

    # taking over

    async def test_a_running_run_is_taken_over(self, me: User) -> None:
        run = await me.begun()
        await me.runs.append([an_append(run, a_chunk(1))])
        await me.runs.mark_acted(run.fence)
        await me.runs.keep_run(run.id, me.owner)
        replica_id = new_id("rep")
        taken = await me.runs.take_over(run, replica_id)
        # All else is as the store has it now, not as it was when `run` was read.
        expected = replace(run, attempt=2, replica_id=replica_id, acted=True, resumable=True)
        assert taken == expected
        assert await me.load(run) == expected
        assert await me.runs.held_by(replica_id, limit=9) == [expected]
        assert await self._log(me, run) == [a_chunk(1)]
        again = await me.runs.take_over(expected, replica_id)
        assert again == replace(expected, attempt=3)

    async def test_of_ten_processes_one_takes_a_run_over(
        self, me: User, peer: StoreWithRuns
    ) -> None:
        run = await me.begun()
        names = [new_id("rep") for _ in range(10)]
        taken = await asyncio.gather(
            *(
                user.runs.take_over(run, name)
                for user, name in zip([me, me.at(peer)] * 5, names, strict=True)
            )
        )
        [winner] = [one for one in taken if one is not None]
        assert winner == replace(run, attempt=2, replica_id=names[taken.index(winner)])
        assert await me.load(run) == winner

    async def test_a_run_that_does_not_run_is_not_taken_over(self, me: User) -> None:
        queued, deleted = await me.queued(), await me.begun()
        await me.store.delete_thread(deleted.thread_id, me.context)
        ended = [await me.end(await me.begun(), end) for end in ENDS]
        for run in (queued, deleted, *ended):
            assert await me.runs.take_over(run, "rep_other") is None
        for run in (queued, *ended):
            assert await me.load(run) == run

    async def test_the_old_attempt_writes_no_more_and_the_new_one_does(self, me: User) -> None:
        run = await me.begun()
        taken = await me.runs.take_over(run, "rep_other")
        assert taken is not None
        with pytest.raises(RunFencedError):
            await me.runs.mark_acted(run.fence)
        late = an_append(run, a_chunk(1), end="completed")
        assert await me.runs.append([late]) == {run.fence}
        assert await me.load(run) == taken
        await me.runs.mark_acted(taken.fence)
        assert await me.runs.append([an_append(taken, a_chunk(1))]) == frozenset()
        assert await self._log(me, run) == [a_chunk(1)]

    async def test_a_tool_begins_only_for_an_attempt_that_runs(self, me: User) -> None:
        run, queued, ended = await me.begun(), await me.queued(), await me.end(await me.begun())
        for _ in range(2):
            await me.runs.mark_acted(run.fence)
            assert await me.load(run) == replace(run, acted=True)
        for fence in (
            queued.fence,
            ended.fence,
            Fence(run.id, 2),
            Fence("run_none", 1),
        ):
            with pytest.raises(RunFencedError):
                await me.runs.mark_acted(fence)
        for other in (queued, ended):
            assert await me.load(other) == other

    @pytest.mark.parametrize("gone", ["taken over", "ended"])
    async def test_what_an_attempt_writes_into_a_thread_counts_only_while_it_runs(
        self, me: User, gone: str
    ) -> None:
        thread = await me.thread("first", "second")
        run = me.a_run(thread)
        await me.begin(run)
        said = a_message(thread, "said in time")
        with working_for(run.fence):
            await me.store.put_items(thread.id, [said], me.context)
        items = await me.items(thread.id)
        if gone == "ended":
            await me.end(run)
        else:
            await me.runs.take_over(run, "rep_other")
        for write in self._writes(me, thread, items):
            with working_for(run.fence), pytest.raises(RunFencedError):
                await write()
        assert await me.store.load_thread(thread.id, me.context) == thread
        assert await me.items(thread.id) == items
        assert items[2:] == [said]
        for write in self._writes(me, thread, items):
            await write()  # by somebody who works for no run

    async def test_nothing_that_the_old_attempt_writes_appears_after_the_take_over(
        self, me: User, peer: StoreWithRuns
    ) -> None:
        there = me.at(peer)
        for _ in range(10):  # the moment to hit is a short one
            run = await me.begun()
            thread = await there.store.load_thread(run.thread_id, me.context)
            with working_for(run.fence):
                writes = [
                    asyncio.create_task(
                        me.store.put_items(thread.id, [a_message(thread)], me.context)
                    )
                    for _ in range(20)
                ]
            await asyncio.wait(writes, return_when=asyncio.FIRST_COMPLETED)
            assert await there.runs.take_over(run, "rep_other") is not None
            items = await there.items(thread.id)
            ended = await outcomes(writes)
            assert await there.items(thread.id) == items
            assert ended.count(None) == len(items)
            assert {type(error) for error in ended} <= {type(None), RunFencedError}

    async def test_a_chunk_is_written_before_a_take_over_or_named_as_fenced(
        self, me: User, peer: StoreWithRuns
    ) -> None:
        there = me.at(peer)
        for _ in range(10):  # the moment to hit is a short one
            runs = [await me.begun() for _ in range(3)]
            chunk = replace(a_chunk(1), payload="é" * 100_000)
            appended = [
                asyncio.create_task(me.runs.append([an_append(run, chunk)])) for run in runs
            ]
            for run, append in zip(runs, appended, strict=True):
                assert await there.runs.take_over(run, "rep_other") is not None
                log = await self._log(there, run)
                assert await append == (frozenset() if log else {run.fence})
                assert await self._log(there, run) == log

    # the end of it all

    async def test_ended_runs_are_purged_with_their_logs_when_they_are_old(self, me: User) -> None:
        await self._purge_all(me)
        running, queued = await me.begun(), await me.queued()
        await me.runs.append([an_append(running, a_chunk(1))])
        ended = [await me.begun() for _ in ENDS]
        await me.runs.append(
            [an_append(run, a_chunk(1), end=end) for run, end in zip(ended, ENDS, strict=True)]
        )
        assert await me.runs.purge_runs(kept_s=60, limit=9) == 0
        assert [len(await self._log(me, run)) for run in ended] == [1, 1, 1]
        assert await me.runs.purge_runs(kept_s=-60, limit=9) == 3  # as if it were a minute later
        for run in ended:
            with pytest.raises(NotFoundError):
                await me.load(run)
            assert await self._log(me, run) == []
        assert await me.load(running) == running
        assert await me.load(queued) == queued
        assert await self._log(me, running) == [a_chunk(1)]

    async def test_a_run_that_took_long_is_kept_from_its_end_on(self, me: User) -> None:
        await self._purge_all(me)
        run = replace(me.a_run(await me.thread()), created_at=now() - timedelta(days=1))
        await me.begin(run)
        ended = await me.end(run)
        assert await me.runs.purge_runs(kept_s=60, limit=9) == 0
        assert await me.load(ended) == ended

    async def test_at_most_so_many_runs_are_purged_at_a_time(self, me: User) -> None:
        await self._purge_all(me)
        for _ in range(5):
            await me.end(await me.begun())
        purged = [await me.runs.purge_runs(kept_s=-60, limit=2) for _ in range(4)]
        assert purged == [2, 2, 1, 0]

    async def test_a_thread_is_deleted_with_its_runs_and_logs(self, me: User) -> None:
        ended = await me.begun()
        thread = await me.store.load_thread(ended.thread_id, me.context)
        await me.runs.append([an_append(ended, a_chunk(1), end="completed")])
        running, queued, other = me.a_run(thread), me.a_run(thread), await me.begun()
        await me.begin(running)
        await me.enqueue(queued)
        await me.runs.append([an_append(run, a_chunk(1)) for run in (running, other)])
        await me.store.delete_thread(thread.id, me.context)
        for run in (ended, running, queued):
            with pytest.raises(NotFoundError):
                await me.load(run)
            assert await self._log(me, run) == []
        assert await me.runs.active_run(thread.id, me.owner) is None
        assert await me.load(other) == other
        assert await self._log(me, other) == [a_chunk(1)]

    async def test_another_owner_deletes_neither_thread_nor_runs(
        self, me: User, stranger: User
    ) -> None:
        run = await me.begun()
        await me.runs.append([an_append(run, a_chunk(1))])
        with pytest.raises(NotFoundError):
            await stranger.store.delete_thread(run.thread_id, stranger.context)
        assert await me.load(run) == run
        assert await self._log(me, run) == [a_chunk(1)]

    async def _in_the_way(self, user: User, runs: Sequence[RunRecord]) -> set[str]:
        """For which runs these have to wait."""
        ended = [await outcomes([user.begin(run)]) for run in runs]
        assert all(isinstance(error, ThreadBusyError) for [error] in ended)
        return {error.run_id for [error] in ended if isinstance(error, ThreadBusyError)}

    async def _log(self, user: User, run: RunRecord) -> list[Chunk]:
        return await user.runs.read_log(run.id, run.owner, after=0, limit=1000)

    async def _purge_all(self, user: User) -> None:
        """Delete every ended run, those of earlier tests too."""
        while await user.runs.purge_runs(kept_s=-60, limit=100):
            pass

    def _writes(
        self, me: User, thread: ThreadMetadata, items: Sequence[ThreadItem]
    ) -> list[Callable[[], Awaitable[None]]]:
        """Every way to write into a thread."""
        renamed = thread.model_copy(update={"title": "New"})
        more = [a_message(thread)]
        last = [items[-1].id]
        return [
            lambda: me.store.save_thread(renamed, me.context),
            lambda: me.store.start_thread(renamed, more, me.context),
            lambda: me.store.put_items(thread.id, more, me.context),
            lambda: me.store.save_feedback(thread.id, last, "positive", me.context),
            lambda: me.store.delete_items(thread.id, last, me.context),
            lambda: me.store.delete_items_after(thread.id, items[0].id, me.context),
        ]
