"""A process shows that it lives for as long as it holds something, and looks after the others."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.contract.owners import Request
from tests.unit.runs.living import OWNER, REPLICA_ID, a_run, for_ever, living, until

from chatkit_backend.runs import Run, Runs, Work, doubt, replica
from chatkit_backend.store import MemoryStore, StoreUnavailableError
from chatkit_backend.store.memory_runs import MemoryRuns
from chatkit_backend.store.runs import EndState, RunRecord, RunState


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica, "BEAT_S", 0.01)


@pytest.fixture
def store() -> MemoryStore[Request]:
    return MemoryStore()


@pytest.fixture
async def runs(store: MemoryStore[Request]) -> AsyncIterator[Runs]:
    async with living(store.runs) as runs:
        yield runs


async def _beat(runs: Runs) -> int:
    return (await runs.store.replicas()).get(REPLICA_ID, 0)


async def _beats_on(runs: Runs) -> None:
    before = await _beat(runs)
    async with asyncio.timeout(10):
        while await _beat(runs) <= before + 2:
            await asyncio.sleep(0.01)


async def test_it_beats_while_a_run_only_waits_for_its_thread(runs: Runs) -> None:
    await runs.store.enqueue(a_run(), max_waiting=1)
    runs.upcoming.add("run_1")

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
        while (await runs.store.load_run("run_1", OWNER)).state != "completed":
            await asyncio.sleep(0.01)


class TestWhateverHappens:
    async def test_cancellations_are_heard_after_any_error(self) -> None:
        class Odd(MemoryRuns):
            failures = 2

            async def cancel_requests(self, replica_id: str) -> list[str]:
                if self.failures:
                    self.failures -= 1
                    raise LookupError("on purpose")
                return await super().cancel_requests(replica_id)

        store = Odd()
        async with living(store) as runs:
            store.begin(a_run())
            run = runs.start(a_run(), for_ever)
            await store.request_cancel("run_1", OWNER)
            await until(lambda: run.stop_reason == "cancelled")

        assert store.failures == 0

    async def test_it_beats_while_a_sweep_or_a_deletion_takes_long(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(replica, "LEASE_S", 0)

        class Slow(MemoryRuns):
            async def purge_runs(self, *, kept_s: float, limit: int) -> int:
                await asyncio.Event().wait()
                return 0

            async def held_by(self, replica_id: str, *, limit: int) -> list[RunRecord]:
                await asyncio.Event().wait()
                return []

        store = Slow()
        store.begin(a_run(replica_id="rep_dead"))
        async with living(store) as runs:
            runs.upcoming.add("run_2")
            await store.enqueue(a_run("run_2"), max_waiting=1)
            await _beats_on(runs)

    async def test_a_store_that_answers_late_makes_nobody_dead(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(replica, "LEASE_S", 0.2)

        class Late(MemoryRuns):
            asked = 0

            async def replicas(self) -> dict[str, int]:
                self.asked += 1
                if self.asked == 1:
                    await asyncio.sleep(0.5)
                if self.asked > 2:
                    await self.beat("rep_other")
                return await super().replicas()

        store = Late()
        store.begin(a_run(replica_id="rep_other"))
        async with living(store):
            await until(lambda: store.asked > 5)

        assert (await store.load_run("run_1", OWNER)).attempt == 1


async def test_all_that_is_old_is_deleted_however_much_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(replica, "PURGED_AT_ONCE", 2)
    monkeypatch.setattr(replica, "PURGE_PAUSE_S", 0)
    store = Old(count=7)
    async with living(store):
        await until(lambda: store.left == 0)


class Old(MemoryRuns):
    """Runs that ended long ago."""

    def __init__(self, *, count: int) -> None:
        super().__init__()
        for number in range(count):
            run = replace(a_run(f"run_{number}"), state="completed")
            self.begin(run)
            self._runs[run.id] = replace(run, ended_at=datetime(2026, 1, 2, tzinfo=UTC))

    @property
    def left(self) -> int:
        return len(self._runs)


class Unreliable(MemoryRuns):
    """A store whose answers get lost, or that is away, until it is told otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.away = asyncio.Event()
        self.looks = 0
        self.loses_take_overs = False

    def state(self, run_id: str) -> RunState | None:
        run = self._runs.get(run_id)
        return None if run is None else run.state

    async def held_by(self, replica_id: str, *, limit: int) -> list[RunRecord]:
        self.looks += 1
        if self.away.is_set():
            raise StoreUnavailableError("on purpose")
        return await super().held_by(replica_id, limit=limit)

    async def take_over(self, run: RunRecord, replica_id: str) -> RunRecord | None:
        taken = await super().take_over(run, replica_id)
        if self.loses_take_overs:
            self.loses_take_overs = False
            raise StoreUnavailableError("the answer to the commit was lost")
        return taken


class TestInDoubt:
    """A run may have begun though the store did not say so: then nobody produces it."""

    async def test_it_is_looked_for_until_the_store_shows_it(self) -> None:
        store = Unreliable()
        async with living(store, _ends) as runs:
            with pytest.raises(StoreUnavailableError), runs.coming("run_1"):
                raise StoreUnavailableError("the answer to the commit was lost")
            await until(lambda: store.looks > 2)  # the commit is still under way
            store.begin(a_run())
            await until(lambda: store.state("run_1") == "failed")

    async def test_a_store_that_is_away_removes_no_doubt(self) -> None:
        store = Unreliable()
        async with living(store, _ends) as runs:
            store.away.set()
            store.begin(a_run())
            runs.doubt.begin()
            await until(lambda: store.looks > 2 * doubt.LOOKS)
            store.away.clear()
            await until(lambda: store.state("run_1") == "failed")

    async def test_it_ends_when_the_store_has_shown_nothing_for_long(self) -> None:
        store = Unreliable()
        async with living(store) as runs:
            runs.doubt.begin()
            await until(lambda: not runs.doubt)
        assert store.looks == doubt.LOOKS

    async def test_a_caller_who_leaves_while_his_run_begins_leaves_no_run_behind(self) -> None:
        store = Unreliable()
        async with living(store, _ends) as runs:
            store.begin(a_run())
            with pytest.raises(asyncio.CancelledError), runs.coming("run_1"):
                raise asyncio.CancelledError
            await until(lambda: store.state("run_1") == "failed")

    async def test_what_waits_or_is_produced_here_is_left_alone(self) -> None:
        store = Unreliable()
        async with living(store) as runs:
            for run_id in ("waits", "produced"):
                store.begin(a_run(run_id))
            runs.start(a_run("produced"), for_ever)
            with runs.coming("waits"):
                runs.doubt.begin()
                await until(lambda: not runs.doubt)
            assert [store.state("waits"), store.state("produced")] == ["running", "running"]

    async def test_one_that_was_left_in_a_queue_is_removed_from_it(self) -> None:
        store = Unreliable()
        async with living(store) as runs:
            await store.enqueue(a_run(), max_waiting=1)
            runs.doubt.begin()
            await until(lambda: store.state("run_1") is None)

    async def test_a_take_over_may_have_happened_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(replica, "LEASE_S", 0)
        store = Unreliable()
        store.loses_take_overs = True
        store.begin(a_run(replica_id="rep_dead"))
        async with living(store, _ends):
            await until(lambda: store.state("run_1") == "failed")


async def test_a_process_that_drains_takes_nothing_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica, "LEASE_S", 0)
    store = Unreliable()
    async with living(store) as runs:
        await runs.active.drain(0)
        store.begin(a_run(replica_id="rep_dead"))
        runs.upcoming.add("run_2")
        await store.enqueue(a_run("run_2"), max_waiting=1)
        await _beats_on(runs)  # it sweeps as often as it beats

    assert (await store.load_run("run_1", OWNER)).replica_id == "rep_dead"


def _ends(_: RunRecord) -> Work:
    async def work(_: Run) -> EndState:
        return "failed"

    return work
