"""A model provider: chat completions over SSE, as cheap as asyncio allows.

`python -m benchmarks.model_server PORT TOKENS RATE`: every answer has TOKENS tokens; at RATE 0 it
is sent at once, otherwise each open answer gets RATE tokens a second, and each token is the time at
which it was sent. The bytes are made at the start, but for those times, so that this process takes
little from what is measured beside it.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field

import uvloop

WORD = "token "

STAMP = "@%.4f "
"""A token that says when it was sent, in seconds since the epoch."""

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
READY = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"

PHASES = 4
"""Paced answers are spread over the interval between two tokens, as real ones are."""


def _event(payload: object) -> bytes:
    return b"data: %s\n\n" % json.dumps(payload).encode()


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _completion(delta: dict[str, str], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return _event({**_common(), "choices": [choice]})


def _common() -> dict[str, object]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "bench",
    }


def _usage(tokens: int) -> bytes:
    usage = {"prompt_tokens": 10, "completion_tokens": tokens, "total_tokens": tokens + 10}
    return _event({**_common(), "choices": [], "usage": usage})


@dataclass(slots=True, eq=False)
class Paced:
    """An open answer."""

    writer: asyncio.StreamWriter
    left: int
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Pace:
    """Gives every open answer a token at each of its ticks: one timer for all of them."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._phases: list[list[Paced]] = [[] for _ in range(PHASES)]

    async def send(self, writer: asyncio.StreamWriter, tokens: int) -> None:
        """Wait until `writer` has had its tokens."""
        answer = Paced(writer, tokens)
        min(self._phases, key=len).append(answer)
        await answer.done.wait()

    async def tick(self) -> None:
        """Run for ever."""
        before, behind = _completion({"content": WORD}).split(WORD.encode())
        loop = asyncio.get_running_loop()
        step, due = 1 / self._rate / PHASES, loop.time()
        while True:
            for phase in self._phases:
                due += step
                await asyncio.sleep(max(0, due - loop.time()))
                token = _chunk(before + (STAMP % time.time()).encode() + behind)
                for answer in phase:
                    answer.writer.write(token)
                    answer.left -= 1
                    if answer.left == 0 or answer.writer.is_closing():
                        answer.done.set()
                phase[:] = [answer for answer in phase if not answer.done.is_set()]


class ModelServer:
    """Answers every POST with the same stream and every GET with an empty object."""

    def __init__(self, tokens: int, rate: float) -> None:
        self._tokens = tokens
        self._pace = Pace(rate) if rate else None
        self._first = _completion({"role": "assistant", "content": ""})
        self._token = _completion({"content": WORD})
        self._last = _completion({}, "stop") + _usage(tokens) + b"data: [DONE]\n\n"
        self._whole = _chunk(self._first + self._token * tokens + self._last) + b"0\r\n\r\n"

    async def serve(self, port: int) -> None:
        """Serve until the process is ended."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", port, backlog=1024)
        async with server, asyncio.TaskGroup() as tasks:
            if self._pace is not None:
                tasks.create_task(self._pace.tick())
            tasks.create_task(server.serve_forever())

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
                await reader.readexactly(int(length or 0))
                await self._answer(writer, get=head.startswith(b"get"))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, *, get: bool) -> None:
        if get:
            writer.write(READY)
        elif self._pace is None:
            writer.write(HEAD + self._whole)
        else:
            writer.write(HEAD + _chunk(self._first))
            await self._pace.send(writer, self._tokens)
            writer.write(_chunk(self._last) + b"0\r\n\r\n")
        await writer.drain()


if __name__ == "__main__":
    port, tokens, rate = sys.argv[1:]
    uvloop.run(ModelServer(int(tokens), float(rate)).serve(int(port)))
