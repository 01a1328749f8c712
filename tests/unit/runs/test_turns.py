"""One run per thread, first come, first served, a bounded number of them waiting."""

import asyncio

import pytest

from chatkit_backend.errors import Conflict
from chatkit_backend.runs import ThreadTurns


async def test_turns_of_one_thread_come_in_order() -> None:
    turns = ThreadTurns(max_waiting=8, max_wait_s=60)
    order: list[int] = []

    async def member(number: int) -> None:
        turn = await turns.take("thr_1")
        order.append(number)
        await asyncio.sleep(0)
        turn.release()

    await asyncio.gather(*(member(number) for number in range(5)))

    assert order == [0, 1, 2, 3, 4]


async def test_threads_do_not_wait_for_each_other() -> None:
    turns = ThreadTurns(max_waiting=0, max_wait_s=60)
    first = await turns.take("thr_1")
    second = await turns.take("thr_2")
    first.release()
    second.release()


async def test_one_too_many_is_refused() -> None:
    turns = ThreadTurns(max_waiting=1, max_wait_s=60)
    held = await turns.take("thr_1")
    waiting = asyncio.create_task(turns.take("thr_1"))
    await asyncio.sleep(0)

    with pytest.raises(Conflict) as refused:
        await turns.take("thr_1")

    assert refused.value.code == "thread_busy"
    held.release()
    (await waiting).release()


async def test_one_that_stops_waiting_leaves_no_trace() -> None:
    turns = ThreadTurns(max_waiting=1, max_wait_s=60)
    held = await turns.take("thr_1")
    waiting = asyncio.create_task(turns.take("thr_1"))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    next_one = asyncio.create_task(turns.take("thr_1"))
    await asyncio.sleep(0)
    held.release()
    held.release()  # idempotent: it must not let two in
    (await next_one).release()

    assert turns._queues == {}


async def test_one_that_waits_too_long_is_refused() -> None:
    turns = ThreadTurns(max_waiting=1, max_wait_s=0.01)
    held = await turns.take("thr_1")

    with pytest.raises(Conflict, match=r"after 0\.01 s"):
        await turns.take("thr_1")

    held.release()
    (await turns.take("thr_1")).release()
