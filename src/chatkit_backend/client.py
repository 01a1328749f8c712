"""A client of the ChatKit protocol: requests that answer at once, and streams of events."""

import codecs
import json
from collections.abc import AsyncGenerator, Iterator, Mapping
from functools import cache
from types import TracebackType
from typing import Literal, Self, TypeAlias

import httpx
from chatkit.types import (
    InferenceOptions,
    ItemsListParams,
    ItemsListReq,
    NonStreamingReq,
    Page,
    StreamingReq,
    Thread,
    ThreadAddUserMessageParams,
    ThreadCreateParams,
    ThreadGetByIdParams,
    ThreadItem,
    ThreadListParams,
    ThreadsAddUserMessageReq,
    ThreadsCreateReq,
    ThreadsGetByIdReq,
    ThreadsListReq,
    ThreadStreamEvent,
    UserMessageInput,
    UserMessageTextContent,
)
from pydantic import BaseModel, TypeAdapter, ValidationError

from .errors import BackendError

JsonObject: TypeAlias = dict[str, object]

TIMEOUT = httpx.Timeout(10, read=90)
"""Seconds. A server that thinks sends heartbeats (every 15 s unless set otherwise), so a silence
of six of them is a dead connection."""

EVENTS_OR_ERROR = "text/event-stream, application/json;q=0.9"
"""A refusal as JSON: to a client that takes events only, a used-up limit comes as an event."""

MAX_EVENT_CHARS = 32 * 1024 * 1024
"""Longest event of a stream. The longest that a server sends hold an image in their text."""

SHOWN_CHARS = 200
"""How much of an answer that nobody understands is quoted in the error."""


class ChatKitError(BackendError):
    """The server refused a request, or answered with something that is not ChatKit.

    Attributes:
        status: The HTTP status.
        code: The envelope's `code`, or `unexpected_answer`.
        message: The envelope's `message`.
        request_id: For the server's operator to find it in the log, if the server gave one.
    """

    def __init__(self, status: int, code: str, message: str, request_id: str | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.request_id = request_id


class ChatKitClient:
    """Speaks to one ChatKit endpoint, such as `http://127.0.0.1:8000/chatkit`.

    Give it a client of your own for cookies, headers, timeouts or an ASGI transport; it stays
    yours to close. Every method raises ChatKitError for what the server refuses, and
    `httpx.TransportError` if the server is not reachable.
    """

    def __init__(self, url: str, http: httpx.AsyncClient | None = None) -> None:
        self._url = url
        self._http = http or httpx.AsyncClient(timeout=TIMEOUT)
        self._owns_http = http is None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections, unless they are those of a client that was given."""
        if self._owns_http:
            await self._http.aclose()

    async def request(self, request: NonStreamingReq | Mapping[str, object]) -> JsonObject:
        """Send a request that answers with one JSON object."""
        response = await self._http.post(
            self._url, content=_body(request), headers=_headers("application/json")
        )
        if not response.is_success:
            raise _refusal(response)
        answer = _json(response.content)
        if not isinstance(answer, dict):
            raise _unexpected(response)
        return answer

    async def stream(
        self, request: StreamingReq | Mapping[str, object]
    ) -> AsyncGenerator[ThreadStreamEvent, None]:
        """Send a request that answers with events; yield each as it comes.

        Closing the generator closes the connection, which stops the answer.
        """
        async with self._http.stream(
            "POST", self._url, content=_body(request), headers=_headers(EVENTS_OR_ERROR)
        ) as response:
            if not response.is_success:
                await response.aread()
                raise _refusal(response)
            if not response.headers.get("content-type", "").startswith("text/event-stream"):
                await response.aread()
                raise _unexpected(response)
            events = ServerSentEvents()
            async for chunk in response.aiter_bytes():
                try:
                    for data in events.feed(chunk):
                        yield _event(data, response)
                except EventTooLongError as exc:
                    raise _not_chatkit(response, str(exc)) from exc

    def create_thread(self, text: str) -> AsyncGenerator[ThreadStreamEvent, None]:
        """Begin a thread with a message and stream the answer."""
        return self.stream(ThreadsCreateReq(params=ThreadCreateParams(input=_input(text))))

    def send(self, thread_id: str, text: str) -> AsyncGenerator[ThreadStreamEvent, None]:
        """Add a message to a thread and stream the answer."""
        params = ThreadAddUserMessageParams(thread_id=thread_id, input=_input(text))
        return self.stream(ThreadsAddUserMessageReq(params=params))

    async def threads(self, *, limit: int = 20, after: str | None = None) -> Page[Thread]:
        """List threads, newest first."""
        request = ThreadsListReq(params=ThreadListParams(limit=limit, after=after))
        return Page[Thread].model_validate(await self.request(request))

    async def thread(self, thread_id: str) -> Thread:
        """Load a thread with its newest items."""
        request = ThreadsGetByIdReq(params=ThreadGetByIdParams(thread_id=thread_id))
        return Thread.model_validate(await self.request(request))

    async def items(
        self,
        thread_id: str,
        *,
        limit: int = 20,
        order: Literal["asc", "desc"] = "desc",
        after: str | None = None,
    ) -> Page[ThreadItem]:
        """List a thread's items, newest first unless asked otherwise."""
        params = ItemsListParams(thread_id=thread_id, limit=limit, order=order, after=after)
        answer = await self.request(ItemsListReq(params=params))
        return Page[ThreadItem].model_validate(answer)


class EventTooLongError(ValueError):
    """An event of more than `MAX_EVENT_CHARS` characters, or one whose end does not come."""

    def __init__(self) -> None:
        super().__init__(f"an event of the stream is longer than {MAX_EVENT_CHARS} characters")


class ServerSentEvents:
    """Reads the data of server-sent events from bytes as they come.

    Source: WHATWG HTML, section 9.2.6. Names, ids and retry times are left out: ChatKit has none.
    """

    def __init__(self) -> None:
        # `utf-8-sig` drops the byte order mark that a stream may begin with.
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._rest = ""
        self._data: list[str] = []
        self._chars = 0

    def feed(self, chunk: bytes) -> Iterator[str]:
        """Yield the data of each event that `chunk` completes. Raises: EventTooLongError."""
        for line in self._lines(self._decoder.decode(chunk)):
            if not line:
                if self._data:
                    yield "\n".join(self._data)
                    self._data.clear()
                    self._chars = 0
                continue
            name, _, value = line.partition(":")
            if name == "data":
                self._data.append(value.removeprefix(" "))
                self._chars += len(line)
        if self._chars + len(self._rest) > MAX_EVENT_CHARS:
            raise EventTooLongError

    def _lines(self, text: str) -> list[str]:
        text = self._rest + text
        # The other half of a CRLF may come with the next chunk.
        held = "\r" if text.endswith("\r") else ""
        whole = text.removesuffix(held).replace("\r\n", "\n").replace("\r", "\n")
        *lines, rest = whole.split("\n")
        self._rest = rest + held
        return lines


def _input(text: str) -> UserMessageInput:
    return UserMessageInput(
        content=[UserMessageTextContent(text=text)],
        attachments=[],
        inference_options=InferenceOptions(),
    )


def _body(request: BaseModel | Mapping[str, object]) -> bytes:
    if isinstance(request, BaseModel):
        return request.model_dump_json(by_alias=True, exclude_none=True).encode()
    return json.dumps(request).encode()


def _headers(accept: str) -> dict[str, str]:
    return {"content-type": "application/json", "accept": accept}


@cache
def _event_adapter() -> TypeAdapter[ThreadStreamEvent]:
    return TypeAdapter(ThreadStreamEvent)


def _event(data: str, response: httpx.Response) -> ThreadStreamEvent:
    try:
        return _event_adapter().validate_json(data)
    except ValidationError:
        raise _not_chatkit(response, data) from None


def _refusal(response: httpx.Response) -> ChatKitError:
    match _json(response.content):
        case {"error": {"code": str(code), "message": str(message), **rest}}:
            request_id = rest.get("request_id")
            return ChatKitError(
                response.status_code,
                code,
                message,
                request_id if isinstance(request_id, str) else None,
            )
        case _:
            return _unexpected(response)


def _unexpected(response: httpx.Response) -> ChatKitError:
    return _not_chatkit(response, response.text)


def _not_chatkit(response: httpx.Response, text: str) -> ChatKitError:
    shown = " ".join(text.split())[:SHOWN_CHARS] or response.reason_phrase
    return ChatKitError(
        response.status_code,
        "unexpected_answer",
        f"{response.url} does not answer as a ChatKit endpoint: {shown}",
        response.headers.get("x-request-id"),
    )


def _json(content: bytes) -> object:
    try:
        value: object = json.loads(content)
    except ValueError:
        return None
    return value
