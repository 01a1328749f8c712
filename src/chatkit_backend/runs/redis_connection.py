"""A connection to Redis that is made again whenever it breaks, and the address that it goes to."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from chatkit_backend.errors import ConfigError
from chatkit_backend.logs import get_logger
from chatkit_backend.store.urls import masked

TIMEOUT_S = 1.0
"""Seconds to connect, to write, and to wait for a reply."""

RETRY_S = 0.25
MAX_RETRY_S = 2.0

PARAMETERS = frozenset(
    {"db", "ssl_ca_certs", "ssl_cert_reqs", "ssl_certfile", "ssl_check_hostname", "ssl_keyfile"}
)
"""What a URL may say behind its question mark. Timeouts are not among it: promises rest on them."""

EXAMPLES = "redis://:password@host:6379/0, or rediss://… for TLS"

Connect: TypeAlias = Callable[[], Redis]

log = get_logger(__name__)


def redis_at(written: str) -> Connect:
    """Understand `redis://…` and `rediss://…`; what is returned makes a client with one connection.

    Raises:
        ConfigError: One line that names REDIS_URL, the value (password masked) and the fix.
    """
    written = written.strip()
    problem = _problem(written)
    if problem:
        raise ConfigError(
            f"REDIS_URL={masked(written)} is not usable: {problem}. Set REDIS_URL to {EXAMPLES}"
        )

    def connect() -> Redis:
        return Redis.from_url(
            written,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
            max_connections=1,
            protocol=2,
        )

    return connect


class RedisConnection:
    """One connection, used by one task.

    Attributes:
        name: For the log.
        up: Whether it worked when it was last used.
        error: Why it does not.
        tried: Set once it is known whether it works.
    """

    def __init__(self, name: str, connect: Connect, on_change: Callable[[], None]) -> None:
        self.name = name
        self.up = False
        self.error = "not connected yet"
        self.tried = asyncio.Event()
        self._connect = connect
        self._on_change = on_change
        self._pause_s = RETRY_S

    async def keep(self, work: Callable[[Redis], Awaitable[None]]) -> None:
        """Do `work` for ever; when it breaks, again with a new connection. It says `works`."""
        try:
            while True:
                self._broke(await self._attempt(work))
                await asyncio.sleep(self._pause_s)
                self._pause_s = min(self._pause_s * 2, MAX_RETRY_S)
        finally:
            self.up = False
            self.tried.clear()

    def works(self) -> None:
        """Take note that Redis did as it was asked."""
        self._pause_s = RETRY_S
        if not self.up:
            self.up, self.error = True, ""
            self._changed()

    async def _attempt(self, work: Callable[[Redis], Awaitable[None]]) -> str:
        """Do `work` until it breaks, and say why it did."""
        try:
            async with self._connect() as redis:
                await work(redis)
        except (RedisError, OSError) as exc:
            return str(exc) or type(exc).__name__
        except Exception as exc:
            log.exception("redis_connection_broke", connection=self.name)
            return repr(exc)
        return "it ended"

    def _broke(self, error: str) -> None:
        self.up, self.error = False, error
        self._changed()

    def _changed(self) -> None:
        self.tried.set()
        self._on_change()


def _problem(written: str) -> str | None:
    # The messages of `urlsplit` are not shown: they quote what may be the password.
    try:
        parts = urlsplit(written)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "host and port cannot be told apart (in a password, write / as %2F and @ as %40)"
    if parts.scheme not in ("redis", "rediss"):
        return f"the scheme {parts.scheme!r} is neither redis nor rediss"
    if not host:
        return "the host is missing"
    if port == 0:
        return "0 is not a port"
    query = parse_qs(parts.query, keep_blank_values=True)
    if unknown := query.keys() - PARAMETERS:
        return f"there is no parameter {', '.join(sorted(unknown))}"
    database = query.get("db", [parts.path.strip("/")])[0]
    if database and not database.isdecimal():
        return f"the database is a number, not {database!r}"
    return None
