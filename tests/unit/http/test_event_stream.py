"""A stream ends in every case: its source is closed, and a whole one is known from a cut one."""

import asyncio
from collections.abc import AsyncGenerator

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send
from tests.serving import serving

from chatkit_backend.http.event_stream import EventStream
from chatkit_backend.http.framing import SSE, framed
from chatkit_backend.runs import Batches
from chatkit_backend.runs.entries import Entry
from chatkit_backend.store.errors import StoreUnavailableError

SCOPE: Scope = {"type": "http"}


class Source:
    """Batches without an end, that know whether they were closed."""

    def __init__(self) -> None:
        self.closed = False

    async def batches(self) -> Batches:
        try:
            while True:
                yield [Entry(1, b"{}")]
        finally:
            self.closed = True


class Client:
    """Takes what is sent until it is full, and leaves when it is told to."""

    def __init__(self, *, takes: int = 1000) -> None:
        self.sent: list[Message] = []
        self.left = asyncio.Event()
        self.full = asyncio.Event()
        self._takes = takes

    async def send(self, message: Message) -> None:
        self.sent.append(message)
        if len(self.sent) > self._takes:
            self.full.set()
            await asyncio.Event().wait()

    async def receive(self) -> Message:
        await self.left.wait()
        return {"type": "http.disconnect"}


def stream(chunks: AsyncGenerator[bytes, None]) -> EventStream:
    return EventStream(chunks, SSE, lambda: None)


async def bodies(chunks: AsyncGenerator[bytes, None]) -> list[Message]:
    """What a client that stays is sent, but for the headers."""
    client = Client()
    await stream(chunks)(SCOPE, client.receive, client.send)
    return client.sent[1:]


async def test_when_a_client_leaves_in_the_middle_of_a_send_the_source_is_closed_at_once() -> None:
    source, client = Source(), Client(takes=3)
    response = stream(framed("run_1", source.batches(), SSE))
    running = asyncio.create_task(response(SCOPE, client.receive, client.send))
    await client.full.wait()

    client.left.set()
    await running

    assert source.closed


async def test_a_whole_stream_is_ended() -> None:
    async def chunks() -> AsyncGenerator[bytes, None]:
        yield b"all"

    assert [one["more_body"] for one in await bodies(chunks())] == [True, False]


async def test_one_that_cannot_be_read_on_is_cut() -> None:
    async def chunks() -> AsyncGenerator[bytes, None]:
        yield b"some"
        raise StoreUnavailableError("away")

    assert [one["more_body"] for one in await bodies(chunks())] == [True]


async def test_http_tells_a_client_which_it_was() -> None:
    async def chunks(*, cut: bool) -> AsyncGenerator[bytes, None]:
        yield b"some"
        if cut:
            raise StoreUnavailableError("away")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await stream(chunks(cut=scope["path"] == "/cut"))(scope, receive, send)

    async with serving(app, lifespan="off") as url, httpx.AsyncClient(base_url=url) as client:
        assert (await client.get("/whole")).text == "some"
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/cut")


async def test_a_bug_is_seen() -> None:
    async def chunks() -> AsyncGenerator[bytes, None]:
        yield b"some"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await bodies(chunks())
