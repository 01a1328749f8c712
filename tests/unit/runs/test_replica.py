"""A process shows that it lives for as long as it holds something, and leaves no trace after."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from tests.contract.owners import Request

from chatkit_backend.runs import Runs, replica
from chatkit_backend.runs.replica import Replica
from chatkit_backend.runs.run import Disconnection, Run, Work
from chatkit_backend.runs.signals import LocalSignals
from chatkit_backend.store import MemoryStore
from chatkit_backend.store.runs import EndState, RunRecord

REPLICA_ID = "rep_here"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica, "BEAT_S", 0.01)


@pytest.fixture
def store() -> MemoryStore[Request]:
    return MemoryStore()


@pytest.fixture
async def runs(store: MemoryStore[Request]) -> AsyncIterator[Runs]:
    runs = Runs(
        store.runs, LocalSignals(), replica_id=REPLICA_ID, disconnection=Disconnection(cancel=False)
    )
    runs.open()
    lives = Replica(runs, LocalSignals(), _nothing_to_recover, retention_s=60)
    lives.start()
    yield runs
    await lives.stop()
    await runs.close()


def _nothing_to_recover(record: RunRecord) -> Work:
    raise AssertionError(f"{record.id} was taken over, though its process lives")


async def _beat(runs: Runs) -> int:
    return (await runs.store.replicas()).get(REPLICA_ID, 0)


async def _beats_on(runs: Runs) -> None:
    before = await _beat(runs)
    async with asyncio.timeout(10):
        while await _beat(runs) <= before + 2:
            await asyncio.sleep(0.01)


def a_run() -> RunRecord:
    return RunRecord(id="run_1", owner="anna", thread_id="thr_1", replica_id=REPLICA_ID)


async def test_it_beats_while_a_run_only_waits_for_its_thread(runs: Runs) -> None:
    await runs.store.enqueue(a_run(), max_waiting=1)
    runs.queued.add("run_1")

    await _beats_on(runs)


async def test_it_beats_while_it_produces_an_answer(
    runs: Runs, store: MemoryStore[Request]
) -> None:
    go_on = asyncio.Event()

    async def work(_: Run) -> EndState:
        await go_on.wait()
        return "completed"

    store.runs.begin(a_run())
    runs.start(a_run(), work)

    await _beats_on(runs)

    go_on.set()
    async with asyncio.timeout(10):
        while (await runs.store.load_run("run_1", "anna")).state != "completed":
            await asyncio.sleep(0.01)
