"""Pages: what a list's query returned, cut to what was asked for."""

from collections.abc import Sequence
from typing import TypeVar

from chatkit.types import Page, ThreadItem, ThreadMetadata

from .tenants import OwnedThread

T = TypeVar("T", ThreadMetadata, ThreadItem, OwnedThread)


def page_of(rows: Sequence[T], limit: int) -> Page[T]:
    """Make a page of at most `limit` rows; one row more says that there are more."""
    has_more = len(rows) > limit
    return Page(
        data=list(rows[:limit]), has_more=has_more, after=rows[limit - 1].id if has_more else None
    )


def require_limit(limit: int) -> None:
    """Raises: ValueError for a page that could hold nothing."""
    if limit < 1:
        raise ValueError(f"the limit of a page is 1 or more, not {limit}")
