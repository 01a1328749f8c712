"""The rest of a stream whose answer is complete."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

DRAIN_S = 0.1
"""Seconds to wait for the end of a stream whose answer is complete."""


async def drain(stream: AsyncIterator[object]) -> None:
    """Read what follows the last event, so that the connection can serve the next request.

    The answer is complete: what fails or takes long now does not matter.
    """
    with suppress(Exception):
        async with asyncio.timeout(DRAIN_S):
            async for _ in stream:
                pass
