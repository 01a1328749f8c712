"""Custom actions of widgets and of the client."""

from typing import Generic

from chatkit.server import ChatKitServer
from chatkit.types import SyncCustomActionResponse, ThreadCustomActionParams, WidgetItem
from typing_extensions import TypeVar

from chatkit_backend.errors import BadRequest
from chatkit_backend.runs import Reader
from chatkit_backend.store.runs import ThreadChanges

from .call import Call
from .service import Plan, Service

C = TypeVar("C")


class Actions(Generic[C]):
    """`threads.custom_action` and `threads.sync_custom_action`.

    Locked and closed threads take actions: a button may be what opens them again.
    """

    def __init__(self, service: Service[C]) -> None:
        self._service = service

    async def stream(self, params: ThreadCustomActionParams, call: Call[C]) -> Reader:
        """Run the server's `action` and stream what it yields."""
        server, context = self._service.server, call.context
        if type(server).action is ChatKitServer.action:
            raise _not_supported("action")

        async def plan() -> Plan:
            thread = await self._service.store.load_thread(params.thread_id, context)
            sender = await self._sender(params, context)
            return Plan(
                thread=thread,
                changes=ThreadChanges(),
                produce=lambda: server.action(thread, params.action, sender, context),
            )

        return await self._service.answer(params.thread_id, call, plan)

    async def sync(self, params: ThreadCustomActionParams, context: C) -> SyncCustomActionResponse:
        """Run the server's `sync_action` and return its one update."""
        server = self._service.server
        if type(server).sync_action is ChatKitServer.sync_action:
            raise _not_supported("sync_action")
        thread = await self._service.store.load_thread(params.thread_id, context)
        sender = await self._sender(params, context)
        return await server.sync_action(thread, params.action, sender, context)

    async def _sender(self, params: ThreadCustomActionParams, context: C) -> WidgetItem | None:
        if not params.item_id:
            return None
        item = await self._service.store.load_item(params.thread_id, params.item_id, context)
        if not isinstance(item, WidgetItem):
            raise BadRequest("not_a_widget", f"Item {item.id!r} is a {item.type}, not a widget.")
        return item


def _not_supported(method: str) -> BadRequest:
    return BadRequest(
        "not_supported", f"This server takes no such actions: its {method}() is not overridden."
    )
