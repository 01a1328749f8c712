"""What the tests of faults share: paced answers, chats that remember what they saw, their check."""

import time
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

import httpx
from tests.protocol import Json, create, req, text_of
from tests.streams import Screen, Stream

from chatkit_backend.runs.entries import RETOLD
from chatkit_backend.testing.model_server import Answer, ModelRequest, Say, Wait

WORDS = 60
PAUSE_S = 0.05

PROXIED = {"AUTH": "header", "TRUSTED_PROXIES": "127.0.0.1"}
"""Each chat is a person of its own, named by a header."""


def paced_answer(_: ModelRequest) -> Answer:
    """`WORDS` words, one every `PAUSE_S` seconds."""
    steps = [step for number in range(WORDS) for step in (Say(f"word{number} "), Wait(PAUSE_S))]
    return Answer(*steps)


@dataclass
class Chat:
    """One person's one message, and what was seen of its answer.

    Attributes:
        acknowledged: The user's message was seen in the stream.
        seen: Each text that was shown, with the time at which it was.
        seqs: Numbers of the events that were read.
        cut_at: When its server was killed.
        retold: A stream told the answer anew, because its process died before it stored it.
        complete: A stream of the run was read to its regular end.
    """

    user: str
    run_id: str = ""
    thread_id: str = ""
    acknowledged: bool = False
    complete: bool = False
    events: list[Json] = field(default_factory=list)
    seen: list[tuple[float, str]] = field(default_factory=list)
    seqs: list[int] = field(default_factory=list)
    screen: Screen = field(default_factory=Screen)
    last_id: str | None = None
    retold: bool = False
    cut_at: float = 0.0

    @property
    def headers(self) -> dict[str, str]:
        return {"X-User-ID": self.user, "ChatKit-Stream": "resumable"}

    @property
    def message(self) -> str:
        return f"Hello from {self.user}"

    async def send(self, client: httpx.AsyncClient, url: str, *, cut_after: int = 0) -> None:
        """Send the message and read its answer until the connection ends, or `cut_after` events."""
        request = client.stream(
            "POST", f"{url}/chatkit", json=create(self.message), headers=self.headers
        )
        await self._read(request, cut_after)

    async def resume(self, client: httpx.AsyncClient, url: str, *, cut_after: int = 0) -> None:
        """Go on reading behind the last event."""
        headers = self.headers | ({"Last-Event-ID": self.last_id} if self.last_id else {})
        path = f"{url}/chatkit/runs/{self.run_id}/events"
        await self._read(client.stream("GET", path, headers=headers), cut_after)

    async def _read(
        self, request: AbstractAsyncContextManager[httpx.Response], cut_after: int
    ) -> None:
        try:
            async with request as response:
                if response.status_code != 200:
                    return
                stream = Stream(response, self.events)
                self.run_id = stream.run_id
                read = 0
                async for event in stream.read():
                    self._note(event, stream)
                    read += 1
                    if read == cut_after:
                        return
                self.complete = True
        except httpx.TransportError:
            return

    def _note(self, event: Json, stream: Stream) -> None:
        if event["type"] == "thread.created":
            self.thread_id = event["thread"]["id"]
        if event["type"] == "thread.item.done" and event["item"]["type"] == "user_message":
            self.acknowledged = True
        seq = stream.seqs[-1]
        if seq == RETOLD and self.seqs:
            self.screen.forget()
            self.seqs.clear()
            self.retold = True
        self.screen.apply(event)
        self.seen.append((time.monotonic(), self.screen.text))
        self.last_id = stream.last_id
        if seq != RETOLD:
            self.seqs.append(seq)

    def shown_before(self, moment: float) -> str:
        """The text that was on the screen at a time."""
        return next((text for when, text in reversed(self.seen) if when <= moment), "")


@dataclass(frozen=True)
class Stored:
    """What the server has of a chat."""

    run: Json
    active: bool
    items: Sequence[Json]

    @property
    def messages(self) -> list[str]:
        return [text_of(item) for item in self.items if item["type"] == "user_message"]

    @property
    def text(self) -> str:
        return "".join(text_of(item) for item in self.items if item["type"] == "assistant_message")


async def stored(client: httpx.AsyncClient, url: str, chat: Chat) -> Stored:
    """Ask the server what it has of a chat."""
    run = await client.get(f"{url}/chatkit/runs/{chat.run_id}", headers=chat.headers)
    active = await client.get(f"{url}/chatkit/threads/{chat.thread_id}/run", headers=chat.headers)
    items = await client.post(
        f"{url}/chatkit",
        json=req("items.list", thread_id=chat.thread_id, order="asc"),
        headers=chat.headers,
    )
    for response in (run, items):
        assert response.status_code == 200, response.text
    return Stored(run.json(), active.status_code == 200, items.json()["data"])
