"""Streams in Redis as this process follows them: all at once, over one connection."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

from redis.asyncio import Redis

from .redis_connection import RedisConnection

BLOCK_MS = 100
"""How long Redis is asked to wait for something new; a stream that is added waits as long for the
next question."""

PAUSE_S = 0.01
"""Least time between two answers: what comes meanwhile comes together."""

COUNT = 32
"""Entries of one stream in one answer."""

BEGINNING = "0-0"

Fields: TypeAlias = Mapping[bytes, bytes]
OnEntry: TypeAlias = Callable[[Fields], None]
Entries: TypeAlias = list[tuple[bytes, dict[bytes, bytes]]]


class _Stream:
    def __init__(self, position: str) -> None:
        self.position = position
        self.listeners: set[OnEntry] = set()


class RedisStreams:
    """Hands new entries of streams to those who listen.

    A new connection begins at the streams' ends: what came while there was none is lost.
    """

    def __init__(self, connection: RedisConnection) -> None:
        self._connection = connection
        self._streams: dict[str, _Stream] = {}

    def __contains__(self, key: object) -> bool:
        return key in self._streams

    def listen(self, key: str, listener: OnEntry, position: str = BEGINNING) -> None:
        """Call `listener` with each entry behind `position`; a stream has one for all listeners."""
        self._streams.setdefault(key, _Stream(position)).listeners.add(listener)

    def leave(self, key: str, listener: OnEntry) -> None:
        """Call it no more."""
        stream = self._streams[key]
        stream.listeners.discard(listener)
        if not stream.listeners:
            del self._streams[key]

    async def run(self) -> None:
        """Read, for ever. There must be a listener at any time."""
        await self._connection.keep(self._read_on)

    async def _read_on(self, redis: Redis) -> None:
        await self._seek_ends(redis)
        while True:
            self._connection.works()
            if await self._read(redis):
                await asyncio.sleep(PAUSE_S)

    async def _seek_ends(self, redis: Redis) -> None:
        keys = list(self._streams)
        async with redis.pipeline(transaction=False) as pipeline:
            for key in keys:
                pipeline.xrevrange(key, count=1)
            newest = cast("list[Entries]", await pipeline.execute())
        for key, entries in zip(keys, newest, strict=True):
            if key in self._streams:
                self._streams[key].position = end_of(entries)

    async def _read(self, redis: Redis) -> bool:
        positions = {key: stream.position for key, stream in self._streams.items()}
        # The client's types want a dict of any keys and do not take one of text.
        found = await redis.xread(positions, count=COUNT, block=BLOCK_MS)  # type: ignore[arg-type]
        for name, entries in cast("list[tuple[bytes, Entries]]", found or []):
            stream = self._streams.get(name.decode())
            if stream is not None:
                stream.position = end_of(entries[-1:])
                for _, fields in entries:
                    for listener in list(stream.listeners):
                        listener(fields)
        return bool(found)


def end_of(newest: Entries) -> str:
    """The position behind a stream's newest entry, which may not be there."""
    return newest[0][0].decode() if newest else BEGINNING
