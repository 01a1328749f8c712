"""Patience with a store that is away: a restart of the database costs no text that was shown."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from chatkit_backend.logs import get_logger
from chatkit_backend.store.database import finished
from chatkit_backend.store.errors import StoreUnavailableError

T = TypeVar("T")

RETRY_S = 0.5

log = get_logger(__name__)


async def patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask the store something, and again while it is away, however long that takes.

    The answer could not end without the store either, and keeps its place meanwhile, so that no
    more than so many wait. A cancellation waits for the end of a try, so that nothing is half
    saved, and ends the wait between two.
    """
    while True:
        try:
            return await finished(asyncio.ensure_future(ask()))
        except StoreUnavailableError as exc:
            log.warning("store_awaited", error=str(exc))
            await asyncio.sleep(RETRY_S)
