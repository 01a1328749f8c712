"""Logs are stored together at intervals, ends at once and by themselves."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from chatkit.types import ProgressUpdateEvent
from tests.unit.runs.living import OWNER, a_run

from chatkit_backend.runs import writer
from chatkit_backend.runs.log import RunLog
from chatkit_backend.runs.signals import LocalSignals
from chatkit_backend.runs.writer import LogWriter, Written
from chatkit_backend.store.memory_runs import MemoryRuns
from chatkit_backend.store.runs import Append, Fence


class Noted(MemoryRuns):
    """Remembers which runs each transaction was for, and carries it out when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[list[str]] = []
        self.asked, self.gate = asyncio.Event(), asyncio.Event()
        self.gate.set()

    async def append(self, batch: Sequence[Append]) -> frozenset[Fence]:
        self.asked.set()
        await self.gate.wait()
        self.batches.append([one.fence.run_id for one in batch])
        return await super().append(batch)


@pytest.fixture
def store() -> Noted:
    return Noted()


@pytest.fixture
async def log_writer(store: Noted) -> AsyncIterator[LogWriter]:
    log_writer = LogWriter(store, LocalSignals())
    log_writer.start()
    await asyncio.sleep(0)  # it waits for a run now
    yield log_writer
    await log_writer.stop()


async def written(store: Noted, log_writer: LogWriter, run_id: str) -> Written:
    """A run whose log has one event."""
    record = a_run(run_id)
    store.begin(record)
    run = Written(record.fence, OWNER, RunLog(), on_fenced=None)
    await run.log.append(ProgressUpdateEvent(text="working"))
    log_writer.add(run)
    return run


async def test_the_news_of_all_runs_are_stored_together(
    store: Noted, log_writer: LogWriter
) -> None:
    runs = [await written(store, log_writer, f"run_{number}") for number in range(3)]
    async with asyncio.timeout(5):
        while any(run.log.backlog for run in runs):
            await asyncio.sleep(0.01)

    assert store.batches == [["run_0", "run_1", "run_2"]]


async def test_an_end_is_stored_at_once_and_leaves_the_others_to_their_interval(
    store: Noted, log_writer: LogWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "INTERVAL_S", 3600)
    going_on = await written(store, log_writer, "run_on")
    ending = await written(store, log_writer, "run_end")

    async with asyncio.timeout(5):
        await log_writer.end(ending, "completed")

    assert store.batches == [["run_end"]]
    assert (await store.load_run("run_end", OWNER)).state == "completed"
    assert len(await store.read_log("run_end", OWNER, after=0, limit=10)) == 1
    assert going_on.log.backlog


async def test_ends_do_not_put_off_what_the_others_have_to_say(
    store: Noted, log_writer: LogWriter
) -> None:
    going_on = await written(store, log_writer, "run_on")
    number = 0
    async with asyncio.timeout(5):
        while going_on.log.backlog:
            ending = await written(store, log_writer, f"run_{number}")
            await log_writer.end(ending, "completed")
            number += 1

    stored = await store.read_log("run_on", OWNER, after=0, limit=10)
    assert [chunk.last_seq for chunk in stored] == [1]


async def test_a_run_that_was_taken_over_costs_no_other_one_its_end(
    store: Noted, log_writer: LogWriter
) -> None:
    lost, other = [await written(store, log_writer, name) for name in ("run_lost", "run_other")]
    assert await store.take_over(a_run("run_lost"), "rep_other")

    async with asyncio.timeout(5):
        await lost.done.wait()  # fenced off
        await log_writer.end(lost, "cancelled")
        await log_writer.end(other, "completed")

    assert (await store.load_run("run_other", OWNER)).state == "completed"


async def test_an_end_that_comes_while_its_run_is_fenced_off_costs_no_other_one_its_end(
    store: Noted, log_writer: LogWriter
) -> None:
    lost, other = [await written(store, log_writer, name) for name in ("run_lost", "run_other")]
    assert await store.take_over(a_run("run_lost"), "rep_other")
    store.gate.clear()

    async with asyncio.timeout(5):
        await store.asked.wait()
        ends = asyncio.gather(*(log_writer.end(run, "completed") for run in (lost, other)))
        await asyncio.sleep(0)
        store.gate.set()
        await ends

    assert (await store.load_run("run_other", OWNER)).state == "completed"
