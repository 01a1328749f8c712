"""A run hands every event to its reader, waits for a slow one, and stops when it leaves."""

import asyncio

import pytest
from chatkit.types import ProgressUpdateEvent, ThreadStreamEvent

from chatkit_backend.errors import Unavailable
from chatkit_backend.runs import ActiveRuns, Outcome, Run
from chatkit_backend.runs.run import QUEUE_EVENTS


def event(number: int) -> ProgressUpdateEvent:
    return ProgressUpdateEvent(text=str(number))


async def texts(run: Run) -> list[str]:
    return [
        one.text
        async for batch in run.events()
        for one in batch
        if isinstance(one, ProgressUpdateEvent)
    ]


def runs() -> ActiveRuns:
    return ActiveRuns(lambda: "run_1")


def no_end() -> None:
    """Nothing waits for these runs."""


async def test_a_reader_gets_every_event_in_order() -> None:
    async def work(run: Run) -> Outcome:
        for number in range(3 * QUEUE_EVENTS):
            await run.emit(event(number))
        return "completed"

    run = runs().start("thr_1", work, no_end)

    assert await texts(run) == [str(number) for number in range(3 * QUEUE_EVENTS)]
    assert run.outcome == "completed"


async def test_a_slow_reader_bounds_what_waits_for_it() -> None:
    made = 0
    full = asyncio.Event()

    async def work(run: Run) -> Outcome:
        nonlocal made
        for number in range(10 * QUEUE_EVENTS):
            made = number
            if number == QUEUE_EVENTS:
                full.set()
            await run.emit(event(number))
        return "completed"

    run = runs().start("thr_1", work, no_end)
    await full.wait()

    assert made == QUEUE_EVENTS
    assert len(await texts(run)) == 10 * QUEUE_EVENTS


async def test_silence_is_an_empty_batch() -> None:
    gate = asyncio.Event()

    async def work(run: Run) -> Outcome:
        await gate.wait()
        await run.emit(event(1))
        return "completed"

    run = runs().start("thr_1", work, no_end)
    batches: list[list[ThreadStreamEvent]] = []
    async for batch in run.events(idle_s=0.01):
        batches.append(batch)
        gate.set()

    assert batches[0] == []
    assert batches[-1] == [event(1)]


@pytest.mark.parametrize("reading", [True, False])
async def test_a_reader_that_leaves_stops_the_run_even_when_it_waits_for_room(
    reading: bool,
) -> None:
    stopped = asyncio.Event()

    async def work(run: Run) -> Outcome:
        try:
            for number in range(10**9):
                await run.emit(event(number))
        except asyncio.CancelledError:
            await run.emit(event(0))  # nobody reads: it must not wait
            stopped.set()
            raise
        return "completed"

    active = runs()
    run = active.start("thr_1", work, no_end)
    if reading:
        batches = run.events()
        await anext(batches)
        await batches.aclose()  # type: ignore[attr-defined]  # it is a generator
    else:
        await asyncio.sleep(0)
        run.leave()

    await asyncio.wait_for(stopped.wait(), 5)
    assert run.stop_reason == "disconnected"


async def test_a_run_that_is_stopped_before_its_first_step_ends_for_its_reader_too() -> None:
    ended = asyncio.Event()

    async def work(_: Run) -> Outcome:
        return "completed"

    active = runs()
    run = active.start("thr_1", work, ended.set)
    run.stop("shutdown")

    assert await asyncio.wait_for(texts(run), 5) == []
    await asyncio.wait_for(ended.wait(), 5)
    assert len(active) == 0


async def test_a_reader_sees_the_end_of_a_run_that_was_stopped_with_a_full_queue() -> None:
    full = asyncio.Event()

    async def work(run: Run) -> Outcome:
        for number in range(QUEUE_EVENTS):
            await run.emit(event(number))
        full.set()
        await asyncio.Event().wait()
        return "completed"

    active = runs()
    run = active.start("thr_1", work, no_end)
    await full.wait()
    await active.drain(grace_s=0)

    assert len(await asyncio.wait_for(texts(run), 5)) == QUEUE_EVENTS
    assert run.outcome == "cancelled"


async def test_a_run_whose_work_breaks_ends_for_its_reader() -> None:
    async def work(_: Run) -> Outcome:
        raise RuntimeError("boom")

    run = runs().start("thr_1", work, no_end)

    assert await asyncio.wait_for(texts(run), 5) == []
    assert run.outcome == "failed"


async def test_draining_lets_a_run_finish_within_its_grace() -> None:
    gate = asyncio.Event()

    async def work(run: Run) -> Outcome:
        await gate.wait()
        await run.emit(event(1))
        return "completed"

    active = runs()
    run = active.start("thr_1", work, no_end)
    draining = asyncio.create_task(active.drain(grace_s=60))
    await asyncio.sleep(0)
    gate.set()

    assert await texts(run) == ["1"]
    await asyncio.wait_for(draining, 5)
    assert run.stop_reason is None


async def test_draining_stops_a_run_that_does_not_finish_and_takes_no_new_one() -> None:
    async def work(run: Run) -> Outcome:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await run.emit(event(1))
        return "failed"

    active = runs()
    run = active.start("thr_1", work, no_end)
    reading = asyncio.create_task(texts(run))
    await asyncio.sleep(0)
    await active.drain(grace_s=0)

    assert await reading == ["1"]
    assert run.stop_reason == "shutdown"
    with pytest.raises(Unavailable, match="restarting"):
        active.refuse_while_draining()
