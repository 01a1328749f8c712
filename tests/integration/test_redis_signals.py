"""Signals between processes through Redis, and what is left of them when Redis is not well."""

import asyncio
import logging
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol

import pytest
import redis
from tests.redis_servers import FoundRedis, OwnRedis, free_port

from chatkit_backend.errors import ConfigError
from chatkit_backend.runs.redis_signals import FEED_CHUNKS, MAX_CHUNK_CHARS, RedisSignals
from chatkit_backend.runs.signals import Feed
from chatkit_backend.store.ids import new_id
from chatkit_backend.store.runs import Append, Chunk, EndState, Fence


class Open(Protocol):
    """Opens the signals of one more process."""

    async def __call__(self, url: str) -> RedisSignals: ...


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    async with AsyncExitStack() as stack:

        async def open_(url: str) -> RedisSignals:
            signals = RedisSignals(url)
            stack.push_async_callback(signals.close)
            await signals.open()
            return signals

        yield open_


@pytest.fixture
def own_redis(redis_installed: None) -> Iterator[OwnRedis]:
    """A server that a test may kill, pause and start again."""
    server = OwnRedis()
    server.start()
    yield server
    server.kill()


@pytest.fixture
def said() -> Iterator[list[str]]:
    """What is logged of runs, whatever other tests have made of the logs."""
    logger = logging.getLogger("chatkit_backend.runs")
    lines: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.getMessage()} {record.__dict__}")

    keeper, level = Keeper(), logger.level
    logger.addHandler(keeper)
    logger.setLevel(logging.INFO)
    yield lines
    logger.setLevel(level)
    logger.removeHandler(keeper)


@pytest.fixture
def run_id() -> str:
    return new_id("run")


def stored(run_id: str, *seqs: int, end: EndState | None = None, payload: str = "x") -> Append:
    """What a process has stored: a chunk with these numbers, if any, and perhaps the end."""
    chunk = Chunk(first_seq=seqs[0], last_seq=seqs[-1], payload=payload) if seqs else None
    return Append(fence=Fence(run_id, 1), owner="u", chunk=chunk, end=end)


async def heard(feed: Feed, count: int) -> list[int]:
    """First numbers of the next `count` chunks, however often the store should be asked between."""
    seqs: list[int] = []
    async with asyncio.timeout(20):
        while len(seqs) < count:
            seqs += [chunk.first_seq for chunk in await feed.next(quiet_s=0)]
    return seqs


async def asked(feed: Feed) -> None:
    """Read on until the store should be asked."""
    async with asyncio.timeout(20):
        while await feed.next(quiet_s=0):
            pass


def at_once(call: Coroutine[object, object, object]) -> None:
    """Show that a call waits for nothing, and so not for Redis."""
    with pytest.raises(StopIteration):
        call.send(None)


async def healthy(signals: RedisSignals, *, after: Callable[[], None]) -> None:
    """Do something and wait until `signals` work again."""
    after()
    async with asyncio.timeout(30):
        while not signals.up:
            await asyncio.sleep(0.02)


async def gone(signals: RedisSignals) -> None:
    async with asyncio.timeout(30):
        while signals.up:
            await asyncio.sleep(0.02)


async def test_a_feed_yields_what_another_process_publishes(
    redis_found: FoundRedis, opened: Open, run_id: str
) -> None:
    writer, reader = await opened(redis_found.url), await opened(redis_found.url)

    async with reader.feed(run_id) as feed:
        await writer.publish([stored(run_id, 1, 2, payload="1 {}\n2 {}"), stored("run_other", 1)])
        async with asyncio.timeout(20):
            while not (chunks := await feed.next(quiet_s=0)):
                pass

    assert chunks == [Chunk(first_seq=1, last_seq=2, payload="1 {}\n2 {}")]


async def test_a_feed_begins_with_what_comes_next(
    redis_found: FoundRedis, opened: Open, run_id: str
) -> None:
    signals = await opened(redis_found.url)
    await signals.publish([stored(run_id, 1)])

    async with signals.feed(run_id) as early:
        await signals.publish([stored(run_id, 2)])
        assert await heard(early, 1) == [2]
        async with signals.feed(run_id) as late:
            await signals.publish([stored(run_id, 3)])
            assert await heard(late, 1) == [3]
        assert await heard(early, 1) == [3]


async def test_many_feeds_share_one_connection(
    redis_found: FoundRedis, opened: Open, run_id: str
) -> None:
    signals = await opened(redis_found.url)
    run_ids = [f"{run_id}_{number}" for number in range(200)]
    async with AsyncExitStack() as stack:
        feeds = [await stack.enter_async_context(signals.feed(name)) for name in run_ids]
        await signals.publish([stored(name, 7) for name in run_ids])
        assert await asyncio.gather(*(heard(feed, 1) for feed in feeds)) == [[7]] * 200


async def test_the_store_is_asked_at_the_end_and_now_and_then(
    redis_found: FoundRedis, opened: Open, run_id: str
) -> None:
    signals = await opened(redis_found.url)
    async with signals.feed(run_id) as feed:
        await signals.publish([stored(run_id, 1, end="completed")])
        assert await heard(feed, 1) == [1]
        await asked(feed)  # the end was told
        await asked(feed)  # nothing was told


async def test_a_chunk_that_is_too_large_to_send_is_to_be_read_from_the_store(
    redis_found: FoundRedis, opened: Open, run_id: str
) -> None:
    signals = await opened(redis_found.url)
    async with signals.feed(run_id) as feed:
        await signals.publish([stored(run_id, 1, payload="x" * (MAX_CHUNK_CHARS + 1))])
        assert await feed.next(quiet_s=0) == []


async def test_a_reader_that_does_not_keep_up_gets_chunks_that_follow_one_another(
    redis_found: FoundRedis, opened: Open, run_id: str
) -> None:
    signals = await opened(redis_found.url)
    last = FEED_CHUNKS * 3
    async with signals.feed(run_id) as slow, signals.feed(run_id) as quick:
        for seq in [*range(1, last), last + 1]:  # and one is missing
            await signals.publish([stored(run_id, seq)])
        while (await heard(quick, 1))[-1] != last + 1:
            pass
        chunks = await slow.next(quiet_s=0)

    assert [chunk.first_seq for chunk in chunks] == [last + 1]


async def test_a_notification_wakes_who_waits_in_another_process(
    redis_found: FoundRedis, opened: Open, run_id: str
) -> None:
    here, there = await opened(redis_found.url), await opened(redis_found.url)
    task = asyncio.create_task(there.wait(f"thread:{run_id}", 60))
    await asyncio.sleep(0)

    await here.notify(f"thread:{run_id}")

    async with asyncio.timeout(20):
        await task


async def test_nothing_stays_in_redis_for_ever(own_redis: OwnRedis, opened: Open) -> None:
    signals = await opened(own_redis.url)
    await signals.publish([stored("run_1", 1), stored("run_2", 2), stored("run_2", 60, 70)])
    await signals.publish([stored("run_3", 7, end="failed")])
    await signals.notify("thread:a")
    await signals.ping()

    with redis.Redis(port=own_redis.port) as admin:
        kept = {key: admin.ttl(key) for key in admin.scan_iter("chatkit:*")}
    kept.pop(b"chatkit:probe", None)
    assert len(kept) == 4
    assert all(seconds > 0 for seconds in kept.values())


async def test_what_was_said_before_the_close_is_heard(
    redis_found: FoundRedis, opened: Open, run_id: str
) -> None:
    here, there = await opened(redis_found.url), await opened(redis_found.url)
    async with there.feed(run_id) as feed:
        await here.publish([stored(run_id, 1)])
        await here.close()
        assert await heard(feed, 1) == [1]


@pytest.mark.parametrize("trouble", ["killed", "hangs"])
async def test_redis_can_go_and_come_back_under_open_feeds(
    own_redis: OwnRedis, opened: Open, run_id: str, trouble: str, said: list[str]
) -> None:
    signals = await opened(own_redis.url)
    async with signals.feed(run_id) as feed:
        await signals.publish([stored(run_id, 1)])
        assert await heard(feed, 1) == [1]

        own_redis.kill() if trouble == "killed" else own_redis.pause()
        for seq in range(2, 100):
            at_once(signals.publish([stored(run_id, seq)]))
            at_once(signals.notify(f"thread:{run_id}"))
        await gone(signals)
        with pytest.raises(OSError, match="Redis"):
            await signals.ping()
        at_once(signals.publish([stored(run_id, 100)]))
        await signals.wait(f"thread:{run_id}", 0.01)
        async with signals.feed("run_another") as another:
            await asked(another)
        await asked(feed)
        await asked(feed)

        restore = own_redis.start if trouble == "killed" else own_redis.resume
        await healthy(signals, after=restore)
        await signals.ping()
        await asked(feed)
        async with signals.feed(run_id) as another:
            await signals.publish([stored(run_id, 101)])
            assert (await heard(feed, 1))[-1] == 101
            assert (await heard(another, 1))[-1] == 101
    assert [line.split()[0] for line in said] == ["redis_lost", "redis_back"]


async def test_a_notification_wakes_its_own_process_without_redis(
    own_redis: OwnRedis, opened: Open
) -> None:
    signals = await opened(own_redis.url)
    own_redis.kill()
    task = asyncio.create_task(signals.wait("thread:a", 60))
    await asyncio.sleep(0)

    await signals.notify("thread:a")

    async with asyncio.timeout(20):
        await task


async def test_a_process_starts_without_redis_and_finds_it_later(
    own_redis: OwnRedis, opened: Open, run_id: str
) -> None:
    own_redis.kill()
    signals = await opened(own_redis.url)
    async with signals.feed(run_id) as feed:
        await signals.publish([stored(run_id, 1)])
        await asked(feed)

        await healthy(signals, after=own_redis.start)
        await signals.publish([stored(run_id, 2)])
        assert await heard(feed, 1) == [2]


async def test_a_redis_that_takes_no_writes_counts_as_gone(
    own_redis: OwnRedis, opened: Open, run_id: str
) -> None:
    signals = await opened(own_redis.url)
    with redis.Redis(port=own_redis.port) as admin:
        admin.replicaof("127.0.0.1", "1")
        await signals.publish([stored(run_id, 1)])
        await gone(signals)
        await healthy(signals, after=lambda: admin.replicaof("NO", "ONE"))


async def test_closing_does_not_wait_long_for_a_redis_that_hangs(
    own_redis: OwnRedis, opened: Open, run_id: str
) -> None:
    signals = await opened(own_redis.url)
    own_redis.pause()
    await signals.publish([stored(run_id, 1)])
    async with asyncio.timeout(10):
        await signals.close()


async def test_a_password_is_used_and_a_wrong_one_is_reported_without_it(
    redis_installed: None, opened: Open, said: list[str]
) -> None:
    server = OwnRedis("--requirepass", "hunter2/@")
    server.start()
    try:
        right = await opened(f"redis://:hunter2%2F%40@127.0.0.1:{server.port}/1")
        await right.ping()
        wrong = await opened(f"redis://:hunter3@127.0.0.1:{server.port}/1")
        with pytest.raises(OSError, match="password"):
            await wrong.ping()
    finally:
        server.kill()
    assert "redis_lost" in "".join(said)
    assert "hunter" not in "".join(said)


async def test_tls_is_used_and_a_certificate_that_nobody_vouches_for_is_refused(
    redis_installed: None, opened: Open, tmp_path: Path
) -> None:
    certificate, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    if shutil.which("openssl") is None:
        pytest.skip("not run, openssl is not on the PATH")
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", key, "-out", certificate,
        ],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    port = str(free_port())
    files = ("--tls-cert-file", certificate, "--tls-key-file", key, "--tls-auth-clients", "no")
    server = OwnRedis("--tls-port", port, *files)
    server.start()
    try:
        trusting = await opened(f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={certificate}")
        await trusting.ping()
        doubting = await opened(f"rediss://127.0.0.1:{port}/0")
        with pytest.raises(OSError, match="certificate"):
            await doubting.ping()
    finally:
        server.kill()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "scheme"),
        ("127.0.0.1:6379", "scheme"),
        ("http://:hunter2@cache", "scheme 'http'"),
        ("redis://", "host is missing"),
        ("redis://:hunter2@", "host is missing"),
        ("redis://:hunt/er2@cache", "%2F"),
        ("redis://:hunter2@cache:99999", "host and port"),
        ("redis://:hunter2@cache:0", "not a port"),
        ("redis://:hunter2@cache/first", "'first'"),
        ("redis://:hunter2@cache?db=first", "'first'"),
        ("redis://:hunter2@cache?socket_timeout=60", "socket_timeout"),
    ],
)
def test_an_address_that_cannot_work_is_refused_with_the_fix(url: str, problem: str) -> None:
    with pytest.raises(ConfigError) as raised:
        RedisSignals(url)

    assert problem in str(raised.value)
    assert "Set REDIS_URL to redis://" in str(raised.value)
    assert "hunt" not in str(raised.value)
