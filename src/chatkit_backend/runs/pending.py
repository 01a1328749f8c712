"""Items that were shown but not yet saved."""

from dataclasses import dataclass, field

from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdate,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    WorkflowItem,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)


@dataclass(slots=True)
class _Part:
    """One content part. Deltas are joined once, at the end: adding each is quadratic."""

    content: AssistantMessageContent
    deltas: list[str] = field(default_factory=list)

    def joined(self) -> AssistantMessageContent:
        text = self.content.text + "".join(self.deltas)
        annotations = list(self.content.annotations)
        return self.content.model_copy(update={"text": text, "annotations": annotations})


class PendingItems:
    """Folds a run's events into the items that a reader has seen and the store has not."""

    def __init__(self) -> None:
        self._items: dict[str, ThreadItem] = {}
        self._parts: dict[str, list[_Part]] = {}

    def apply(self, event: ThreadStreamEvent) -> None:
        """Take the event into account; a done, replaced or removed item is no longer pending."""
        match event:
            case ThreadItemUpdatedEvent():
                self._update(event.item_id, event.update)
            case ThreadItemAddedEvent():
                item = event.item.model_copy(deep=True)
                self._items[item.id] = item
                if isinstance(item, AssistantMessageItem):
                    self._parts[item.id] = [_Part(content) for content in item.content]
            case ThreadItemDoneEvent() | ThreadItemReplacedEvent():
                self._forget(event.item.id)
            case ThreadItemRemovedEvent():
                self._forget(event.item_id)
            case _:
                pass

    def items(self) -> list[ThreadItem]:
        """The pending items as far as they came, in the order in which they were added.

        They are the caller's: what follows does not change them.
        """
        return [
            item.model_copy(update={"content": [part.joined() for part in self._parts[item.id]]})
            if isinstance(item, AssistantMessageItem)
            else item.model_copy(deep=True)
            for item in self._items.values()
        ]

    def folds(self, item_id: str) -> bool:
        """Whether `items` tells all of what updates said of a pending item."""
        return isinstance(self._items.get(item_id), AssistantMessageItem | WorkflowItem)

    def _forget(self, item_id: str) -> None:
        self._items.pop(item_id, None)
        self._parts.pop(item_id, None)

    def _update(self, item_id: str, update: ThreadItemUpdate) -> None:
        item = self._items.get(item_id)
        match update:
            case AssistantMessageContentPartTextDelta():
                if item_id in self._parts:
                    self._part(item_id, update.content_index).deltas.append(update.delta)
            case AssistantMessageContentPartAdded() | AssistantMessageContentPartDone():
                if item_id in self._parts:
                    part = self._part(item_id, update.content_index)
                    # A copy: annotations are added to it, and the event is somebody else's.
                    part.content, part.deltas = update.content.model_copy(deep=True), []
            case AssistantMessageContentPartAnnotationAdded():
                if item_id in self._parts:
                    content = self._part(item_id, update.content_index).content
                    content.annotations.insert(update.annotation_index, update.annotation)
            case WorkflowTaskAdded() if isinstance(item, WorkflowItem):
                item.workflow.tasks.insert(update.task_index, update.task)
            case WorkflowTaskUpdated() if isinstance(item, WorkflowItem):
                if update.task_index < len(item.workflow.tasks):
                    item.workflow.tasks[update.task_index] = update.task
            case _:
                pass

    def _part(self, item_id: str, index: int) -> _Part:
        # Updates may name a part before it was added (chatkit/server.py pads the list as well).
        parts = self._parts[item_id]
        while len(parts) <= index:
            parts.append(_Part(AssistantMessageContent(text="", annotations=[])))
        return parts[index]


def text_of(item: ThreadItem) -> str:
    """The text of an assistant message; of any other item there is none."""
    if not isinstance(item, AssistantMessageItem):
        return ""
    return "".join(content.text for content in item.content)


def has_text(item: ThreadItem) -> bool:
    """Whether the item is an assistant message with something to read in it."""
    return bool(text_of(item).strip())
