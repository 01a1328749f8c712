"""Finds a Redis server for the tests, and starts servers of our own that a test may break.

Found in this order: `TEST_REDIS_URL`, a server on 127.0.0.1:6379, one of our own. Our own need
`redis-server` on the PATH.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import redis
from redis.exceptions import RedisError

START_S = 30


class NoRedisError(Exception):
    """No Redis; the message says what was tried."""


@dataclass(frozen=True, kw_only=True)
class FoundRedis:
    """A server that works.

    Attributes:
        origin: Where it came from, for the test report.
    """

    url: str
    origin: str


class OwnRedis:
    """A `redis-server` without a file, on a port that it keeps from one start to the next."""

    def __init__(self, *options: str, port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers. Raises: NoRedisError."""
        binary = shutil.which("redis-server")
        if binary is None:
            raise NoRedisError("redis-server is not on the PATH")
        command = [binary, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self._process = subprocess.Popen(
            [*command, *self._options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        # There is no event to wait for: the server says that it is ready by listening.
        deadline = time.monotonic() + START_S
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise NoRedisError(f"redis-server does not start on port {self.port}")
            time.sleep(0.02)

    def _listens(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False

    def kill(self) -> None:
        """End it without a word to its clients. Idempotent."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def pause(self) -> None:
        """Let it hang: it takes connections and answers nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)


@contextmanager
def redis_server() -> Iterator[FoundRedis]:
    """Find or start a server; what was started is stopped. Raises: NoRedisError."""
    named = os.environ.get("TEST_REDIS_URL")
    if named:
        if problem := _problem(named):
            # Somebody named it: to use another one instead would hide the mistake.
            raise RuntimeError(f"TEST_REDIS_URL is set, but: {problem}")
        yield FoundRedis(url=named, origin="TEST_REDIS_URL")
        return
    running = "redis://127.0.0.1:6379/0"
    problem = _problem(running)
    if problem is None:
        yield FoundRedis(url=running, origin="the server on 127.0.0.1:6379")
        return
    with ExitStack() as started:
        own = OwnRedis()
        try:
            own.start()
        except NoRedisError as exc:
            raise NoRedisError(
                f"TEST_REDIS_URL is not set; 127.0.0.1:6379: {problem}; {exc}"
            ) from exc
        started.callback(own.kill)
        yield FoundRedis(url=own.url, origin=f"a server of our own, port {own.port}")


def _problem(url: str) -> str | None:
    """Why the server cannot be used; None if it can."""
    try:
        with redis.Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3) as client:
            client.ping()
    except (RedisError, ValueError) as exc:
        return str(exc)
    return None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
