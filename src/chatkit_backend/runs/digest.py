"""Digest: a log in few events, for a reader who comes late.

What is finished is said once; what is being written is said as far as it came. Thousands of deltas
become one `thread.item.added` with the text so far.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from chatkit.types import (
    ProgressUpdateEvent,
    StreamOptions,
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

from .entries import RETOLD, Entry, entry_of, event_of, joined
from .pending import PendingItems


def digest(entries: Sequence[Entry]) -> list[Entry]:
    """Few events that leave a client where all of `entries` would.

    All but the last have the number `RETOLD`: a client that loses its connection before the last
    one begins again. The first is one of them, so that a client that had events which no log has
    (their process showed them and died) hears that it must forget them: the stream's options, which
    change nothing when they are said twice.
    """
    fold = _Fold()
    for event in _events_of(entries):
        fold.apply(event)
    retold = entry_of(RETOLD, fold.options)
    if not entries:
        return [retold]
    *before, last = fold.events() or [fold.options]
    return [
        retold,
        *[entry_of(RETOLD, event) for event in before],
        entry_of(entries[-1].seq, last),
    ]


def pending_of(entries: Sequence[Entry]) -> PendingItems:
    """The items that `entries` began and did not finish."""
    pending = PendingItems()
    for event in _events_of(entries):
        pending.apply(event)
    return pending


def _events_of(entries: Sequence[Entry]) -> Iterator[ThreadStreamEvent]:
    for entry in joined(entries):
        yield event_of(entry, _adapter())


@cache
def _adapter() -> "TypeAdapter[ThreadStreamEvent]":
    return TypeAdapter(ThreadStreamEvent)


class _Fold:
    """Events by what they are about: a later one takes the earlier one's place in the order."""

    def __init__(self) -> None:
        self.options = StreamOptionsEvent(stream_options=StreamOptions(allow_cancel=True))
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
            case StreamOptionsEvent():
                self.options = event
            case ThreadCreatedEvent() | ThreadUpdatedEvent() | ProgressUpdateEvent():
                self._said[event.type] = [event]
            case _:  # errors, notices, effects: each is a thing of its own
                self._numbered += 1
                self._said[f"event {self._numbered}"] = [event]

    def events(self) -> list[ThreadStreamEvent]:
        for item in self._pending.items():
            if self._pending.folds(item.id):
                self._said[f"item {item.id}"] = [ThreadItemAddedEvent(item=item)]
        return [event for events in self._said.values() for event in events]
