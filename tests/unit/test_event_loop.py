import asyncio
import time
from functools import partial

from chatkit_backend.event_loop import (
    EVERY_S,
    FREE_BUSY,
    LEAST_OF_MOST,
    MOST_PAUSE_S,
    EventLoopLoad,
)


async def test_a_loop_that_is_not_watched_asks_for_no_pause() -> None:
    load = EventLoopLoad()
    assert (load.lag_ms, load.busy, load.pause_s) == (0, 0, 0)


async def test_a_loop_that_only_computes_asks_for_a_long_pause_however_late_it_is() -> None:
    load = EventLoopLoad()
    load.start()
    try:
        while (
            load.pause_s < LEAST_OF_MOST * MOST_PAUSE_S
        ):  # the test's time limit ends it where it never does
            _compute(EVERY_S * 2)
            await asyncio.sleep(0)
        assert load.busy > 0
        assert load.lag_ms > 0
    finally:
        load.stop()


async def test_a_loop_that_has_nothing_to_do_any_more_asks_for_no_pause() -> None:
    load = EventLoopLoad()
    load.start()
    try:
        while not load.pause_s:
            _compute(EVERY_S * 2)
            await asyncio.sleep(0)
        while load.pause_s:  # the test's time limit ends it where it never does
            await asyncio.sleep(EVERY_S)
        assert load.busy < FREE_BUSY
    finally:
        load.stop()


async def test_a_stopped_watch_counts_as_idle_and_can_start_again() -> None:
    load = EventLoopLoad()
    for _ in range(2):
        load.start()
        load.start()
        while not load.busy:
            _compute(EVERY_S * 2)
            await asyncio.sleep(0)
        load.stop()
        load.stop()
        assert (load.lag_ms, load.busy, load.pause_s) == (0, 0, 0)


async def test_without_others_it_is_one_s_turn_at_once() -> None:
    load = EventLoopLoad()
    turn = load.turn()
    try:
        turn.send(None)
    except StopIteration:
        waited = False
    else:
        waited = True
    assert not waited


async def test_turns_are_given_in_order_and_one_in_each_turn_of_the_loop() -> None:
    load = EventLoopLoad()
    given: list[tuple[int, int]] = []
    passes = 0

    async def begin(number: int) -> None:
        await load.turn()
        given.append((number, passes))

    async with asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(begin(number))
        while len(given) < 5:
            await asyncio.sleep(0)
            passes += 1

    assert [number for number, _ in given] == [0, 1, 2, 3, 4]
    assert len({pass_number for _, pass_number in given}) == 5


async def test_one_that_no_longer_waits_does_not_hold_up_the_others() -> None:
    load = EventLoopLoad()
    turns = [asyncio.create_task(load.turn()) for _ in range(5)]
    await asyncio.sleep(0)
    assert turns[3].cancel()
    await asyncio.wait(turns)
    assert [turn.cancelled() for turn in turns] == [False, False, False, True, False]


def _compute(seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


async def test_calls_come_in_order_and_none_before_its_time() -> None:
    load, loop = EventLoopLoad(), asyncio.get_running_loop()
    began = loop.time()
    called: dict[float, float] = {}
    all_called = asyncio.Event()

    def call(delay_s: float) -> None:
        called[delay_s] = loop.time() - began
        if len(called) == 3:
            all_called.set()

    for delay_s in (0.021, 0.0, 0.02):
        load.later(delay_s, partial(call, delay_s))
    await all_called.wait()

    assert next(iter(called)) == 0.0
    assert all(late_s >= delay_s for delay_s, late_s in called.items())
