"""What a `ModelServer` answers: a script of small steps."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from chatkit_backend.models.conversation import NOT_TYPED

Api = Literal["responses", "chat_completions"]
Json: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class Say:
    """Text of the answer, sent word by word.

    Attributes:
        text: The words.
        between: What happens before each word but the first.
        citations: Addresses of web pages that the text cites.
    """

    text: str
    between: "Wait | Cut | None" = None
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Think:
    """A reasoning summary, sent word by word."""

    text: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """A refusal in place of text."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one of the tools of the request. `arguments` as text may be broken JSON."""

    name: str
    arguments: Mapping[str, object] | str = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wait:
    """Silence for so many seconds, or until an event is set. It ends when the client leaves."""

    until: float | asyncio.Event


@dataclass(frozen=True, slots=True)
class Fail:
    """An error inside the stream; the answer ends with it.

    `response.failed` on the Responses API, or `error` if `event`; an error chunk on chat
    completions. An answer that is not streamed becomes a 500.
    """

    code: str = "server_error"
    message: str = "The server had an error while processing your request."
    event: bool = False


@dataclass(frozen=True, slots=True)
class Truncate:
    """The end of the answer because of the token limit (`max_output_tokens`, `length`)."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection breaks."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The stream ends properly as HTTP, but without the protocol's last event."""


Step: TypeAlias = Say | Think | Refuse | Call | Wait | Fail | Truncate | Cut | Stop


class Answer:
    """A 200: steps in order, and what it is said to have used (input and output tokens)."""

    def __init__(self, *steps: Step | str, usage: tuple[int, int] = (10, 5)) -> None:
        """Take the steps; a string is a `Say`."""
        self.steps: tuple[Step, ...] = tuple(
            Say(step) if isinstance(step, str) else step for step in steps
        )
        self.usage = usage


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpError:
    """An answer that fails before the stream.

    Attributes:
        status: The HTTP status.
        body: The JSON body as it is, or None for one made of `code` and `message`.
        headers: Further headers, such as `Retry-After`.
    """

    status: int
    code: str | None = None
    message: str = "The request failed."
    type: str = "invalid_request_error"
    param: str | None = None
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> object:
        """The body as OpenAI words it."""
        if self.body is not None:
            return self.body
        error = {
            "message": self.message,
            "type": self.type,
            "param": self.param,
            "code": self.code,
        }
        return {"error": error}


class ModelRequest:
    """A request that a `ModelServer` got.

    Attributes:
        api: The protocol.
        headers: Names in lower case.
        body: The JSON body.
        answered: Set when the answer was sent completely.
        closed: Set when the connection is gone, whoever closed it.
    """

    def __init__(self, api: Api, headers: Mapping[str, str], body: Json) -> None:
        """Record a request."""
        self.api = api
        self.headers = headers
        self.body = body
        self.answered = asyncio.Event()
        self.closed = asyncio.Event()

    @property
    def model(self) -> str:
        """The model that was asked for."""
        return str(self.body.get("model"))

    @property
    def streamed(self) -> bool:
        """Whether the answer is to be streamed."""
        return self.body.get("stream") is True

    @property
    def messages(self) -> list[Mapping[str, object]]:
        """`messages` of chat completions, `input` of Responses."""
        given = self.body.get("messages" if self.api == "chat_completions" else "input")
        if isinstance(given, str):
            return [{"role": "user", "content": given}]
        return [one for one in given if isinstance(one, Mapping)] if isinstance(given, list) else []

    @property
    def user_texts(self) -> list[str]:
        """What users typed, oldest first; context in the same role is left out."""
        texts = [text_of(one.get("content")) for one in self.messages if one.get("role") == "user"]
        return [text for text in texts if not text.startswith(NOT_TYPED)]


Reply: TypeAlias = Answer | HttpError
ScriptItem: TypeAlias = Reply | str | Callable[[ModelRequest], Reply | str]
"""A reply, a text to say, or a function of the request that returns one."""


def text_of(content: object) -> str:
    """The text of a message's content, which is a string or a list of parts."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    return "".join(str(part.get("text", "")) for part in content if isinstance(part, Mapping))


def echo(request: ModelRequest) -> Answer:
    """The reply without a script: the last user message and the number of user turns."""
    texts = request.user_texts
    return Answer(f"You said: {texts[-1] if texts else ''} (turn {len(texts)})")


def words(text: str) -> list[str]:
    """Cut a text into the pieces in which it is streamed: words with the space before them."""
    return re.findall(r"\s*\S+|\s+$", text)
