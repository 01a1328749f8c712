"""Digest: a log in few events, for a reader who comes late.

What is finished is said once; what is being written is said as far as it came. Thousands of deltas
become one `thread.item.added` with the text so far.
"""

from collections.abc import Sequence
from functools import cache

from chatkit.types import (
    ProgressUpdateEvent,
    StreamOptionsEvent,
    ThreadCreatedEvent,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    ThreadUpdatedEvent,
)
from pydantic import TypeAdapter

from .entries import UNNUMBERED, Entry, entry_of, event_of, joined
from .pending import PendingItems


def digest(entries: Sequence[Entry]) -> list[Entry]:
    """Few events that leave a client where all of `entries` would.

    Only the last one has a number: a client that loses its connection before it has read that one
    goes on from where it was before, and gets the digest again.
    """
    fold = _Fold()
    for entry in joined(entries):
        fold.apply(event_of(entry, _events()))
    said = fold.events()
    return [entry_of(entries[-1].seq if event is said[-1] else UNNUMBERED, event) for event in said]


def pending_of(entries: Sequence[Entry]) -> PendingItems:
    """The items that `entries` began and did not finish."""
    pending = PendingItems()
    for entry in joined(entries):
        pending.apply(event_of(entry, _events()))
    return pending


@cache
def _events() -> "TypeAdapter[ThreadStreamEvent]":
    return TypeAdapter(ThreadStreamEvent)


class _Fold:
    """Events by what they are about: a later one takes the earlier one's place in the order."""

    def __init__(self) -> None:
        self._said: dict[str, list[ThreadStreamEvent]] = {}
        self._pending = PendingItems()
        self._numbered = 0

    def apply(self, event: ThreadStreamEvent) -> None:
        self._pending.apply(event)
        match event:
            case ThreadItemAddedEvent() | ThreadItemDoneEvent() | ThreadItemReplacedEvent():
                self._said[f"item {event.item.id}"] = [event]
            case ThreadItemRemovedEvent():
                self._said[f"item {event.item_id}"] = [event]
            case ThreadItemUpdatedEvent():
                if not self._pending.folds(event.item_id):
                    self._said.setdefault(f"item {event.item_id}", []).append(event)
            case (
                StreamOptionsEvent()
                | ThreadCreatedEvent()
                | ThreadUpdatedEvent()
                | ProgressUpdateEvent()
            ):
                self._said[event.type] = [event]
            case _:  # errors, notices, effects: each is a thing of its own
                self._numbered += 1
                self._said[f"event {self._numbered}"] = [event]

    def events(self) -> list[ThreadStreamEvent]:
        so_far = {item.id: item for item in self._pending.items()}
        for name, item in ((f"item {item_id}", item) for item_id, item in so_far.items()):
            if self._pending.folds(item.id):
                self._said[name] = [ThreadItemAddedEvent(item=item)]
        return [event for events in self._said.values() for event in events]
