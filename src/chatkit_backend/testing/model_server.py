"""A model provider for tests: a real HTTP server that speaks OpenAI's two protocols."""

import asyncio
import json
from collections import deque
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Self

from .model_replies import (
    Answer,
    Api,
    Call,
    Cut,
    Fail,
    HttpError,
    ModelRequest,
    Refuse,
    Reply,
    Say,
    ScriptItem,
    Stop,
    Think,
    Truncate,
    Wait,
    echo,
)
from .model_rules import refusal
from .model_wire import wire_for

__all__ = [
    "Answer",
    "Call",
    "Cut",
    "Fail",
    "HttpError",
    "ModelRequest",
    "ModelServer",
    "Refuse",
    "Say",
    "Stop",
    "Think",
    "Truncate",
    "Wait",
]

_APIS: Mapping[str, Api] = {
    "/v1/chat/completions": "chat_completions",
    "/v1/responses": "responses",
}

MAX_BODY_BYTES = 32 * 1024 * 1024


class ModelServer:
    """Answers on 127.0.0.1 what a script says, one item for each request, in order.

    ```python
    async with ModelServer(["Hello", Answer(Call("add", {"a": 1})), "Done"]) as server:
        client = AsyncOpenAI(base_url=server.base_url, api_key="test")
    ```

    Without a script, or behind its end, the answer is the last user message and the number of user
    turns. Requests that a real server refuses (`output_text` parts on chat completions, a tool's
    output without its call) are refused alike, and use up no item of the script.

    Attributes:
        requests: Every request to a model, oldest first.
    """

    def __init__(self, script: Iterable[ScriptItem] = ()) -> None:
        """Take the script; `add` appends to it later."""
        self.requests: list[ModelRequest] = []
        self._script = deque(script)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._arrived = asyncio.Condition()

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Protocol(asyncio.StreamReader(loop=loop), self._connected, loop=loop),
            "127.0.0.1",
            0,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close every connection."""
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.cancel()
        if self._connections:
            await asyncio.wait(self._connections)

    @property
    def base_url(self) -> str:
        """The address for `OPENAI_BASE_URL`. Raises: RuntimeError before the server listens."""
        if self._server is None:
            raise RuntimeError("the model server does not listen yet; use `async with`")
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"http://{host}:{port}/v1"

    def add(self, *items: ScriptItem) -> None:
        """Append to the script."""
        self._script.extend(items)

    async def request(self, number: int) -> ModelRequest:
        """Wait for the `number`-th request, counted from 1."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.requests) >= number)
        return self.requests[number - 1]

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        gone = asyncio.Event()
        watch = asyncio.create_task(_watch(writer, gone))
        try:
            while (received := await _read_request(reader)) is not None:
                await self._respond(*received, writer, gone)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()
            await watch

    async def _respond(
        self,
        path: str,
        headers: dict[str, str],
        body: bytes,
        writer: asyncio.StreamWriter,
        gone: asyncio.Event,
    ) -> None:
        api = _APIS.get(path)
        if api is None:
            error = HttpError(status=404, message=f"Unknown request URL: {path}")
            await _send_json(writer, 404, error.json())
            return
        request = ModelRequest(api, headers, json.loads(body))
        request.closed = gone
        async with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()
        reply = refusal(request) or self._next(request)
        if isinstance(reply, HttpError):
            await _send_json(writer, reply.status, reply.json(), reply.headers)
        else:
            await _send_answer(writer, request, reply)
        request.answered.set()

    def _next(self, request: ModelRequest) -> Reply:
        item = self._script.popleft() if self._script else echo
        reply = item(request) if callable(item) else item
        return Answer(reply) if isinstance(reply, str) else reply


class _Protocol(asyncio.StreamReaderProtocol):
    def eof_received(self) -> bool:
        # The default keeps a half-open connection, and a client that left would not be noticed.
        super().eof_received()
        return False


async def _watch(writer: asyncio.StreamWriter, gone: asyncio.Event) -> None:
    try:
        await writer.wait_closed()
    except ConnectionError:
        pass
    finally:
        gone.set()


async def _read_request(
    reader: asyncio.StreamReader,
) -> tuple[str, dict[str, str], bytes] | None:
    """Path, headers and body of the next request, or None at the end of the connection."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    request_line, *lines = head.split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    length = int(headers.get("content-length", "0"))
    if length > MAX_BODY_BYTES:
        raise ConnectionError(f"a request body of {length} bytes is over {MAX_BODY_BYTES}")
    return request_line.split(" ")[1], headers, await reader.readexactly(length)


async def _send_answer(writer: asyncio.StreamWriter, request: ModelRequest, answer: Answer) -> None:
    wire = wire_for(request, answer)
    if request.streamed:
        writer.write(_head(200, {"Content-Type": "text/event-stream"}, "chunked"))
        await writer.drain()
    for step in answer.steps:
        for frame in (step,) if isinstance(step, (Wait, Cut)) else wire.frames(step):
            if isinstance(frame, bytes):
                if request.streamed:
                    await _send_chunk(writer, frame)
            else:
                await _interrupt(frame, request.closed)
        if isinstance(step, Fail) and not request.streamed:
            error = HttpError(status=500, code=step.code, message=step.message)
            await _send_json(writer, 500, error.json())
            return
        if isinstance(step, (Fail, Stop)):
            await _send_chunk(writer, b"")
            return
    if not request.streamed:
        await _send_json(writer, 200, wire.document())
        return
    for frame in wire.closing():
        await _send_chunk(writer, frame)
    await _send_chunk(writer, b"")


async def _interrupt(step: Wait | Cut, gone: asyncio.Event) -> None:
    """Do what the script says between two events. Raises: ConnectionResetError at a cut."""
    if isinstance(step, Cut):
        raise ConnectionResetError("cut by the script")
    waits = [asyncio.ensure_future(gone.wait())]
    if isinstance(step.until, asyncio.Event):
        waits.append(asyncio.ensure_future(step.until.wait()))
    seconds = None if isinstance(step.until, asyncio.Event) else step.until
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    if gone.is_set():
        raise ConnectionResetError("the client left")


async def _send_json(
    writer: asyncio.StreamWriter,
    status: int,
    document: object,
    headers: Mapping[str, str] | None = None,
) -> None:
    body = json.dumps(document).encode()
    named = {"Content-Type": "application/json", **(headers or {})}
    writer.write(_head(status, named, len(body)) + body)
    await writer.drain()


async def _send_chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(b"%x\r\n%s\r\n" % (len(data), data))
    await writer.drain()


def _head(status: int, headers: Mapping[str, str], length: int | str) -> bytes:
    size = (
        f"Transfer-Encoding: {length}" if isinstance(length, str) else f"Content-Length: {length}"
    )
    lines = [f"HTTP/1.1 {status} status", size]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
