"""Own ids and UTC times for every event, whatever made it.

The SDK's helpers and published servers use naive local times, and every chat-completions answer
carries the id `__fake_id__` (chatkit-python issue 36): a client that keys items by id overwrites
the previous answer.
"""

from collections.abc import Callable
from datetime import UTC

from chatkit.types import (
    HiddenContextItem,
    Page,
    SDKHiddenContextItem,
    Thread,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
)

PLACEHOLDER_ID = "__fake_id__"
"""The value of `agents.models.fake_id.FAKE_RESPONSES_ID`."""

HIDDEN_ITEMS = (HiddenContextItem, SDKHiddenContextItem)
"""Items that a client never sees."""


def is_hidden(event: ThreadStreamEvent) -> bool:
    """Whether the event carries an item that the client must not see."""
    return isinstance(
        event, (ThreadItemAddedEvent, ThreadItemDoneEvent, ThreadItemReplacedEvent)
    ) and isinstance(event.item, HIDDEN_ITEMS)


class EventIdentity:
    """Gives the items of one run ids of their own, consistently over an item's events.

    Events are copied where they change: the object that a server yielded is still its own, and
    the SDK goes on to compute with its naive times.
    """

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._open: str | None = None
        self._given: list[str] = []

    def apply(self, event: ThreadStreamEvent) -> list[ThreadStreamEvent]:
        """The event as it is stored and sent; one removal may become several."""
        match event:
            case ThreadItemUpdatedEvent():  # first, because nearly all of them are more text
                if event.item_id != PLACEHOLDER_ID:
                    return [event]
                return [event.model_copy(update={"item_id": self._current()})]
            case ThreadItemAddedEvent():
                return [event.model_copy(update={"item": self._added(event.item)})]
            case ThreadItemDoneEvent():
                return [event.model_copy(update={"item": self._done(event.item)})]
            case ThreadItemReplacedEvent():
                return [event.model_copy(update={"item": _in_utc(event.item)})]
            case ThreadItemRemovedEvent() if event.item_id == PLACEHOLDER_ID:
                # A guardrail removes what the run produced, under the one id that it knows.
                given, self._given, self._open = self._given, [], None
                return [ThreadItemRemovedEvent(item_id=item_id) for item_id in given]
            case _:
                return [event]

    def _added(self, item: ThreadItem) -> ThreadItem:
        if item.id == PLACEHOLDER_ID:
            self._open = self._give()
            return _in_utc(item, self._open)
        return _in_utc(item)

    def _done(self, item: ThreadItem) -> ThreadItem:
        if item.id != PLACEHOLDER_ID:
            return _in_utc(item)
        if item.type == "client_tool_call":  # shares the placeholder with the message before it
            return _in_utc(item, self._give())
        item_id, self._open = self._current(), None
        return _in_utc(item, item_id)

    def _current(self) -> str:
        if self._open is None:
            self._open = self._give()
        return self._open

    def _give(self) -> str:
        item_id = self._new_id()
        self._given.append(item_id)
        return item_id


def _in_utc(item: ThreadItem, item_id: str | None = None) -> ThreadItem:
    # A naive time is local time: that is what `datetime.now()` in the SDK means.
    return item.model_copy(
        update={"created_at": item.created_at.astimezone(UTC), "id": item_id or item.id}
    )


def as_thread(thread: ThreadMetadata) -> Thread:
    """The thread as clients see it: without the integration's metadata, with its items if any."""
    return Thread(
        id=thread.id,
        title=thread.title,
        created_at=thread.created_at,
        status=thread.status,
        allowed_image_domains=thread.allowed_image_domains,
        items=thread.items if isinstance(thread, Thread) else Page(),
    )
