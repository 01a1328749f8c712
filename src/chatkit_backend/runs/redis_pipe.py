"""Commands for Redis from many callers, in order and in common round trips."""

import asyncio
from dataclasses import dataclass
from typing import TypeAlias

from redis.asyncio import Redis
from redis.exceptions import RedisError

from .redis_connection import RedisConnection

MAX_QUEUED_BYTES = 4 * 1024 * 1024
"""What may wait for the round trip under way; what comes beyond is dropped."""

PROBE = ("SET", "chatkit:probe", "", "PX", "1000")
"""A write: a Redis that is full, or a replica of another, answers a PING gladly."""

Argument: TypeAlias = str | int


@dataclass(slots=True)
class _Command:
    arguments: tuple[Argument, ...]
    reply: asyncio.Future[object] | None = None


class RedisPipe:
    """Nobody waits for Redis but who asks it something, and that at most for a moment.

    While Redis is away, commands are dropped at once.
    """

    def __init__(self, connection: RedisConnection) -> None:
        self._connection = connection
        self._queue: list[_Command] = []
        self._queued_bytes = 0
        self._some = asyncio.Event()

    def send(self, *arguments: Argument) -> None:
        """Have a command carried out soon, or not at all."""
        if self._connection.up:
            self._put(_Command(arguments))

    async def ask(self, *arguments: Argument) -> object:
        """Have a command carried out, after all that were sent before; return the reply.

        Raises: ConnectionError.
        """
        if not self._connection.up:
            raise ConnectionError(f"Redis cannot be reached: {self._connection.error}")
        reply: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        if not self._put(_Command(arguments, reply)):
            raise ConnectionError("too many commands wait for Redis")
        return await reply

    async def run(self) -> None:
        """Carry out what comes, for ever."""
        await self._connection.keep(self._carry_out)

    async def _carry_out(self, redis: Redis) -> None:
        try:
            await _round_trip(redis, [_Command(PROBE)])
            self._connection.works()
            while True:
                await self._some.wait()
                await _round_trip(redis, self._take())
        finally:
            for command in self._take():
                _fail(command, "the connection to Redis broke")

    def _put(self, command: _Command) -> bool:
        size = sum(len(part) for part in command.arguments if isinstance(part, str))
        if self._queued_bytes + size > MAX_QUEUED_BYTES:
            return False
        self._queued_bytes += size
        self._queue.append(command)
        self._some.set()
        return True

    def _take(self) -> list[_Command]:
        taken, self._queue, self._queued_bytes = self._queue, [], 0
        self._some.clear()
        return taken


async def _round_trip(redis: Redis, commands: list[_Command]) -> None:
    try:
        async with redis.pipeline(transaction=False) as pipeline:
            for command in commands:
                pipeline.execute_command(*command.arguments)
            replies: list[object] = await pipeline.execute(raise_on_error=False)
    except BaseException as exc:
        for command in commands:
            _fail(command, str(exc) or type(exc).__name__)
        raise
    refusal: RedisError | None = None
    for command, reply in zip(commands, replies, strict=True):
        if isinstance(reply, RedisError):
            refusal = reply
            _fail(command, str(reply))
        elif command.reply is not None and not command.reply.done():
            command.reply.set_result(reply)
    if refusal is not None:
        raise refusal


def _fail(command: _Command, why: str) -> None:
    if command.reply is not None and not command.reply.done():
        command.reply.set_exception(ConnectionError(f"Redis did not do it: {why}"))
