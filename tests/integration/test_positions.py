"""From any event that a reader was ever shown, he goes on with exactly what he does not have:
wherever the run goes, and when the store was away."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeAlias

import pytest
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ProgressUpdateEvent,
    ThoughtTask,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemUpdate,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    Workflow,
    WorkflowItem,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)
from tests.contract.owners import Request, somebody
from tests.streams import Screen

from chatkit_backend.runs import Disconnection, LocalSignals, Run, Runs, reader
from chatkit_backend.runs.entries import RETOLD, Entry, chunk_of, entry_of, joined
from chatkit_backend.store import MemoryStore, SqlStore
from chatkit_backend.store.errors import StoreUnavailableError
from chatkit_backend.store.ownership import owner_of
from chatkit_backend.store.runs import Append, Chunk, EndState, RunRecord
from chatkit_backend.store.times import now
from chatkit_backend.testing.run_store_contract import User

AnyStore: TypeAlias = MemoryStore[Request] | SqlStore[Request]
MakeStore: TypeAlias = Callable[[], AnyStore]
"""Each store that it makes is another process's, on the same rows."""


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MakeStore]:
    made: list[AnyStore] = []
    in_memory = MemoryStore[Request]()

    def make() -> AnyStore:
        match request.param:
            case "memory":
                made.append(in_memory)
            case "sqlite":
                made.append(SqlStore[Request](f"sqlite:///{tmp_path / 'chat.sqlite3'}"))
            case _:
                made.append(SqlStore[Request](request.getfixturevalue("postgresql_url")))
        return made[-1]

    yield make
    for store in made:
        await store.close()


@asynccontextmanager
async def process(store: AnyStore) -> AsyncIterator[Runs]:
    """A process that produces and follows runs."""
    runs = Runs(
        store.runs, LocalSignals(), replica_id="rep_test", disconnection=Disconnection(cancel=False)
    )
    runs.open()
    try:
        yield runs
    finally:
        await runs.active.drain(0)
        await runs.close()


def message(item_id: str, text: str = "") -> AssistantMessageItem:
    content = [AssistantMessageContent(text=text)] if text else []
    return AssistantMessageItem(id=item_id, thread_id="thr_1", created_at=now(), content=content)


def text_events(item_id: str, pieces: list[str]) -> list[ThreadStreamEvent]:
    """A message as a model streams it."""
    part = AssistantMessageContentPartAdded(
        content_index=0, content=AssistantMessageContent(text="")
    )
    updates: list[ThreadItemUpdate] = [
        part,
        *[AssistantMessageContentPartTextDelta(content_index=0, delta=one) for one in pieces],
    ]
    return [
        ThreadItemAddedEvent(item=message(item_id)),
        *[ThreadItemUpdatedEvent(item_id=item_id, update=one) for one in updates],
        ThreadItemDoneEvent(item=message(item_id, "".join(pieces))),
    ]


def reasoning_events(item_id: str) -> list[ThreadStreamEvent]:
    """A thought that grows."""
    workflow = Workflow(type="reasoning", tasks=[])
    item = WorkflowItem(id=item_id, thread_id="thr_1", created_at=now(), workflow=workflow)
    thoughts = [ThoughtTask(content="Let me think" + "." * dots) for dots in range(3)]
    updates: list[ThreadItemUpdate] = [
        WorkflowTaskAdded(task=thoughts[0], task_index=0),
        *[WorkflowTaskUpdated(task=one, task_index=0) for one in thoughts[1:]],
    ]
    return [
        ThreadItemAddedEvent(item=item),
        *[ThreadItemUpdatedEvent(item_id=item_id, update=one) for one in updates],
        ThreadItemDoneEvent(item=item),
    ]


def an_answer() -> list[ThreadStreamEvent]:
    """Reasoning, then two messages: words, an empty piece, and what is not ASCII."""
    return [
        *reasoning_events("wf_1"),
        *text_events("msg_1", [f"word{number} " for number in range(40)]),
        ProgressUpdateEvent(text="Still there"),
        *text_events(
            "msg_2", ["Grüße, ", "", "你好", "🙂👩‍👩‍👧", "\n\n", "e\u0301", "\ud83d", '"end"']
        ),
    ]


async def read(runs: Runs, record: RunRecord, after: int | None) -> list[Entry]:
    batches = runs.reader(record, after=after).batches()
    return [entry async for batch in batches for entry in batch]


def assert_exact(recorded: list[Entry], after: int, rest: list[Entry]) -> None:
    """Together with what the reader had, `rest` is what was recorded, and nothing twice."""
    had = [entry for entry in recorded if entry.seq <= after]
    assert joined([*had, *rest]) == joined(recorded), f"from behind event {after}"


def text_on_screen(entries: list[Entry]) -> str:
    """What a client shows that forgets what it had when it is told the answer anew."""
    screen = Screen()
    retelling = False
    for entry in entries:
        if entry.seq == RETOLD and not retelling:
            screen.forget()
        retelling = entry.seq == RETOLD
        screen.apply(json.loads(entry.data))
    return screen.text


async def begun(store: AnyStore) -> RunRecord:
    """A run that has begun, on a thread of its own."""
    context = somebody()
    return await User(store, context, owner_of(context)).begun()


async def test_from_behind_any_event_live_and_finished_here_and_elsewhere(
    make_store: MakeStore,
) -> None:
    events = an_answer()
    said, gate = asyncio.Event(), asyncio.Event()

    async def work(run: Run) -> EndState:
        for event in events[:-1]:
            await run.emit(event)
        said.set()
        await gate.wait()
        await run.emit(events[-1])
        return "completed"

    store = make_store()
    record = await begun(store)
    recorded = [entry_of(seq, event) for seq, event in enumerate(events, start=1)]
    places = range(1, len(events))
    async with process(store) as here, process(make_store()) as elsewhere:
        here.start(record, work)
        await said.wait()
        async with asyncio.TaskGroup() as reading:
            live = [
                (place, reading.create_task(read(runs, record, place)))
                for place in places
                for runs in (here, elsewhere)
            ]
            await asyncio.sleep(0)  # they begin to read
            gate.set()
        for place, rest in live:
            assert_exact(recorded, place, rest.result())
        for place in (*places, len(events)):
            for runs in (here, elsewhere):
                assert_exact(recorded, place, await read(runs, record, place))


async def test_a_log_of_the_first_release_is_told_anew_to_who_comes_back_inside_a_joined_delta(
    make_store: MakeStore,
) -> None:
    events = text_events("msg_1", ["one ", "two ", "three"])
    recorded = [entry_of(seq, event) for seq, event in enumerate(events, start=1)]
    lines = [f"{entry.seq} {entry.data.decode()}" for entry in joined(recorded)]
    chunk = Chunk(first_seq=1, last_seq=len(events), payload="\n".join(lines))
    store = make_store()
    record = await begun(store)
    await store.runs.append(
        [Append(fence=record.fence, owner=record.owner, chunk=chunk, end="completed")]
    )
    inside = {3, 4}
    async with process(store) as runs:
        for place in range(1, len(events) + 1):
            rest = await read(runs, record, place)
            if place in inside:
                assert rest[0].seq == RETOLD
                assert rest[-1].data == recorded[-1].data
            else:
                assert_exact(recorded, place, rest)


def test_a_process_of_the_first_release_reads_what_is_stored_now() -> None:
    recorded = [entry_of(seq, event) for seq, event in enumerate(an_answer(), start=1)]

    numbered = [line.partition(" ") for line in chunk_of(recorded).payload.split("\n")]

    # It takes the lines with numbers behind the reader's, which is 0 at least.
    read_by_it = [(int(seq), data.encode()) for seq, _, data in numbered if int(seq) > 0]
    assert read_by_it == [(entry.seq, entry.data) for entry in joined(recorded)]


databases = pytest.mark.parametrize("make_store", ["sqlite", "postgresql"], indirect=True)
"""For what can be away."""


@databases
async def test_a_reader_of_a_process_that_was_taken_for_dead_follows_the_next_attempt_to_its_end(
    make_store: MakeStore,
) -> None:
    stored, shown = asyncio.Event(), asyncio.Event()
    store = make_store()
    record = await begun(store)

    async def first(run: Run) -> EndState:
        for event in text_events("msg_1", ["Stored"])[:-1]:
            await run.emit(event)
        while run.log.backlog:
            await asyncio.sleep(0.01)
        await store.close()
        stored.set()
        for event in text_events("msg_2", ["Shown, and in no log"])[:-1]:
            await run.emit(event)
        shown.set()
        await asyncio.Event().wait()
        return "completed"

    async def second(run: Run) -> EndState:
        for event in (
            ThreadItemRemovedEvent(item_id="msg_1"),
            *text_events("msg_3", ["The second ", "attempt"]),
        ):
            await run.emit(event)
        return "completed"

    other = make_store()
    async with process(store) as taken_for_dead, process(other) as heir:
        taken_for_dead.start(record, first)
        readers = [
            asyncio.create_task(read(runs, record, after))
            for runs in (taken_for_dead, heir)
            for after in (0, 1)
        ]
        await stored.wait()
        await shown.wait()
        taken = await other.runs.take_over(record, heir.replica_id)
        assert taken is not None
        heir.start(taken, second)
        await store.open()
        answers = await asyncio.gather(*readers)

    assert [text_on_screen(one) for one in answers] == ["The second attempt"] * 4
    for answer in answers:
        seqs = [entry.seq for entry in answer]
        told = seqs[len(seqs) - seqs[::-1].index(RETOLD) :] if RETOLD in seqs else seqs
        assert told == sorted(set(told))


@databases
@pytest.mark.parametrize("after", [None, 0, 1])
async def test_a_reader_waits_for_a_store_that_is_away_and_shows_that_it_lives(
    make_store: MakeStore, after: int | None
) -> None:
    events = text_events("msg_1", ["one ", "two"])
    gate = asyncio.Event()

    async def work(run: Run) -> EndState:
        await run.emit(events[0])
        await gate.wait()
        for event in events[1:]:
            await run.emit(event)
        return "completed"

    here, away = make_store(), make_store()
    record = await begun(here)
    await away.open()
    async with process(here) as producer, process(away) as follower:
        producer.start(record, work)
        batches = follower.reader(record, after=after).batches(idle_s=0.01)
        await away.close()
        assert [await anext(batches) for _ in range(3)] == [[], [], []]
        await away.open()
        gate.set()
        entries = [entry async for batch in batches for entry in batch]

    assert text_on_screen(entries) == "one two"


@databases
async def test_it_does_not_wait_for_ever(
    make_store: MakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "AWAY_S", 0)
    store = make_store()
    record = await begun(store)
    async with process(store) as runs:
        await store.close()
        with pytest.raises(StoreUnavailableError):
            await read(runs, record, 1)
