"""A `ChatKitServer` that you already have, unchanged: `chatkit-backend serve my_app:server`.

`chatkit-backend serve my_app:MyServer` gives the same server the store of this package.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime

from chatkit.server import ChatKitServer
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)

from chatkit_backend import default_store

Context = Mapping[str, object]


class MyServer(ChatKitServer[Context]):
    async def respond(
        self,
        thread: ThreadMetadata,
        input_user_message: UserMessageItem | None,
        context: Context,
    ) -> AsyncIterator[ThreadStreamEvent]:
        history = await self.store.load_thread_items(thread.id, None, 100, "asc", context)
        messages = sum(item.type == "user_message" for item in history.data)
        text = f"Hello {context.get('user_id')}, this was message {messages}."
        yield ThreadItemDoneEvent(
            item=AssistantMessageItem(
                id=self.store.generate_item_id("message", thread, context),
                thread_id=thread.id,
                created_at=datetime.now(UTC),
                content=[AssistantMessageContent(text=text)],
            )
        )


server = MyServer(default_store())
