"""What a person has, one of everything, and the same that nobody has."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from chatkit.store import Store
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    ClientToolCallItem,
    StructuredInputFreeform,
    StructuredInputItem,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    WidgetItem,
)
from chatkit.widgets import Card, Text
from starlette.requests import Request
from tests.integration.extended_server import Context, ExtendedServer
from tests.protocol import Answer, ask, create, req, sse_events
from tests.streams import RESUMABLE, followed, posted

from chatkit_backend import Backend, Principal, RequestContext
from chatkit_backend.store.ids import new_id
from chatkit_backend.testing import ScriptedModel

QUESTION = "q1"


class ServerOfAll(ExtendedServer):
    """Takes every request, and answers what it is told to.

    Attributes:
        says: Its answer.
        gate: What it waits for before its answer ends.
    """

    def __init__(self, store: Store[Context]) -> None:
        super().__init__(store, ScriptedModel())
        self.says = "Hello!"
        self.gate: asyncio.Event | None = None

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Context
    ) -> AsyncIterator[ThreadStreamEvent]:
        gate = self.gate
        item = AssistantMessageItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(UTC),
            content=[AssistantMessageContent(text=self.says)],
        )
        if gate is not None:
            yield ThreadItemAddedEvent(item=item)
            await gate.wait()
        yield ThreadItemDoneEvent(item=item)

    @contextmanager
    def saying(self, text: str, gate: asyncio.Event | None = None) -> Iterator[None]:
        """Answer that to what is asked within the block."""
        before, self.says, self.gate = self.says, text, gate
        try:
            yield
        finally:
            self.says, self.gate = before, None


@dataclass(frozen=True, kw_only=True)
class Estate:
    """Ids of what one person has, and the text that is in all of it.

    Attributes:
        thread_id: A thread with the message, the answer, the widget, the form and a client tool
            call that waits; nobody answers in it now.
        run_id: The run of that answer.
        answering_id: The run that answers now, in the thread `busy_id`; if none does, that of
            the answer and its thread.
        session_id: A session of the person, beside those that they use.
    """

    text: str
    thread_id: str
    message_id: str
    answer_id: str
    widget_id: str
    form_id: str
    call_id: str
    attachment_id: str
    run_id: str
    busy_id: str
    answering_id: str
    session_id: str

    @property
    def traces(self) -> tuple[str, ...]:
        """What shows in a text that it is about something of this estate."""
        return astuple(self)


def nobodys() -> Estate:
    """Ids as others look, of things that never were."""
    return Estate(
        text="never said",
        thread_id=new_id("thr"),
        message_id=new_id("msg"),
        answer_id=new_id("msg"),
        widget_id=new_id("msg"),
        form_id=new_id("msg"),
        call_id=new_id("tc"),
        attachment_id=new_id("atc"),
        run_id=new_id("run"),
        busy_id=new_id("thr"),
        answering_id=new_id("run"),
        session_id=new_id("cksess"),
    )


@dataclass(frozen=True, kw_only=True)
class Estates:
    """Gives people something to lose."""

    backend: Backend

    @property
    def server(self) -> ServerOfAll:
        """What answers."""
        found = self.backend.server
        assert isinstance(found, ServerOfAll)
        return found

    @asynccontextmanager
    async def of(
        self, person: Principal, client: httpx.AsyncClient, *, answering: bool = False
    ) -> AsyncIterator[Estate]:
        """One of everything for `person`, who asks with `client`.

        With `answering` also a run that answers, until the block ends.
        """
        text = f"only {person.user_id} of {person.tenant} may read {new_id('msg')[4:]}"
        answer, run_id = await self._conversation(client, text)
        thread_id = answer.thread_id
        attachment = req("attachments.create", name=text, size=3, mime_type="text/plain")
        _, session = await self.backend.access.sessions.create(person)
        widget, form, call = await self._items(person, thread_id, text)
        async with AsyncExitStack() as open_:
            busy_id, answering_id = thread_id, run_id
            if answering:
                running = self._answering(client, text)
                busy_id, answering_id = await open_.enter_async_context(running)
            yield Estate(
                text=text,
                thread_id=thread_id,
                message_id=answer.items("user_message")[0]["id"],
                answer_id=answer.items("assistant_message")[0]["id"],
                widget_id=widget,
                form_id=form,
                call_id=call,
                attachment_id=(await ask(client, attachment))["id"],
                run_id=run_id,
                busy_id=busy_id,
                answering_id=answering_id,
                session_id=session.record.id,
            )

    async def _conversation(self, client: httpx.AsyncClient, text: str) -> tuple[Answer, str]:
        with self.server.saying(f"{text}, answered"):
            response = await client.post("/chatkit", json=create(text))
        answer = Answer(sse_events(response.text))
        await ask(client, req("threads.update", thread_id=answer.thread_id, title=text))
        return answer, response.headers["chatkit-run"]

    async def _items(self, person: Principal, thread_id: str, text: str) -> list[str]:
        common: dict[str, Any] = {"thread_id": thread_id, "created_at": datetime.now(UTC)}
        question = StructuredInputFreeform(id=QUESTION, question=text)
        items: list[ThreadItem] = [
            WidgetItem(id=new_id("msg"), widget=Card(children=[Text(value=text)]), **common),
            StructuredInputItem(id=new_id("msg"), inputs=[question], **common),
            ClientToolCallItem(
                id=new_id("tc"), call_id="c", name="look", arguments={"at": text}, **common
            ),
        ]
        for item in items:
            await self.server.store.add_thread_item(thread_id, item, _context(person))
        return [item.id for item in items]

    @asynccontextmanager
    async def _answering(
        self, client: httpx.AsyncClient, text: str
    ) -> AsyncIterator[tuple[str, str]]:
        """A thread in which the model has begun to answer; it ends with the block."""
        gate = asyncio.Event()
        with self.server.saying(text, gate):
            async with posted(client, create(text), RESUMABLE) as stream:
                await stream.until(text)
        run = self.backend.runs.active.get(stream.run_id)
        while run is not None and run.log.backlog:
            await asyncio.sleep(0.01)  # the writer tells nobody when it has stored all there is
        try:
            yield stream.thread_id, stream.run_id
        finally:
            gate.set()
            async with followed(client, stream.run_id) as rest:
                await rest.to_end()


def _context(person: Principal) -> RequestContext:
    request = Request({"type": "http", "method": "POST", "path": "/", "headers": []})
    return RequestContext(principal=person, request=request, request_id="req_test")
