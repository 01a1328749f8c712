"""A run's log numbers events, serves readers from any position, and never grows without bound."""

import asyncio

import pytest
from chatkit.types import ProgressUpdateEvent

from chatkit_backend.runs.log import BACKLOG, TAIL, RunLog
from chatkit_backend.runs.silence import Silence
from chatkit_backend.store.runs import RunFencedError


async def filled(count: int, *, first_seq: int = 1) -> RunLog:
    log = RunLog(first_seq=first_seq)
    for number in range(count):
        await log.append(ProgressUpdateEvent(text=str(number)))
    return log


def numbers(log: RunLog, after: int) -> list[int] | None:
    entries = log.after(after)
    return None if entries is None else [entry.seq for entry in entries]


async def test_numbers_are_consecutive() -> None:
    log = await filled(3, first_seq=11)

    assert numbers(log, 10) == [11, 12, 13]
    assert numbers(log, 12) == [13]
    assert numbers(log, 13) == []


async def test_what_is_not_stored_is_the_backlog() -> None:
    log = await filled(3)
    log.stored(2)

    assert [entry.seq for entry in log.backlog] == [3]


async def test_stored_entries_are_forgotten_but_for_a_tail() -> None:
    log = await filled(3 * TAIL)
    log.stored(3 * TAIL)

    assert numbers(log, 0) is None
    assert numbers(log, 2 * TAIL) == list(range(2 * TAIL + 1, 3 * TAIL + 1))
    assert log.last_seq == 3 * TAIL


async def test_an_answer_waits_while_the_store_is_far_behind() -> None:
    log = await filled(BACKLOG)
    waiting = asyncio.create_task(log.append(ProgressUpdateEvent(text="more")))
    await asyncio.sleep(0)
    assert not waiting.done()

    log.stored(1)
    await waiting

    assert log.last_seq == BACKLOG + 1


async def test_an_answer_that_waits_for_a_log_that_is_no_longer_its_own_is_told_so() -> None:
    log = await filled(BACKLOG)
    waiting = asyncio.create_task(log.append(ProgressUpdateEvent(text="more")))
    await asyncio.sleep(0)

    log.fence()

    with pytest.raises(RunFencedError):
        await waiting
    with pytest.raises(RunFencedError):
        await log.append(ProgressUpdateEvent(text="more"))
    assert log.last_seq == BACKLOG


async def test_readers_are_woken_by_an_entry_and_by_the_end() -> None:
    log = RunLog()
    one, other = log.change(), log.change()
    one.cancel()
    assert not other.done()
    await log.append(ProgressUpdateEvent(text="x"))
    await other

    waiting = log.change()
    log.close()
    await waiting
    await log.change()


async def test_a_silence_ends_a_wait_and_is_no_change() -> None:
    silence = Silence(0.01)
    try:
        assert not await silence.ended_by(asyncio.get_running_loop().create_future())
        log = await filled(1)
        log.close()
        assert await silence.ended_by(log.change())
    finally:
        silence.close()
