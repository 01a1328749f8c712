"""What any `RunSignals` promises about topics, shown on each of them."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from tests.redis_servers import FoundRedis

from chatkit_backend.runs.redis_signals import RedisSignals
from chatkit_backend.runs.signals import LOCAL_POLL_S, LocalSignals, RunSignals

LONG_S = 60
"""A wait that a test would notice, if it had to be waited out."""


@pytest.fixture(params=["local", "redis"])
async def signals(request: pytest.FixtureRequest) -> AsyncIterator[RunSignals]:
    makers: dict[str, Callable[[], RunSignals]] = {
        "local": LocalSignals,
        "redis": lambda: RedisSignals(found.url),
    }
    if request.param == "redis":
        found: FoundRedis = request.getfixturevalue("redis_found")
    made = makers[request.param]()
    await made.open()
    yield made
    await made.close()


async def waiting(signals: RunSignals, topic: str, timeout_s: float = LONG_S) -> asyncio.Task[None]:
    """A task that waits for `topic` already."""
    task = asyncio.create_task(signals.wait(topic, timeout_s))
    await asyncio.sleep(0)
    return task


async def test_a_notification_wakes_everybody_who_waits_for_its_topic(signals: RunSignals) -> None:
    tasks = [await waiting(signals, "thread:a") for _ in range(3)]

    await signals.notify("thread:a")

    async with asyncio.timeout(10):
        await asyncio.gather(*tasks)


async def test_a_notification_leaves_those_who_wait_for_another_topic(signals: RunSignals) -> None:
    task = await waiting(signals, "thread:b")

    await signals.notify("thread:a")
    await asyncio.sleep(0)

    assert not task.done()
    task.cancel()


async def test_a_wait_ends_after_its_time(signals: RunSignals) -> None:
    async with asyncio.timeout(10):
        await signals.wait("thread:a", 0.01)


async def test_one_who_gives_up_disturbs_no_other(signals: RunSignals) -> None:
    patient = await waiting(signals, "thread:a")
    cancelled = await waiting(signals, "thread:a")
    await signals.wait("thread:a", 0.01)
    cancelled.cancel()
    await asyncio.wait([cancelled])

    assert not patient.done()
    await signals.notify("thread:a")
    async with asyncio.timeout(10):
        await patient


async def test_a_notification_is_not_kept_for_those_who_come_later(signals: RunSignals) -> None:
    await signals.notify("thread:a")
    task = await waiting(signals, "thread:a")
    await asyncio.sleep(0)

    assert not task.done()
    task.cancel()


async def test_it_can_be_closed_twice_and_answers_a_ping_until_then(signals: RunSignals) -> None:
    await signals.ping()
    await signals.close()


async def test_local_feeds_have_the_store_asked_again_and_again() -> None:
    async with LocalSignals().feed("run_1") as feed, asyncio.timeout(LOCAL_POLL_S * 100):
        assert [await feed.next(quiet_s=0) for _ in range(2)] == [[], []]


async def test_local_signals_keep_nothing_of_those_who_have_left() -> None:
    signals = LocalSignals()
    task = await waiting(signals, "thread:a")
    task.cancel()
    await asyncio.wait([task])
    await signals.wait("thread:b", 0)

    assert signals.__dict__ == LocalSignals().__dict__
