"""What a refusal promises: whoever waits as long as it says is let through."""

import asyncio
import random
import time

import pytest
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute

from chatkit_backend import Settings
from chatkit_backend.errors import TooManyRequests
from chatkit_backend.identity import Principal, Session
from chatkit_backend.identity.limits import Limits, LocalLimiter

START = 1_800_000_000.0
ADA = Principal(user_id="ada")


class Clock:
    """The time of day, as the library reads it."""

    def __init__(self, at: float) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(START)
    monkeypatch.setattr(time, "time", made)
    return made


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(
    "item", [RateLimitItemPerMinute(1), RateLimitItemPerMinute(10), RateLimitItemPerDay(3)], ids=str
)
async def test_whoever_waits_as_told_is_let_through(
    clock: Clock, item: RateLimitItem, seed: int
) -> None:
    chance, limiter = random.Random(seed), LocalLimiter()
    refused = 0
    for _ in range(200):
        clock.at += chance.expovariate(3 * item.amount / item.get_expiry())
        first = await limiter.hit(item, "ada")
        if first.allowed:
            assert 0 <= first.remaining < item.amount
            continue
        refused += 1
        assert first.remaining == 0
        assert first.reset_s <= item.get_expiry()
        clock.at += first.reset_s
        assert (await limiter.hit(item, "ada")).allowed, first
    assert refused, "the limit was reached"


async def test_a_limit_that_refuses_counts_nothing(clock: Clock) -> None:
    limiter, item = LocalLimiter(), RateLimitItemPerMinute(2)
    for _ in range(50):
        await limiter.hit(item, "ada")
    clock.at += 120
    assert (await limiter.hit(item, "ada")).remaining == 1


async def test_what_is_counted_in_this_process_is_bounded_and_still_counted(clock: Clock) -> None:
    limiter, item = LocalLimiter(storages=4, counters=10), RateLimitItemPerMinute(2)
    for n in range(1000):
        await limiter.hit(item, str(n))
        assert len(limiter) <= 4 * 10
    left = [(await limiter.hit(item, "ada")).remaining for _ in range(2)]
    assert left == [1, 0]
    assert not (await limiter.hit(item, "ada")).allowed


@pytest.mark.parametrize("number", [1, 3])
async def test_no_flood_of_names_gives_a_used_up_day_back(clock: Clock, number: int) -> None:
    limiter = LocalLimiter(storages=2, counters=20)
    day, minute = RateLimitItemPerDay(number), RateLimitItemPerMinute(100)
    for _ in range(number):
        await limiter.hit(day, "day", "ada")
    for n in range(500):
        await limiter.hit(minute, "address", f"address {n}")
        await limiter.hit(day, "day", f"name {n}")
        assert len(limiter) <= 2 * 2 * 20
    assert not (await limiter.hit(day, "day", "ada")).allowed
    for _ in range(number):
        assert (await limiter.hit(day, "day", "a newcomer")).allowed
    assert not (await limiter.hit(day, "day", "a newcomer")).allowed


async def test_what_was_counted_long_ago_is_let_go_of(clock: Clock) -> None:
    limiter, item = LocalLimiter(storages=1), RateLimitItemPerMinute(2)
    for n in range(500):
        await limiter.hit(item, str(n))
    clock.at += 120
    for _ in range(2):  # the library clears up in a task of its own
        await limiter.hit(item, "ada")
        await asyncio.sleep(0)
    assert len(limiter) <= 2


async def test_the_message_says_when_in_words(clock: Clock) -> None:
    limits = Limits(LocalLimiter(), Settings(user_messages_per_day=1, user_requests_per_minute=1))
    await limits.request_of(ADA)
    with pytest.raises(TooManyRequests, match=r"limit of 1 a minute .* in \d+ seconds\.") as soon:
        await limits.request_of(ADA)
    assert (soon.value.code, soon.value.limit, soon.value.window_s) == ("user_limit", 1, 60)

    await limits.answer_for(ADA, None)
    with pytest.raises(TooManyRequests, match=r"limit of 1 a day .* in \d+ hours\."):
        await limits.answer_for(ADA, None)


async def test_sessions_of_an_api_key_are_counted_one_by_one_and_those_of_a_browser_together(
    clock: Clock,
) -> None:
    limits = Limits(LocalLimiter(), Settings())

    async def left(session_id: str, issued_by: str | None, of: Principal = ADA) -> int:
        session = Session(id=session_id, max_requests_per_1_minute=10, issued_by=issued_by)
        [allowance] = await limits.answer_for(of, session)
        return allowance.remaining

    assert [await left(f"cksess_{n}", "key_1") for n in range(3)] == [9, 9, 9]
    assert [await left(f"cksess_{n}", None) for n in range(3)] == [9, 8, 7]
    assert await left("cksess_0", "key_1") == 8
    assert await left("cksess_9", None, Principal(user_id="ben")) == 9


async def test_a_sessions_limit_is_its_makers(clock: Clock) -> None:
    limits = Limits(LocalLimiter(), Settings(session_requests_per_minute=1))
    session = Session(id="cksess_1", max_requests_per_1_minute=3)
    left = [(await limits.answer_for(ADA, session))[0].remaining for _ in range(3)]
    assert left == [2, 1, 0]
    with pytest.raises(TooManyRequests) as refused:
        await limits.answer_for(ADA, session)
    assert refused.value.code == "session_limit"


@pytest.mark.parametrize("limit", [1, 3, 10, 100])
async def test_where_a_minute_ends_the_limit_holds(clock: Clock, limit: int) -> None:
    limiter, item = LocalLimiter(), RateLimitItemPerMinute(limit)
    clock.at += 59.9  # START is where a minute begins
    before = [(await limiter.hit(item, "ada")).allowed for _ in range(2 * limit)]
    clock.at += 0.2
    after = [(await limiter.hit(item, "ada")).allowed for _ in range(2 * limit)]

    assert sum(before) == limit
    assert sum(after) <= 1


@pytest.mark.parametrize("limit", [1, 3, 10, 100])
async def test_no_sixty_seconds_let_more_than_twice_the_limit_through(
    clock: Clock, limit: int
) -> None:
    limiter, item = LocalLimiter(), RateLimitItemPerMinute(limit)
    clock.at += 59.9  # the worst: all at once where a minute ends, and then whenever one may
    taken: list[float] = []
    for _ in range(1800):
        while (await limiter.hit(item, "ada")).allowed:
            taken.append(clock.at)
        clock.at += 0.1

    most = max(sum(first <= at < first + 60 for at in taken) for first in taken)
    assert most <= 2 * limit
