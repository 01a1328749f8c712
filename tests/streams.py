"""A client that reads a stream event by event, leaves it, and comes back."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from tests.protocol import Json, text_of

RESUMABLE = {"ChatKit-Stream": "resumable"}


@dataclass
class Stream:
    """An open stream of server-sent events.

    Attributes:
        events: What was read so far.
        ids: Their ids.
    """

    response: httpx.Response
    events: list[Json] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lines = self.response.aiter_lines()

    @property
    def run_id(self) -> str:
        return self.response.headers["chatkit-run"]

    @property
    def last_id(self) -> str:
        return self.ids[-1]

    @property
    def seqs(self) -> list[int]:
        return [int(one.rpartition(":")[2]) for one in self.ids]

    @property
    def thread_id(self) -> str:
        [created] = [one for one in self.events if one["type"] == "thread.created"]
        thread_id: str = created["thread"]["id"]
        return thread_id

    async def read(self) -> AsyncIterator[Json]:
        """Yield each event as it comes, to the end of the stream; call it again to read on."""
        async for line in self._lines:
            if line.startswith("id: "):
                self.ids.append(line.removeprefix("id: "))
            elif line.startswith("data: "):
                self.events.append(json.loads(line.removeprefix("data: ")))
                yield self.events[-1]

    async def until(self, text: str) -> None:
        """Read until the deltas so far contain `text`."""
        async for _ in self.read():
            if text in shown(self.events):
                return
        raise AssertionError(f"the stream ended without {text!r}: {self.events}")

    async def to_end(self) -> list[Json]:
        async for _ in self.read():
            pass
        return self.events


@asynccontextmanager
async def posted(
    client: httpx.AsyncClient, body: Json, headers: dict[str, str] | None = None
) -> AsyncIterator[Stream]:
    """Send a ChatKit request; leaving the block closes the connection."""
    async with client.stream("POST", "/chatkit", json=body, headers=headers) as response:
        assert response.status_code == 200, await response.aread()
        yield Stream(response)


@asynccontextmanager
async def followed(
    client: httpx.AsyncClient, run_id: str, after: str | None = None
) -> AsyncIterator[Stream]:
    """Follow a run from behind an event, or from its digest."""
    headers = {} if after is None else {"Last-Event-ID": after}
    path = f"/chatkit/runs/{run_id}/events"
    async with client.stream("GET", path, headers=headers) as response:
        assert response.status_code == 200, await response.aread()
        yield Stream(response)


class Screen:
    """The assistant's text as a client shows it."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    @property
    def text(self) -> str:
        return "".join(self._texts.values())

    def forget(self) -> None:
        """The answer is about to be told anew."""
        self._texts.clear()

    def apply(self, event: Json) -> None:
        """Show an event."""
        match event:
            case {"type": "thread.item.added" | "thread.item.done" | "thread.item.replaced"}:
                item = event["item"]
                if item["type"] == "assistant_message":
                    self._texts[item["id"]] = text_of(item)
            case {"type": "thread.item.removed"}:
                self._texts.pop(event["item_id"], None)
            case {"type": "thread.item.updated", "update": {"delta": delta}}:
                self._texts[event["item_id"]] = self._texts.get(event["item_id"], "") + delta
            case _:
                pass


def shown(events: list[Json]) -> str:
    """The text on the screen after these events."""
    screen = Screen()
    for event in events:
        screen.apply(event)
    return screen.text
