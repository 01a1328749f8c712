"""Bodies of every kind come to the same, by the short way and by the `openai` client's own."""

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from openai import APIError, AsyncOpenAI, AsyncStream, DefaultAioHttpClient
from openai.types.chat import ChatCompletionChunk
from pydantic import SecretStr

from chatkit_backend.models.body import Body
from chatkit_backend.models.client import new_client
from chatkit_backend.models.providers import OPENAI, ChosenProvider

EVENTS = [
    b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m",'
    b'"choices":[{"index":0,"delta":{"content":"%s"}}]}\n\n' % word
    for word in (b"one ", b"two ", b"three")
]
END = b"data: [DONE]\n\n"

Respond = Callable[[asyncio.StreamWriter], Awaitable[None]]


def head(*lines: str) -> bytes:
    return "\r\n".join(
        ["HTTP/1.1 200 OK", "content-type: text/event-stream", *lines, "", ""]
    ).encode()


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


async def whole(writer: asyncio.StreamWriter) -> None:
    writer.write(head("transfer-encoding: chunked"))
    for event in (*EVENTS, END, b""):
        writer.write(chunk(event))
        await writer.drain()


async def compressed(writer: asyncio.StreamWriter) -> None:
    body = gzip.compress(b"".join([*EVENTS, END]))
    writer.write(head("content-encoding: gzip", "transfer-encoding: chunked"))
    for part in (body[:20], body[20:], b""):
        writer.write(chunk(part))
        await writer.drain()


async def until_it_closes(writer: asyncio.StreamWriter) -> None:
    writer.write(head("connection: close") + b"".join([*EVENTS, END]))


async def cut_in_a_chunk(writer: asyncio.StreamWriter) -> None:
    writer.write(head("transfer-encoding: chunked") + chunk(EVENTS[0]) + b"500\r\ndata: ")
    await writer.drain()


async def shorter_than_it_said(writer: asyncio.StreamWriter) -> None:
    writer.write(head("content-length: 10000") + b"".join(EVENTS))
    await writer.drain()


@asynccontextmanager
async def answering(respond: Respond, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    answers: list[asyncio.Task[None] | None] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        length = request.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        answers.append(asyncio.current_task())
        await respond(writer)
        if respond is first_chunk:
            await reader.read()  # until the client leaves
            writer.transport.abort()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls)
    async with server:
        scheme = "http" if tls is None else "https"
        yield f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        await asyncio.gather(*(one for one in answers if one is not None))


def ours(url: str) -> AsyncOpenAI:
    chosen = ChosenProvider(
        provider=OPENAI,
        key=SecretStr("x"),
        base_url=url,
        default_model="m",
        api="chat_completions",
    )
    return new_client(chosen, connect_timeout_s=5)


def stock(url: str) -> AsyncOpenAI:
    return AsyncOpenAI(base_url=url, api_key="x", max_retries=0, http_client=DefaultAioHttpClient())


async def read(client: AsyncOpenAI) -> tuple[str, type | None]:
    """The text, and what ended it if that was a failure."""
    text = ""
    async with client:
        stream: AsyncStream[ChatCompletionChunk] = await client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "?"}], stream=True
        )
        try:
            async for event in stream:
                text += event.choices[0].delta.content or ""
        except APIError as exc:
            return text, type(exc)
    return text, None


@pytest.mark.parametrize(
    ("respond", "expected"),
    [
        (whole, "one two three"),
        (compressed, "one two three"),
        (until_it_closes, "one two three"),
        (cut_in_a_chunk, "one "),
        (shorter_than_it_said, "one two three"),
    ],
)
async def test_it_is_read_as_the_client_reads_it(respond: Respond, expected: str) -> None:
    async with answering(respond) as url:
        found, theirs = await read(ours(url)), await read(stock(url))
    assert found == theirs
    assert found[0] == expected


async def first_chunk(writer: asyncio.StreamWriter) -> None:
    writer.write(head("transfer-encoding: chunked") + chunk(EVENTS[0]))
    await writer.drain()


@asynccontextmanager
async def opened(client: AsyncOpenAI) -> AsyncIterator[Body]:
    """The body of a stream that has begun and goes on."""
    async with client:
        stream = await client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "?"}], stream=True
        )
        await anext(stream)
        yield Body(stream.response)
        await stream.close()


async def test_what_comes_is_left_in_the_socket_on_demand() -> None:
    async with answering(first_chunk) as url, opened(ours(url)) as body:
        go_on = body.hold()
        assert go_on is not None, "the response is not aiohttp's, or hidden elsewhere by now"
        assert not body.complete
        go_on()


async def test_with_tls_it_is_not_held(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Because uvloop drops what it holds when the provider closes the connection."""
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    async with answering(first_chunk, tls) as url, opened(ours(url)) as body:
        assert body.hold() is None


def self_signed(folder: Path) -> Path:
    """A certificate for 127.0.0.1, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file
