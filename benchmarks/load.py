"""Users: each sends a message, reads the answer to its end, and sends the next.

A raw asyncio client: on a small machine, what the client takes the server does not get.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from statistics import median

import uvloop

LIMIT_BYTES = 4 * 1024 * 1024
"""Longest chunk of an answer."""

TIMEOUT_S = 120.0
"""No load takes longer on any machine on which its figures mean something."""

_COOKIE = re.compile(rb"\r\nset-cookie: ([^;\r]+)", re.IGNORECASE)
_THREAD = re.compile(rb'"id":"(thr_[^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much is asked for.

    Attributes:
        new_threads: Begin a thread with each message; else one thread for each user grows.
    """

    users: int
    messages: int
    new_threads: bool = False

    @property
    def total(self) -> int:
        """Messages of all users."""
        return self.users * self.messages


@dataclass(slots=True)
class Served:
    """What came of a load.

    Attributes:
        first_token_s: For each message, seconds until the first text arrived.
    """

    wall_s: float = 0.0
    first_token_s: list[float] = field(default_factory=list)

    @property
    def first_token_p50_ms(self) -> float:
        """The median."""
        return median(self.first_token_s) * 1000


def run_load(port: int, load: Load) -> Served:
    """Put the load on the ChatKit server at `port`.

    Raises: RuntimeError if one message is not answered, with what came instead.
    """
    return uvloop.run(_run(port, load))


async def _run(port: int, load: Load) -> Served:
    served = Served()
    began = time.perf_counter()
    async with asyncio.timeout(TIMEOUT_S), asyncio.TaskGroup() as users:
        for _ in range(load.users):
            users.create_task(_User(port, served).send(load))
    served.wall_s = time.perf_counter() - began
    return served


class _User:
    """One connection, one cookie, one thread at a time."""

    def __init__(self, port: int, served: Served) -> None:
        self._port = port
        self._served = served
        self._cookie = b""
        self._thread_id: str | None = None

    async def send(self, load: Load) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=LIMIT_BYTES)
        try:
            for number in range(load.messages):
                if load.new_threads:
                    self._thread_id = None
                writer.write(self._request(f"message {number}"))
                await self._read_answer(reader)
        finally:
            writer.close()

    def _request(self, text: str) -> bytes:
        params: dict[str, object] = {
            "input": {
                "content": [{"type": "input_text", "text": text}],
                "attachments": [],
                "inference_options": {},
            }
        }
        kind = "threads.create"
        if self._thread_id is not None:
            kind, params["thread_id"] = "threads.add_user_message", self._thread_id
        body = json.dumps({"type": kind, "params": params}).encode()
        cookie = b"cookie: %s\r\n" % self._cookie if self._cookie else b""
        return (
            b"POST /chatkit HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            b"accept: text/event-stream\r\n%scontent-length: %d\r\n\r\n%s"
            % (cookie, len(body), body)
        )

    async def _read_answer(self, reader: asyncio.StreamReader) -> None:
        began, first_token_s = time.perf_counter(), 0.0
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200") or b"chunked" not in head.lower():
            raise RuntimeError(f"no stream of events: {head!r}")
        if found := _COOKIE.search(head):
            self._cookie = found[1]
        done, last = False, b""
        async for chunk in _chunks(reader):
            last = chunk
            if self._thread_id is None and b'"thread.created"' in chunk:
                found = _THREAD.search(chunk)
                self._thread_id = found[1].decode() if found else None
            if not first_token_s and b"text_delta" in chunk:
                first_token_s = time.perf_counter() - began
            if b'"assistant_message"' in chunk and b'"thread.item.done"' in chunk:
                done = True
        if not (done and first_token_s):
            raise RuntimeError(f"the answer is not complete; it ends with {last[-500:]!r}")
        self._served.first_token_s.append(first_token_s)


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while size := int(await reader.readuntil(b"\r\n"), 16):
        yield (await reader.readexactly(size + 2))[:-2]
    await reader.readexactly(2)
