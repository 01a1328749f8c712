"""The part of a conversation that the model sees."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Generic

from agents import TResponseInputItem
from chatkit.store import Store
from chatkit.types import ThreadItem
from typing_extensions import TypeVar

from .conversion import InputConverter

C = TypeVar("C")

CHARS_PER_TOKEN = 4
"""A common rule of thumb for English text; other scripts use more tokens. It needs no tokenizer."""

PAGE_ITEMS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryWindow:
    """How far back the model sees: at most so many items and about so many tokens."""

    items: int = 100
    tokens: int = 16_000


class History(Generic[C]):
    """Reads a thread newest first and stops at the window's edge, however long the thread is."""

    def __init__(self, store: Store[C], converter: InputConverter, window: HistoryWindow) -> None:
        self._store = store
        self._converter = converter
        self._window = window

    async def load(self, thread_id: str, context: C) -> list[list[TResponseInputItem]]:
        """The window as model input, one list for each item, oldest first.

        It begins with a user message where there is one in it: several providers refuse a
        conversation that begins with an answer or with a tool's output. The newest item is always
        in it, however long.
        """
        budget = self._window.tokens * CHARS_PER_TOKEN
        newest_first: list[tuple[ThreadItem, list[TResponseInputItem]]] = []
        async for item in self._newest_first(thread_id, context):
            inputs = await self._converter.item_to_input(item)
            budget -= sum(len(json.dumps(part, default=str)) for part in inputs)
            if budget < 0 and newest_first:
                break
            newest_first.append((item, inputs))
        return [inputs for _, inputs in _from_a_user_message(newest_first[::-1]) if inputs]

    async def of_one(self, item: ThreadItem) -> list[list[TResponseInputItem]]:
        """What `load` makes of a thread that holds nothing but `item`; the store is not asked."""
        inputs = await self._converter.item_to_input(item)
        return [inputs] if inputs else []

    async def _newest_first(self, thread_id: str, context: C) -> AsyncIterator[ThreadItem]:
        left, after = self._window.items, None
        while left > 0:
            page = await self._store.load_thread_items(
                thread_id, after, min(left, PAGE_ITEMS), "desc", context
            )
            for item in page.data:
                yield item
            left -= len(page.data)
            if not page.has_more or not page.data:
                return
            after = page.after


def _from_a_user_message(
    items: list[tuple[ThreadItem, list[TResponseInputItem]]],
) -> list[tuple[ThreadItem, list[TResponseInputItem]]]:
    for index, (item, _) in enumerate(items):
        if item.type == "user_message":
            return items[index:]
    return items
