"""Where a scene of the gallery plays: items with all that they must have, and what is said."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from chatkit.store import Store
from chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
)
from pydantic import TypeAdapter

Context: TypeAlias = Mapping[str, Any]
Events: TypeAlias = AsyncIterator[ThreadStreamEvent]

EVENT: TypeAdapter[ThreadStreamEvent] = TypeAdapter(ThreadStreamEvent)


class Stage:
    """Where a scene plays."""

    def __init__(self, store: Store[Context], thread: ThreadMetadata, context: Context) -> None:
        self.thread = thread
        self._store = store
        self.context = context

    def base(self, kind: Any) -> dict[str, Any]:
        """What every item has."""
        return {
            "id": self._store.generate_item_id(kind, self.thread, self.context),
            "thread_id": self.thread.id,
            "created_at": datetime.now(UTC),
        }

    def done(self, item: Any) -> ThreadItemDoneEvent:
        return ThreadItemDoneEvent(item=item)

    def update(self, item: Any, update: Any) -> ThreadItemUpdatedEvent:
        return ThreadItemUpdatedEvent(item_id=item.id, update=update)

    async def plays(self, events: list[dict[str, Any]]) -> Events:
        """Events as they are on the wire; what an item must have it gets."""
        for event in events:
            if item := event.get("item"):
                event["item"] = {**self.base("message"), **item}
            yield EVENT.validate_python(event)

    async def says(
        self, text: str, *, pause_s: float = 0.0, annotations: list[Annotation] | None = None
    ) -> Events:
        """An assistant message, word by word."""
        async for event in self.writes(_words(text, pause_s), annotations or []):
            yield event

    async def writes(
        self, deltas: AsyncIterator[str], annotations: Sequence[Annotation] = ()
    ) -> Events:
        """An assistant message, as its parts come."""
        item = AssistantMessageItem(**self.base("message"), content=[])
        yield ThreadItemAddedEvent(item=item)
        part = AssistantMessageContent(text="")
        yield self.update(item, AssistantMessageContentPartAdded(content_index=0, content=part))
        text = ""
        async for delta in deltas:
            text += delta
            yield self.update(
                item, AssistantMessageContentPartTextDelta(content_index=0, delta=delta)
            )
        for index, annotation in enumerate(annotations):
            yield self.update(
                item,
                AssistantMessageContentPartAnnotationAdded(
                    content_index=0, annotation_index=index, annotation=annotation
                ),
            )
        whole = AssistantMessageContent(text=text, annotations=[*annotations])
        yield self.update(item, AssistantMessageContentPartDone(content_index=0, content=whole))
        yield self.done(item.model_copy(update={"content": [whole]}))


async def _words(text: str, pause_s: float) -> AsyncIterator[str]:
    *words, last = text.split(" ")
    for delta in [*(f"{word} " for word in words), last]:
        yield delta
        if pause_s:
            await asyncio.sleep(pause_s)
