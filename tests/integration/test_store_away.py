"""A database that goes away in the middle of an answer costs time and no text."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest
from chatkit.server import ChatKitServer
from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)
from fastapi import FastAPI
from tests.integration.conftest import MakeSettings
from tests.protocol import Json, ask, create, req, text_of
from tests.serving import client_of, serving
from tests.streams import Stream, posted, shown
from tests.unit.runs.living import until

from chatkit_backend import create_app
from chatkit_backend.runs import patience
from chatkit_backend.store import MemoryStore, StoreUnavailableError

Context = Mapping[str, object]


class Going(MemoryStore[Context]):
    """A store whose conversations are away while a test says so.

    Attributes:
        missed: How often it was asked meanwhile.
        unsaved_title: It is away, too, for threads with this title that are to be saved.
    """

    away = False
    missed = 0
    unsaved_title: str | None = None

    def _answer(self) -> None:
        if self.away:
            self.missed += 1
            raise StoreUnavailableError("on purpose")

    async def load_thread(self, thread_id: str, context: Context) -> ThreadMetadata:
        self._answer()
        return await super().load_thread(thread_id, context)

    async def save_thread(self, thread: ThreadMetadata, context: Context) -> None:
        self._answer()
        if thread.title is not None and thread.title == self.unsaved_title:
            self.missed += 1
            raise StoreUnavailableError("on purpose")
        await super().save_thread(thread, context)

    async def load_item(self, thread_id: str, item_id: str, context: Context) -> ThreadItem:
        self._answer()
        return await super().load_item(thread_id, item_id, context)

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: Context) -> None:
        self._answer()
        await super().add_thread_item(thread_id, item, context)


class HalfAnswer(ChatKitServer[Context]):
    """Says half of its answer, and goes on when it may."""

    def __init__(self, store: Going) -> None:
        super().__init__(store)
        self.go_on = asyncio.Event()
        self.fails = False

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Context
    ) -> AsyncIterator[ThreadStreamEvent]:
        item = AssistantMessageItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(UTC),
            content=[],
        )
        yield ThreadItemAddedEvent(item=item)
        half = AssistantMessageContentPartTextDelta(content_index=0, delta="Half")
        yield ThreadItemUpdatedEvent(item_id=item.id, update=half)
        await self.go_on.wait()
        if self.fails:
            raise RuntimeError("on purpose")
        thread.title = "A title"


@dataclass
class Site:
    """A backend whose store can be sent away."""

    store: Going = field(default_factory=Going)

    def __post_init__(self) -> None:
        self.server = HalfAnswer(self.store)

    def app(self, make_settings: MakeSettings) -> FastAPI:
        return create_app(make_settings(), server=self.server)

    async def leave(self) -> None:
        """Be away until somebody has asked in vain, twice."""
        self.store.away = True
        await until(lambda: self.store.missed > 1)


@pytest.fixture(autouse=True)
def soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "RETRY_S", 0.01)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
async def client(site: Site, make_settings: MakeSettings) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(site.app(make_settings)) as url, client_of(url) as one:
        yield one


async def texts(client: httpx.AsyncClient, stream: Stream) -> list[str]:
    page = await ask(client, req("items.list", thread_id=stream.thread_id, order="asc"))
    return [text_of(item) for item in page["data"]]


async def state(client: httpx.AsyncClient, stream: Stream) -> str:
    run: Json = (await client.get(f"/chatkit/runs/{stream.run_id}")).json()
    return str(run["state"])


async def test_an_answer_that_is_stopped_meanwhile_keeps_its_text(
    site: Site, client: httpx.AsyncClient
) -> None:
    async with posted(client, create("Hi")) as stream:
        await stream.until("Half")
        site.store.away = True
        stopping = asyncio.create_task(client.post(f"/chatkit/runs/{stream.run_id}/cancel"))
        await site.leave()
        site.store.away = False
        await stream.to_end()
        await stopping

    assert await texts(client, stream) == ["Hi", "Half"]
    assert shown(stream.events) == "Half"
    assert await state(client, stream) == "cancelled"


async def test_a_stop_does_not_interrupt_the_end_of_an_answer_that_failed(
    site: Site, client: httpx.AsyncClient
) -> None:
    site.server.fails = True
    async with posted(client, create("Hi")) as stream:
        await stream.until("Half")
        site.store.away = True
        site.server.go_on.set()
        await site.leave()
        stopping = asyncio.create_task(client.post(f"/chatkit/runs/{stream.run_id}/cancel"))
        missed = site.store.missed
        await until(lambda: site.store.missed > missed + 1)
        site.store.away = False
        await stream.to_end()
        await stopping

    assert await texts(client, stream) == ["Hi", "Half"]
    assert stream.events[-1]["type"] == "error"
    assert await state(client, stream) == "failed"


async def test_what_the_server_changes_of_the_thread_waits_too(
    site: Site, client: httpx.AsyncClient
) -> None:
    async with posted(client, create("Hi")) as stream:
        await stream.until("Half")
        site.store.away = True
        site.server.go_on.set()
        await site.leave()
        site.store.away = False
        await stream.to_end()

    assert await state(client, stream) == "completed"
    thread = await ask(client, req("threads.get_by_id", thread_id=stream.thread_id))
    assert thread["title"] == "A title"


async def test_a_title_that_the_user_gives_while_the_servers_waits_stays(
    site: Site, client: httpx.AsyncClient
) -> None:
    site.store.unsaved_title = "A title"
    async with posted(client, create("Hi")) as stream:
        await stream.until("Half")
        site.server.go_on.set()
        await until(lambda: site.store.missed > 1)
        renamed = req("threads.update", thread_id=stream.thread_id, title="The user's")
        await ask(client, renamed)
        site.store.unsaved_title = None
        await stream.to_end()

    assert await state(client, stream) == "completed"
    thread = await ask(client, req("threads.get_by_id", thread_id=stream.thread_id))
    assert thread["title"] == "The user's"
    told = [event["thread"] for event in stream.events if event["type"] == "thread.updated"]
    assert told[-1]["title"] == "The user's"
