# ruff: noqa: ARG002  the SDK gives the arguments
"""The reference: the ChatKit server that the SDK's guides lead to.

An in-memory store, the Agents SDK, `stream_agent_response`, FastAPI and uvicorn with their
defaults. Two things are mended, or it could not be measured at all (chatkit 1.6.5 with agents
0.24): the text of earlier answers goes to a chat-completions model as a string, and every answer
has an id of its own.

`python -m benchmarks.reference_server PORT UPSTREAM`
"""

import sys
import uuid
from collections.abc import AsyncIterator
from typing import Literal, TypeAlias

import uvicorn
from agents import (
    Agent,
    OpenAIChatCompletionsModel,
    Runner,
    TResponseInputItem,
    set_tracing_disabled,
)
from agents.models.fake_id import FAKE_RESPONSES_ID
from chatkit.agents import AgentContext, ThreadItemConverter, stream_agent_response
from chatkit.server import ChatKitServer, StreamingResult
from chatkit.store import NotFoundError, Store
from chatkit.types import (
    AssistantMessageItem,
    Attachment,
    Page,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)
from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse
from openai import AsyncOpenAI

HISTORY_ITEMS = 20

Context: TypeAlias = dict[str, str]


class InMemoryStore(Store[Context]):
    """Dictionaries. What goes in and out is copied, as the samples do."""

    def __init__(self) -> None:
        self._threads: dict[str, ThreadMetadata] = {}
        self._items: dict[str, dict[str, ThreadItem]] = {}
        self._attachments: dict[str, Attachment] = {}

    async def load_thread(self, thread_id: str, context: Context) -> ThreadMetadata:
        if thread_id not in self._threads:
            raise NotFoundError(thread_id)
        return self._threads[thread_id].model_copy(deep=True)

    async def save_thread(self, thread: ThreadMetadata, context: Context) -> None:
        self._threads[thread.id] = thread.model_copy(deep=True)

    async def load_threads(
        self, limit: int, after: str | None, order: str, context: Context
    ) -> Page[ThreadMetadata]:
        return Page(data=list(self._threads.values())[:limit])

    async def delete_thread(self, thread_id: str, context: Context) -> None:
        self._threads.pop(thread_id, None)
        self._items.pop(thread_id, None)

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: Context
    ) -> Page[ThreadItem]:
        items = list(self._items.get(thread_id, {}).values())
        if order == "desc":
            items.reverse()
        if after is not None:
            items = items[[item.id for item in items].index(after) + 1 :]
        more = len(items) > limit
        data = [item.model_copy(deep=True) for item in items[:limit]]
        return Page(data=data, has_more=more, after=data[-1].id if more else None)

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: Context) -> None:
        self._items.setdefault(thread_id, {})[item.id] = item.model_copy(deep=True)

    async def save_item(self, thread_id: str, item: ThreadItem, context: Context) -> None:
        await self.add_thread_item(thread_id, item, context)

    async def load_item(self, thread_id: str, item_id: str, context: Context) -> ThreadItem:
        return self._items[thread_id][item_id]

    async def delete_thread_item(self, thread_id: str, item_id: str, context: Context) -> None:
        self._items.get(thread_id, {}).pop(item_id, None)

    async def save_attachment(self, attachment: Attachment, context: Context) -> None:
        self._attachments[attachment.id] = attachment

    async def load_attachment(self, attachment_id: str, context: Context) -> Attachment:
        return self._attachments[attachment_id]

    async def delete_attachment(self, attachment_id: str, context: Context) -> None:
        self._attachments.pop(attachment_id, None)


class Converter(ThreadItemConverter):
    """Hands earlier answers over in the one form that chat completions take."""

    async def assistant_message_to_input(self, item: AssistantMessageItem) -> TResponseInputItem:
        return {"role": "assistant", "content": "".join(part.text for part in item.content)}


class Server(ChatKitServer[Context]):
    """The guide's `respond`."""

    def __init__(self, store: Store[Context], agent: Agent[AgentContext[Context]]) -> None:
        super().__init__(store)
        self._agent = agent
        self._converter = Converter()

    async def respond(
        self,
        thread: ThreadMetadata,
        input_user_message: UserMessageItem | None,
        context: Context,
    ) -> AsyncIterator[ThreadStreamEvent]:
        page = await self.store.load_thread_items(thread.id, None, HISTORY_ITEMS, "desc", context)
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        result = Runner.run_streamed(
            self._agent,
            await self._converter.to_agent_input(page.data[::-1]),
            context=agent_context,
        )
        item_id = ""
        async for event in stream_agent_response(agent_context, result):
            if isinstance(event, ThreadItemAddedEvent):
                item_id = f"msg_{uuid.uuid4().hex}"
            yield _with_id(event, item_id)


def _with_id(event: ThreadStreamEvent, item_id: str) -> ThreadStreamEvent:
    match event:
        case ThreadItemAddedEvent() | ThreadItemDoneEvent() if event.item.id == FAKE_RESPONSES_ID:
            return event.model_copy(update={"item": event.item.model_copy(update={"id": item_id})})
        case ThreadItemUpdatedEvent() if event.item_id == FAKE_RESPONSES_ID:
            return event.model_copy(update={"item_id": item_id})
        case _:
            return event


def create_app(upstream: str) -> FastAPI:
    """The guide's application, with `upstream` in the place of OpenAI."""
    set_tracing_disabled(True)
    client = AsyncOpenAI(base_url=upstream, api_key="none")
    agent = Agent[AgentContext[Context]](
        name="Assistant",
        instructions="You are a helpful assistant.",
        model=OpenAIChatCompletionsModel(model="bench", openai_client=client),
    )
    server = Server(InMemoryStore(), agent)
    app = FastAPI()

    @app.get("/")
    async def ready() -> dict[str, Literal["ok"]]:
        return {"status": "ok"}

    @app.post("/chatkit")
    async def chatkit(request: Request) -> Response:
        result = await server.process(await request.body(), {})
        if isinstance(result, StreamingResult):
            return StreamingResponse(result, media_type="text/event-stream")
        return Response(content=result.json, media_type="application/json")

    return app


if __name__ == "__main__":
    port, upstream = sys.argv[1:]
    uvicorn.run(create_app(upstream), host="127.0.0.1", port=int(port))
