"""The response that follows a run."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

STALL_S = 60.0
"""Seconds in which a client must have read something that was sent (nginx: `send_timeout`)."""


class EventStream(Response):
    """Sends chunks as they come and notices at once when the client has gone.

    Starlette's `StreamingResponse` cancels the iterator's task on disconnect (ASGI before 2.4) or
    finds out with the next chunk (2.4); here the iterator is closed in its own task, in either
    case and also while it is silent.
    """

    def __init__(
        self, chunks: AsyncIterator[bytes], media_type: str, on_end: Callable[[], None]
    ) -> None:
        """Send `chunks`; call `on_end` in any case, also when the client left before the start."""
        super().__init__(
            media_type=media_type,
            headers={
                "Cache-Control": "no-cache",
                # nginx buffers answers of upstreams unless told otherwise.
                "X-Accel-Buffering": "no",
            },
        )
        del self.headers["content-length"]
        self._chunks = chunks
        self._on_end = on_end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Run as an ASGI application."""
        sender = asyncio.create_task(self._send(send))
        watcher = asyncio.create_task(_disconnected(receive))
        try:
            await asyncio.wait([sender, watcher], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sender, watcher):
                task.cancel()
            await asyncio.wait([sender, watcher])
            self._on_end()
        if not sender.cancelled():
            # An OSError is the client that has gone; anything else is a bug and must be seen.
            with suppress(OSError):
                sender.result()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async for chunk in self._chunks:
            async with asyncio.timeout(STALL_S):  # TimeoutError is an OSError: the client has gone
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
