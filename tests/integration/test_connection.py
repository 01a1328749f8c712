"""Requests that are begun and not finished, on real sockets: nothing waits for them for ever."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from tests.serving import serving

from chatkit_backend.cli.connection import BoundedConnection
from chatkit_backend.http import body

LIVE = b"GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n"
POST = b"POST /chatkit HTTP/1.1\r\nHost: test\r\n"


class Hasty(BoundedConnection):
    """Waits for next to nothing."""

    head_timeout_s = 0.5


class Patient(BoundedConnection):
    """Waits for longer than any test."""

    head_timeout_s = 600.0


class Connection:
    """One socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> bytes:
        """The head of the next answer, its body read and thrown away."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.partition(b":")[2])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        )
        await self.reader.readexactly(length)
        return head

    async def rest(self) -> bytes:
        """All that comes until the server closes."""
        return await self.reader.read()


@asynccontextmanager
async def connected(app: FastAPI, http: type[BoundedConnection]) -> AsyncIterator[Connection]:
    async with serving(app, http=http) as url:
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        try:
            yield Connection(reader, writer)
        finally:
            writer.close()


@pytest.fixture
async def hasty(app: FastAPI) -> AsyncIterator[Connection]:
    async with connected(app, Hasty) as one:
        yield one


@pytest.fixture
async def patient(app: FastAPI) -> AsyncIterator[Connection]:
    async with connected(app, Patient) as one:
        yield one


@pytest.mark.parametrize("sent", [b"", b"GET /hea", LIVE[:-2]])
async def test_a_head_that_does_not_come_ends_the_connection(
    hasty: Connection, sent: bytes
) -> None:
    await hasty.send(sent)

    assert await hasty.rest() == b""


async def test_so_does_the_head_of_a_later_request(hasty: Connection) -> None:
    await hasty.send(LIVE)
    assert b" 200 " in await hasty.answer()
    await hasty.send(LIVE[:-2])

    assert await hasty.rest() == b""


async def test_one_that_came_with_the_request_before_it_does_too(hasty: Connection) -> None:
    await hasty.send(LIVE + LIVE[:-2])
    assert b" 200 " in await hasty.answer()

    assert await hasty.rest() == b""


async def test_an_idle_connection_stays_open_between_requests(app: FastAPI) -> None:
    async with connected(app, Hasty) as one:
        await one.send(LIVE)
        assert b" 200 " in await one.answer()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2 * Hasty.head_timeout_s):
                await one.rest()
        await one.send(LIVE)
        assert b" 200 " in await one.answer()


async def test_what_is_left_of_a_body_after_the_answer_is_not_waited_for(
    hasty: Connection,
) -> None:
    await hasty.send(LIVE[:-2] + b"Content-Length: 1000\r\n\r\n")
    assert b" 200 " in await hasty.answer()

    assert await hasty.rest() == b""


@pytest.mark.parametrize(
    "head",
    [
        LIVE[:-2] + b"X-Long: " + b"x" * 70_000,
        LIVE[:-2] + b"X-Short: x\r\n" * 7_000,
        b"GET /" + b"x" * 70_000,
    ],
    ids=["one", "many", "path"],
)
async def test_a_head_that_is_too_large_is_a_431(patient: Connection, head: bytes) -> None:
    await patient.send(head)

    assert (await patient.rest()).startswith(b"HTTP/1.1 431 ")


async def test_a_head_may_have_64_kib(patient: Connection) -> None:
    padding = b"X-Long: " + b"x" * (64 * 1024 - len(LIVE) - len("X-Long: \r\n")) + b"\r\n"
    await patient.send(LIVE[:-2] + padding + b"\r\n")

    assert b" 200 " in await patient.answer()


async def test_trailers_are_bounded_too(patient: Connection) -> None:
    await patient.send(POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Long: ")
    await patient.send(b"x" * 140_000)

    assert await patient.rest() == b""


async def test_a_body_may_be_larger_than_a_head(patient: Connection) -> None:
    content = b"x" * 500_000
    await patient.send(POST + b"Content-Length: %d\r\n\r\n%b" % (len(content), content))

    assert b" 400 " in await patient.answer()  # no JSON, which was read to its end


async def test_a_body_that_does_not_come_is_a_408(
    hasty: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "TIMEOUT_S", 0.2)
    await hasty.send(POST + b"Content-Length: 10\r\n\r\n{")

    answer = await hasty.rest()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"slow_body"' in answer


@pytest.mark.parametrize(
    "head",
    [
        POST + b"Content-Length: 99999999999\r\n\r\n",
        POST + b"Content-Length: 2000000\r\nExpect: 100-continue\r\n\r\n",
    ],
    ids=["hopeless", "asks-first"],
)
async def test_a_body_that_is_declared_too_large_is_refused_unread(
    patient: Connection, head: bytes
) -> None:
    await patient.send(head)

    assert (await patient.rest()).startswith(b"HTTP/1.1 413 ")
