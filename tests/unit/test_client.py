"""`ChatKitClient`: what it sends, what it makes of what comes back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from chatkit.types import (
    AssistantMessageItem,
    ProgressUpdateEvent,
    ThreadCreatedEvent,
    ThreadDeleteParams,
    ThreadItemDoneEvent,
    ThreadListParams,
    ThreadsDeleteReq,
    ThreadsListReq,
    ThreadStreamEvent,
)
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from tests.serving import client_of, serving

from chatkit_backend import Settings, create_app
from chatkit_backend import client as client_module
from chatkit_backend.client import (
    ChatKitClient,
    ChatKitError,
    EventTooLongError,
    JsonObject,
    ServerSentEvents,
)

Endpoint = Callable[[Request], Awaitable[Response]]

LIST = ThreadsListReq(params=ThreadListParams(limit=3))
PROGRESS = b'data: {"type":"progress_update","text":"Thinking"}\n\n'


def data_of(*chunks: bytes) -> list[str]:
    events = ServerSentEvents()
    return [data for chunk in chunks for data in events.feed(chunk)]


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"data: one\n\ndata: two\n\n", ["one", "two"]),
        (b"data:one\n\n", ["one"]),
        (b"data:  one\n\n", [" one"]),
        (b"data: first\ndata: second\n\n", ["first\nsecond"]),
        (b"data: a:b\n\n", ["a:b"]),
        (b"data\n\n", [""]),
        (b": keep-alive\n\ndata: one\n\n", ["one"]),
        (b"event: x\nid: 7\nretry: 1\nunknown: y\ndata: one\n\n", ["one"]),
        (b"event: x\n\n", []),
        (b"data: one\r\n\r\ndata: two\r\n\r\n", ["one", "two"]),
        (b"data: one\r\rdata: two\r\r\n", ["one", "two"]),
        (b"\xef\xbb\xbfdata: one\n\n", ["one"]),
        ("data: Zürich 🌍\n\n".encode(), ["Zürich 🌍"]),
        (b"data: one\n\ndata: not complete\n", ["one"]),
    ],
)
def test_server_sent_events_are_read_by_their_rules_however_they_are_cut(
    stream: bytes, expected: list[str]
) -> None:
    assert data_of(stream) == expected
    assert data_of(*(stream[i : i + 1] for i in range(len(stream)))) == expected


@pytest.mark.parametrize("piece", [b"data: " + b"x" * 30, b"data:\n" * 8], ids=["line", "lines"])
def test_an_event_without_an_end_is_not_kept_for_ever(
    monkeypatch: pytest.MonkeyPatch, piece: bytes
) -> None:
    monkeypatch.setattr(client_module, "MAX_EVENT_CHARS", 100)
    events = ServerSentEvents()

    for _ in range(5):  # events that do end may be as many as they like
        assert list(events.feed(piece + b"\n\n"))
    with pytest.raises(EventTooLongError):
        assert not [data for _ in range(5) for data in events.feed(piece)]


async def test_requests_are_sent_as_the_protocol_says() -> None:
    seen: list[JsonObject] = []

    async def answer(request: Request) -> Response:
        seen.append(await request.json())
        return JSONResponse({"data": []})

    async with endpoint(answer) as client:
        typed = await client.request(LIST)
        plain = await client.request({"type": "threads.list", "params": {"limit": 3}})

    assert typed == plain == {"data": []}
    assert seen[0] == {
        "type": "threads.list",
        "params": {"limit": 3, "order": "desc"},
        "metadata": {},
    }
    assert seen[1] == {"type": "threads.list", "params": {"limit": 3}}


async def test_events_are_typed_and_come_one_by_one() -> None:
    read_first = asyncio.Event()

    async def events() -> AsyncIterator[bytes]:
        yield PROGRESS
        await read_first.wait()
        yield b': keep-alive\n\ndata: {"type":"thread.item.removed","item_id":"msg_1"}\n\n'

    async with endpoint(streaming(events)) as client:
        kinds = []
        async for event in client.create_thread("Hello"):
            kinds.append(event.type)
            read_first.set()

    assert kinds == ["progress_update", "thread.item.removed"]


async def test_a_stream_of_one_endless_event_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "MAX_EVENT_CHARS", 100)

    async def events() -> AsyncIterator[bytes]:
        yield b"data: "
        while True:
            yield b"x" * 80
            await asyncio.sleep(0)

    async with endpoint(streaming(events)) as client:
        with pytest.raises(ChatKitError, match="longer than 100 characters"):
            await read(client.create_thread("Hello"))


async def test_leaving_a_stream_closes_its_connection() -> None:
    closed = asyncio.Event()

    async def events() -> AsyncIterator[bytes]:
        try:
            while True:
                yield PROGRESS
                await asyncio.sleep(0)
        finally:
            closed.set()

    async with endpoint(streaming(events)) as client, asyncio.timeout(5):
        async with aclosing(client.create_thread("Hello")) as answer:
            async for event in answer:
                assert isinstance(event, ProgressUpdateEvent)
                break
        await closed.wait()


async def test_a_refusal_carries_what_the_envelope_says() -> None:
    async def refuse(_: Request) -> Response:
        error = {"code": "not_found", "message": "It is not there.", "request_id": "req_1"}
        return JSONResponse({"error": error}, status_code=404)

    async with endpoint(refuse) as client:
        for attempt in (client.request(LIST), read(client.send("thr_1", "Hello"))):
            with pytest.raises(ChatKitError, match="404 not_found: It is not there") as caught:
                await attempt
            assert caught.value.status == 404
            assert caught.value.code == "not_found"
            assert caught.value.message == "It is not there."
            assert caught.value.request_id == "req_1"


@pytest.mark.parametrize(
    ("status", "body"), [(502, "<h1>Bad gateway</h1>"), (200, "Welcome"), (500, '{"error": "x"}')]
)
async def test_an_answer_that_is_not_chatkit_is_named_and_quoted(status: int, body: str) -> None:
    async def answer(_: Request) -> Response:
        return PlainTextResponse(body, status_code=status)

    async with endpoint(answer) as client:
        for attempt in (client.request(LIST), read(client.create_thread("Hello"))):
            with pytest.raises(ChatKitError, match="does not answer as a ChatKit") as caught:
                await attempt
            assert (caught.value.status, caught.value.code) == (status, "unexpected_answer")
            assert body in caught.value.message


async def test_an_event_that_is_not_chatkit_is_an_error() -> None:
    async def events() -> AsyncIterator[bytes]:
        yield b"data: [DONE]\n\n"

    async with endpoint(streaming(events)) as client:
        with pytest.raises(ChatKitError, match=r"\[DONE\]"):
            await read(client.create_thread("Hello"))


async def test_a_server_that_is_not_there_is_a_transport_error() -> None:
    async with ChatKitClient("http://127.0.0.1:9/chatkit") as client:
        with pytest.raises(httpx.ConnectError):
            await client.request(LIST)


async def test_a_client_that_was_given_stays_open() -> None:
    async with httpx.AsyncClient() as http:
        async with ChatKitClient("http://127.0.0.1:9/chatkit", http):
            pass
        assert not http.is_closed


async def test_a_conversation_with_a_real_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # no .env
    app = create_app(
        Settings(
            llm_provider="offline",
            database_url=SecretStr(f"sqlite:///{tmp_path / 'chat.sqlite3'}"),
            secret_key=SecretStr("x" * 32),
        )
    )
    async with serving(app) as url, client_of(url) as http:
        client = ChatKitClient(f"{url}/chatkit", http)
        first = await read(client.create_thread("Hello"))
        thread_id = next(one.thread.id for one in first if isinstance(one, ThreadCreatedEvent))
        second = await read(client.send(thread_id, "/long 3"))

        assert text_of(second) == "word1 word2 word3"
        assert [one.id for one in (await client.threads(limit=5)).data] == [thread_id]
        assert len((await client.thread(thread_id)).items.data) == 4
        newest = await client.items(thread_id, limit=1)
        assert newest.has_more
        assert [item.type for item in newest.data] == ["assistant_message"]
        assert (await client.items(thread_id, order="asc", after=newest.data[0].id)).data == []
        delete = ThreadsDeleteReq(params=ThreadDeleteParams(thread_id=thread_id))
        assert await client.request(delete) == {}
        assert (await client.threads()).data == []


@asynccontextmanager
async def endpoint(answer: Endpoint) -> AsyncIterator[ChatKitClient]:
    """A client of a server whose only route is `answer`."""
    app = Starlette(routes=[Route("/chatkit", answer, methods=["POST"])])
    async with serving(app) as url, ChatKitClient(f"{url}/chatkit") as client:
        yield client


def streaming(events: Callable[[], AsyncIterator[bytes]]) -> Endpoint:
    async def answer(_: Request) -> Response:
        return StreamingResponse(events(), media_type="text/event-stream")

    return answer


async def read(stream: AsyncIterator[ThreadStreamEvent]) -> list[ThreadStreamEvent]:
    return [event async for event in stream]


def text_of(events: list[ThreadStreamEvent]) -> str:
    [message] = [
        event.item
        for event in events
        if isinstance(event, ThreadItemDoneEvent) and isinstance(event.item, AssistantMessageItem)
    ]
    return "".join(part.text for part in message.content)
