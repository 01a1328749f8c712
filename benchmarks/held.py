"""Chats that are open all at once: how old each token is when it arrives.

Every token of the model server is the time at which it was sent. Tokens that arrive together count
one by one, each with its own age: joining them hides nothing.
"""

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from typing import cast

import uvloop

from .server_process import ServerProcess

RAMP, RAMP_S = 20, 0.02
"""So many chats open at the same moment, the next ones so many seconds later."""

LOOK_S = 0.2
"""Seconds between two looks at the server's memory."""

TIMEOUT_S = 120.0

_STAMP = re.compile(rb"@(\d+\.\d{4})")
_BODY = json.dumps(
    {
        "type": "threads.create",
        "params": {
            "input": {
                "content": [{"type": "input_text", "text": "hello"}],
                "attachments": [],
                "inference_options": {},
            }
        },
    }
).encode()
_REQUEST = (
    b"POST /chatkit HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
    b"accept: text/event-stream\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s"
    % (len(_BODY), _BODY)
)


@dataclass(slots=True)
class Held:
    """What came of `streams` open chats.

    Attributes:
        lag_s: The age of each token on arrival.
        first_token_s: For each chat, from the request to its first token.
        failed: Chats that did not get all of their answer.
        cpu_s: Processor time that the server took.
        memory_kb: What its memory grew by at most.
    """

    streams: int
    lag_s: list[float] = field(default_factory=list)
    first_token_s: list[float] = field(default_factory=list)
    failed: int = 0
    cpu_s: float = 0.0
    memory_kb: float = 0.0

    @property
    def lag_p50_ms(self) -> float:
        """The median age."""
        return median(self.lag_s) * 1000

    @property
    def lag_p99_ms(self) -> float:
        """The age that one token in a hundred exceeds."""
        return sorted(self.lag_s)[int(len(self.lag_s) * 0.99)] * 1000

    @property
    def first_token_p50_ms(self) -> float:
        """The median."""
        return median(self.first_token_s) * 1000

    @property
    def cpu_us_per_token(self) -> float:
        """The server's processor time for one token, the fixed cost of the answers included."""
        return self.cpu_s / len(self.lag_s) * 1e6


def hold(server: ServerProcess, streams: int, tokens: int) -> Held:
    """Open `streams` chats with answers of `tokens` tokens, and read each to its end.

    Raises: TimeoutError if that takes longer than any figure of it could mean anything.
    """
    return uvloop.run(_hold(server, Held(streams), tokens))


async def _hold(server: ServerProcess, held: Held, tokens: int) -> Held:
    cpu_s, memory_kb = server.cpu_s(), server.memory_kb()
    loop = asyncio.get_running_loop()
    ended: list[asyncio.Future[None]] = []
    async with asyncio.timeout(TIMEOUT_S):
        for number in range(held.streams):
            chat = _Chat(held, tokens)
            ended.append(chat.ended)
            await loop.create_connection(partial(_itself, chat), "127.0.0.1", server.port)
            if number % RAMP == RAMP - 1:
                await asyncio.sleep(RAMP_S)
        pending = set(ended)
        while pending:
            _, pending = await asyncio.wait(pending, timeout=LOOK_S)
            held.memory_kb = max(held.memory_kb, server.memory_kb() - memory_kb)
    held.cpu_s = server.cpu_s() - cpu_s
    return held


class _Chat(asyncio.Protocol):
    """One chat. It does as little as it can: the client shares the machine with the server."""

    def __init__(self, held: Held, tokens: int) -> None:
        self._held = held
        self._left = tokens
        self._began = 0.0
        self._tail = b""
        self._begun = False
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._began = time.time()
        cast("asyncio.WriteTransport", transport).write(_REQUEST)

    def data_received(self, data: bytes) -> None:
        now = time.time()
        *events, self._tail = (self._tail + data).split(b"\n\n")
        for event in events:
            if b"text_delta" in event:
                sent = [float(stamp) for stamp in _STAMP.findall(event)]
                if sent and not self._begun:
                    self._held.first_token_s.append(now - self._began)
                    self._begun = True
                self._held.lag_s += [now - one for one in sent]
                self._left -= len(sent)

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None or self._left != 0:
            self._held.failed += 1
        if not self.ended.done():
            self.ended.set_result(None)


def _itself(chat: _Chat) -> _Chat:
    return chat
