"""Puts into the store what only a server or an operator would."""

from collections.abc import Callable
from typing import Any

import httpx
from chatkit.types import ClientToolCallItem, ThreadItem, ThreadMetadata, ThreadStatus
from fastapi import FastAPI
from itsdangerous import Signer
from starlette.requests import Request

from chatkit_backend import Principal, RequestContext
from chatkit_backend.identity.anonymous import COOKIE_NAME


class Stored:
    """The store behind an application, seen as the client's user."""

    def __init__(self, store: Any) -> None:
        self._store = store

    async def add(
        self,
        client: httpx.AsyncClient,
        thread_id: str,
        make: Callable[[ThreadMetadata], ThreadItem],
    ) -> str:
        context = context_of(client)
        thread = await self._store.load_thread(thread_id, context)
        item = make(thread)
        await self._store.add_thread_item(thread_id, item, context)
        return item.id

    async def add_client_tool_call(self, client: httpx.AsyncClient, thread_id: str) -> str:
        return await self.add(
            client,
            thread_id,
            lambda thread: ClientToolCallItem(
                id="tc_1",
                thread_id=thread.id,
                created_at=thread.created_at,
                call_id="call_1",
                name="pick_colour",
                arguments={},
            ),
        )

    async def set_status(
        self, client: httpx.AsyncClient, thread_id: str, status: ThreadStatus
    ) -> None:
        context = context_of(client)
        thread = await self._store.load_thread(thread_id, context)
        thread.status = status
        await self._store.save_thread(thread, context)

    async def items(self, client: httpx.AsyncClient, thread_id: str) -> list[ThreadItem]:
        """Every item, hidden ones too, oldest first."""
        page = await self._store.load_thread_items(thread_id, None, 100, "asc", context_of(client))
        found: list[ThreadItem] = page.data
        return found

    async def threads(self, client: httpx.AsyncClient) -> list[ThreadMetadata]:
        """The newest hundred threads."""
        page = await self._store.load_threads(100, None, "desc", context_of(client))
        found: list[ThreadMetadata] = page.data
        return found


def stored_in(app: FastAPI) -> Stored:
    return Stored(app.state.backend.server.store)


def context_of(client: httpx.AsyncClient) -> RequestContext:
    """The context of the person whose cookie the client has."""
    user_id = client.cookies[COOKIE_NAME].strip('"').rpartition(Signer("x").sep.decode())[0]
    request = Request({"type": "http", "method": "POST", "path": "/", "headers": []})
    return RequestContext(
        principal=Principal(user_id=user_id), request=request, request_id="req_test"
    )
