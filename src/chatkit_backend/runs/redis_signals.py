"""Signals between processes through Redis: chunks and topics travel in streams.

Each run has a stream, and all topics share one. A process uses two connections, however many runs
it follows: one to send, one to read. Streams and not channels, because a stream can be read from a
known position, and because a read that is repeated shows whether Redis is alive.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import cast

from chatkit_backend.logs import get_logger
from chatkit_backend.store.runs import Append, Chunk

from .redis_connection import RedisConnection, redis_at
from .redis_pipe import RedisPipe
from .redis_streams import BEGINNING, Entries, Fields, RedisStreams, end_of
from .signals import Feed, LocalSignals, local_poll_s

POLL_S = 1.0
"""How often a feed has the store asked while Redis works: another process may have lost it."""

TOPICS = "chatkit:topics"

STREAM_LENGTH = 64
"""Entries that a stream keeps, about; readers are at its end."""

TOPICS_LENGTH = 1024

KEPT_S = 3600
"""Seconds after which a stream is gone from Redis, if nothing is added to it."""

ENDED_KEPT_S = 60
"""The same for a run that has ended."""

KEPT_EVERY = 64
"""Events of a run after which its stream is kept for longer: to say it with each chunk would double
the cost of sending it."""

MAX_CHUNK_CHARS = 65_536
"""A larger chunk stays in the store, and the stream says that it is there."""

FEED_CHUNKS = 32
"""Chunks that wait for a slow reader of a feed; when there are more, all but the newest go."""

log = get_logger(__name__)


class RedisSignals:
    """Signals for the processes that share one Redis. See `RunSignals` for what each method does.

    While Redis is away everything works as it does without it, a little later.
    """

    def __init__(self, url: str) -> None:
        """Use the Redis at `url`. Raises: ConfigError."""
        connect = redis_at(url)
        self._name = secrets.token_hex(8)
        self._local = LocalSignals()
        self._up = True
        self._connections = [
            RedisConnection(name, connect, self._note_change) for name in ("send", "read")
        ]
        self._pipe = RedisPipe(self._connections[0])
        self._streams = RedisStreams(self._connections[1])
        self._streams.listen(TOPICS, self._hear)
        self._feeds: set[_StreamFeed] = set()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def up(self) -> bool:
        """Whether Redis worked when it was last used."""
        return self._up

    async def open(self) -> None:
        """Connect, or at least try; after that it is tried again on its own. Idempotent."""
        if not self._tasks:
            self._tasks = [
                asyncio.create_task(self._pipe.run(), name="redis send"),
                asyncio.create_task(self._streams.run(), name="redis read"),
            ]
        for connection in self._connections:
            await connection.tried.wait()

    async def close(self) -> None:
        """Send what is to be sent, and disconnect. Idempotent."""
        if self._tasks:
            with suppress(ConnectionError):
                await self._pipe.ask("PING")  # its answer comes after all that was sent before
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def ping(self) -> None:
        """Ask for a sign of life. Raises: OSError."""
        await self._pipe.ask("PING")

    async def publish(self, stored: Sequence[Append]) -> None:
        """See `RunSignals.publish`. Does not wait for Redis."""
        for append in stored:
            key = _key(append.fence.run_id)
            if append.chunk is not None:
                self._add(key, STREAM_LENGTH, *_fields(append.chunk))
                if _is_due(append.chunk):
                    self._pipe.send("EXPIRE", key, KEPT_S)
            if append.end is not None:
                self._add(key, STREAM_LENGTH, "look", "")
                self._pipe.send("EXPIRE", key, ENDED_KEPT_S)

    @asynccontextmanager
    async def feed(self, run_id: str) -> AsyncIterator[Feed]:
        """See `RunSignals.feed`."""
        key = _key(run_id)
        feed = _StreamFeed(lambda quiet_s: POLL_S if self._up else local_poll_s(quiet_s))
        position = BEGINNING if key in self._streams else await self._end(key)
        self._streams.listen(key, feed.take, position)
        self._feeds.add(feed)
        try:
            yield feed
        finally:
            self._feeds.discard(feed)
            self._streams.leave(key, feed.take)

    async def notify(self, topic: str) -> None:
        """See `RunSignals.notify`. Does not wait for Redis."""
        await self._local.notify(topic)
        self._add(TOPICS, TOPICS_LENGTH, "topic", topic, "from", self._name)
        self._pipe.send("EXPIRE", TOPICS, KEPT_S)

    async def wait(self, topic: str, timeout_s: float) -> None:
        """See `RunSignals.wait`."""
        await self._local.wait(topic, timeout_s)

    def _add(self, key: str, length: int, *fields: str) -> None:
        self._pipe.send("XADD", key, "MAXLEN", "~", length, "*", *fields)

    async def _end(self, key: str) -> str:
        try:
            newest = await self._pipe.ask("XREVRANGE", key, "+", "-", "COUNT", 1)
        except ConnectionError:
            return BEGINNING  # what is there is known, and does no harm
        return end_of(cast("Entries", newest))

    def _hear(self, fields: Fields) -> None:
        if fields[b"from"].decode() != self._name:
            self._local.wake(fields[b"topic"].decode())

    def _note_change(self) -> None:
        """Say once that Redis has gone or come back; either way something may have been missed."""
        broken = [one for one in self._connections if one.tried.is_set() and not one.up]
        if self._up == (not broken):
            return
        self._up = not broken
        if broken:
            log.warning("redis_lost", connection=broken[0].name, error=broken[0].error)
        else:
            log.info("redis_back")
        for feed in self._feeds:
            feed.look()


class _StreamFeed(Feed):
    """Chunks that wait for one reader.

    Those that wait always follow one another: behind a gap nothing before it is of use.
    """

    def __init__(self, patience_s: Callable[[float], float]) -> None:
        self._patience_s = patience_s
        self._chunks: list[Chunk] = []
        self._look = False
        self._changed = asyncio.Event()

    async def next(self, *, quiet_s: float) -> list[Chunk]:
        """See `Feed.next`."""
        if not (self._chunks or self._look):
            self._changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience_s(quiet_s)):
                    await self._changed.wait()
        if not self._chunks:
            self._look = False
        chunks, self._chunks = self._chunks, []
        return chunks

    def take(self, fields: Fields) -> None:
        """Take an entry of the run's stream."""
        if b"look" in fields:
            self.look()
            return
        first, _, last = fields[b"seq"].decode().partition(" ")
        chunk = Chunk(first_seq=int(first), last_seq=int(last), payload=fields[b"data"].decode())
        waiting = self._chunks
        if waiting and (waiting[-1].last_seq + 1 != chunk.first_seq or len(waiting) >= FEED_CHUNKS):
            waiting.clear()
        waiting.append(chunk)
        self._changed.set()

    def look(self) -> None:
        """Have the store asked."""
        self._look = True
        self._changed.set()


def _key(run_id: str) -> str:
    return f"chatkit:run:{run_id}"


def _is_due(chunk: Chunk) -> bool:
    """Whether the chunk holds the first of `KEPT_EVERY` events."""
    return (chunk.first_seq - 2) // KEPT_EVERY != (chunk.last_seq - 1) // KEPT_EVERY


def _fields(chunk: Chunk) -> tuple[str, ...]:
    if len(chunk.payload) > MAX_CHUNK_CHARS:
        return "look", ""
    return "seq", f"{chunk.first_seq} {chunk.last_seq}", "data", chunk.payload
