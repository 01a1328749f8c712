"""The runs of one process: started, stopped, replaced by a later attempt."""

import asyncio
from collections.abc import Sequence

import pytest
from chatkit.types import ProgressUpdateEvent
from tests.unit.runs.living import OWNER, REPLICA_ID, a_run, for_ever, living, until

from chatkit_backend.runs import Disconnection, Run, log
from chatkit_backend.store import StoreUnavailableError
from chatkit_backend.store.memory_runs import MemoryRuns
from chatkit_backend.store.runs import Append, EndState, Fence, RunRecord


@pytest.fixture
def store() -> MemoryRuns:
    return MemoryRuns()


async def test_a_later_attempt_in_the_same_process_takes_the_earlier_ones_place(
    store: MemoryRuns,
) -> None:
    go_on = asyncio.Event()

    async def later(_: Run) -> EndState:
        await go_on.wait()
        return "completed"

    async with living(store) as runs:
        store.begin(a_run())
        first = runs.start(a_run(), for_ever)
        elsewhere = await store.take_over(first.record, "rep_other")
        assert elsewhere is not None
        back = await store.take_over(elsewhere, REPLICA_ID)
        assert back is not None
        third = runs.start(back, later)

        first.stop("cancelled")
        await until(lambda: first.log.closed)
        assert first.stop_reason == "fenced"
        assert runs.active.get("run_1") is third
        assert third.stop_reason is None

        go_on.set()
        await until(lambda: "run_1" not in runs.active)
        assert (await store.load_run("run_1", OWNER)).state == "completed"


async def test_a_run_that_is_fenced_off_while_it_waits_for_room_ends(
    store: MemoryRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "BACKLOG", 1)
    stopping = asyncio.Event()

    async def says_more_when_stopped(run: Run) -> EndState:
        try:
            await asyncio.Event().wait()
        finally:  # as the recorder does: it saves what is left, and says so
            stopping.set()
            await run.emit(ProgressUpdateEvent(text="fills the log"))
            await run.emit(ProgressUpdateEvent(text="waits for room"))
        return "cancelled"

    async with living(store) as runs:
        store.begin(a_run())
        run = runs.start(a_run(), says_more_when_stopped)
        assert await store.take_over(run.record, "rep_other")
        run.stop("cancelled")
        await until(lambda: run.log.closed)

    assert stopping.is_set()
    assert run.stop_reason == "fenced"


class Refusing(MemoryRuns):
    """Cannot write one run's log, for a reason that will not pass."""

    async def append(self, batch: Sequence[Append]) -> frozenset[Fence]:
        if any(one.fence.run_id == "bad" for one in batch):
            raise ValueError("on purpose")
        return await super().append(batch)


async def test_a_log_that_cannot_be_written_ends_its_run_and_no_other() -> None:
    store = Refusing()

    async def says_something(run: Run) -> EndState:
        await run.emit(ProgressUpdateEvent(text="something"))
        return "completed"

    async with living(store) as runs:
        for run_id in ("bad", "good"):
            store.begin(a_run(run_id))
        bad, good = [runs.start(a_run(run_id), says_something) for run_id in ("bad", "good")]
        await until(lambda: bad.log.closed and good.log.closed)

    assert bad.stop_reason == "fenced"
    assert (await store.load_run("good", OWNER)).state == "completed"


async def test_a_client_that_comes_back_while_it_is_asked_for_keeps_its_run() -> None:
    class Asked(MemoryRuns):
        asked = asyncio.Event()
        go_on = asyncio.Event()

        async def load_run(self, run_id: str, owner: str) -> RunRecord:
            found = await super().load_run(run_id, owner)
            if not self.asked.is_set():
                self.asked.set()
                await self.go_on.wait()
            return found

    store = Asked()
    async with living(store, disconnection=Disconnection(grace_s=0)) as runs:
        store.begin(a_run())
        run = runs.start(a_run(), for_ever)
        run.attach()
        run.detach()
        await store.asked.wait()
        (await runs.resume("run_1", OWNER, after=0)).leave()
        store.go_on.set()
        for _ in range(5):  # turns of the loop, in which it would be stopped
            await asyncio.sleep(0)

        assert run.stop_reason is None
        assert (await store.load_run("run_1", OWNER)).resumable, "also after a take-over"


class Away(MemoryRuns):
    """Has gone away."""

    async def request_cancel(self, run_id: str, owner: str) -> RunRecord:
        raise StoreUnavailableError("on purpose")


async def test_a_run_of_this_process_stops_also_while_the_store_is_away() -> None:
    store = Away()
    async with living(store) as runs:
        store.begin(a_run())
        run = runs.start(a_run(), for_ever)

        with pytest.raises(StoreUnavailableError):
            await runs.cancel("run_1", "a stranger")
        assert run.stop_reason is None

        assert (await runs.cancel("run_1", OWNER)).cancel_requested
        assert run.stop_reason == "cancelled"
