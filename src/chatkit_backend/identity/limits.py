"""Rate limits: how often a user, a session or an address may ask.

The counting is the `limits` library's, with a sliding window: in memory for one process, in Redis
for several. While Redis is away each process counts for itself; a limit is then as many times as
high as there are processes, and nobody is shut out.
"""

import math
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError

from chatkit_backend.errors import TooManyRequests
from chatkit_backend.logs import get_logger
from chatkit_backend.settings import Settings

from .address import address_in
from .principal import Principal
from .session import Session

RETRY_S = 5.0
REDIS_TIMEOUT_S = 1.0
REDIS_CONNECTIONS = 20
KEY_PREFIX = "chatkit:limits"

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is left of a limit, for the `RateLimit-*` headers.

    Attributes:
        limit: How many there may be in a window of `window_s` seconds.
        reset_s: Seconds until the window is another.
    """

    allowed: bool
    limit: int
    window_s: int
    remaining: int
    reset_s: int


class RateLimiter(Protocol):
    """Counts."""

    async def hit(self, item: RateLimitItem, *names: str) -> Allowance:
        """Count one more under `names`; if it is one too many it is not counted."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class WindowLimiter:
    """A `RateLimiter` in one storage of the `limits` library."""

    def __init__(self, storage: Storage) -> None:
        self._windows = SlidingWindowCounterRateLimiter(storage)

    async def hit(self, item: RateLimitItem, *names: str) -> Allowance:
        """See `RateLimiter.hit`. Raises: StorageError."""
        allowed = await self._windows.hit(item, *names)
        window = await self._windows.get_window_stats(item, *names)
        return Allowance(
            allowed=allowed,
            limit=item.amount,
            window_s=item.get_expiry(),
            remaining=max(0, window.remaining),
            reset_s=max(1, math.ceil(window.reset_time - time.time())),
        )

    async def close(self) -> None:
        """See `RateLimiter.close`."""


class LocalLimiter:
    """Counts in this process.

    The library's storage walks over all its counters with each hit: 14 ms where there are 100,000.
    So there are many small ones, and some for each length of a window: what is counted for a
    minute, under names that anybody may invent, takes no room from what is counted for a day.

    One that is full forgets those who have asked least, and of them the newest: whoever has used up
    a limit is the last to get it back, whatever names come by meanwhile.

    Args:
        storages: How many there are for each length of a window.
        counters: How many each may have. A limit has two for each whom it is for.
    """

    def __init__(self, *, storages: int = 256, counters: int = 1000) -> None:
        self._number = storages
        self._counters = counters
        self._storages: dict[int, list[MemoryStorage]] = {}

    def __len__(self) -> int:
        """How many counters there are."""
        return sum(len(one.storage) for some in self._storages.values() for one in some)

    async def hit(self, item: RateLimitItem, *names: str) -> Allowance:
        """See `RateLimiter.hit`."""
        window = item.get_expiry()
        if window not in self._storages:
            self._storages[window] = [MemoryStorage() for _ in range(self._number)]
        # Strings hash differently in each process: nobody outside can fill the one of somebody.
        storage = self._storages[window][hash(names) % self._number]
        if len(storage.storage) >= self._counters:
            asked = storage.sliding_window_keys(item.key_for(*names), window, time.time())
            await self._make_room(storage, asked)
        return await WindowLimiter(storage).hit(item, *names)

    async def _make_room(self, storage: MemoryStorage, asked: Collection[str]) -> None:
        """Forget a quarter of the counters, but none of those that are asked for."""
        others = [key for key in reversed(storage.storage) if key not in asked]
        others.sort(key=storage.storage.__getitem__)  # stable: of equals the newest comes first
        for key in others[: max(1, self._counters // 4)]:
            await storage.clear(key)
        log.warning("limits_forgotten", counters=self._counters)

    async def close(self) -> None:
        """See `RateLimiter.close`."""


class SharedLimiter:
    """Counts in Redis, and in this process while Redis does not answer.

    Args:
        retry_s: Seconds for which Redis is left alone after it did not answer.
    """

    def __init__(self, url: str, *, retry_s: float = RETRY_S) -> None:
        # Imported where it is asked for: most installations have one process.
        from limits.aio.storage import RedisStorage
        from redis.asyncio import BlockingConnectionPool

        self._pool = BlockingConnectionPool.from_url(
            url,
            max_connections=REDIS_CONNECTIONS,
            timeout=REDIS_TIMEOUT_S,
            socket_timeout=REDIS_TIMEOUT_S,
            socket_connect_timeout=REDIS_TIMEOUT_S,
        )
        self._shared = WindowLimiter(
            RedisStorage(
                "async+redis://",  # the pool has the address, with all the forms that it may have
                wrap_exceptions=True,
                implementation="redispy",
                key_prefix=KEY_PREFIX,
                connection_pool=self._pool,  # type: ignore[arg-type]  # as its docs say
            )
        )
        self._own = LocalLimiter()
        self._retry_s = retry_s
        self._away_until = 0.0

    async def hit(self, item: RateLimitItem, *names: str) -> Allowance:
        """See `RateLimiter.hit`."""
        if time.monotonic() >= self._away_until:
            try:
                return await self._shared.hit(item, *names)
            except StorageError as exc:
                self._away_until = time.monotonic() + self._retry_s
                log.warning(
                    "limits_counted_alone", error=str(exc.storage_error), retry_s=self._retry_s
                )
        return await self._own.hit(item, *names)

    async def close(self) -> None:
        """See `RateLimiter.close`."""
        await self._pool.aclose()


class Limits:
    """The limits that the settings name, each for whom it is."""

    def __init__(self, limiter: RateLimiter, settings: Settings) -> None:
        self._limiter = limiter
        self._of_user = _per_minute(settings.user_requests_per_minute)
        self._of_address = _per_minute(settings.address_requests_per_minute)
        self._of_day = (
            None
            if settings.user_messages_per_day is None
            else RateLimitItemPerDay(settings.user_messages_per_day)
        )

    async def request_from(self, address: str) -> Sequence[Allowance]:
        """Count a request before anybody knows who sends it. Raises: TooManyRequests."""
        if self._of_address is None:
            return ()
        return [await self._take("address_limit", self._of_address, "address", _network(address))]

    async def request_of(self, principal: Principal) -> Sequence[Allowance]:
        """Count a request of somebody. Raises: TooManyRequests."""
        if self._of_user is None:
            return ()
        return [await self._take("user_limit", self._of_user, "user", principal.owner)]

    async def answer_for(
        self, principal: Principal, session: Session | None
    ) -> Sequence[Allowance]:
        """Count a request for an answer, an action or a dictation. Raises: TooManyRequests."""
        taken: list[Allowance] = []
        if session is not None:
            item = RateLimitItemPerMinute(session.max_requests_per_1_minute)
            # A browser may ask for a session as often as it likes: its owner has one allowance.
            counted = ("session", session.id) if session.issued_by else ("own", principal.owner)
            taken.append(await self._take("session_limit", item, *counted))
        if self._of_day is not None:
            taken.append(await self._take("daily_limit", self._of_day, "day", principal.owner))
        return taken

    async def close(self) -> None:
        """Let go of connections."""
        await self._limiter.close()

    async def _take(self, code: str, item: RateLimitItem, *names: str) -> Allowance:
        allowance = await self._limiter.hit(item, *names)
        if not allowance.allowed:
            window = "a day" if allowance.window_s > 60 else "a minute"
            raise TooManyRequests(
                code,
                f"The limit of {allowance.limit} {window} is used up; "
                f"try again in {_in_words(allowance.reset_s)}.",
                limit=allowance.limit,
                window_s=allowance.window_s,
                retry_after_s=allowance.reset_s,
            )
        return allowance


def _per_minute(number: int | None) -> RateLimitItem | None:
    return None if number is None else RateLimitItemPerMinute(number)


def _network(address: str) -> str:
    """IPv6 by its /64: a customer has one, and 2^64 addresses in it."""
    known = address_in(address)
    if known is None:
        return address
    return str(known) if known.version == 4 else known.exploded[:19]


def _in_words(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} seconds"
    return f"{seconds // 60} minutes" if seconds < 7200 else f"{seconds // 3600} hours"
