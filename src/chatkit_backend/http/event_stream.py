"""The response that follows a run."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from chatkit_backend.logs import get_logger
from chatkit_backend.store.errors import StoreUnavailableError

STALL_S = 300.0
"""Seconds in which a client must have read something that was sent. Long, because a slow reader
costs nothing but its connection; the web server holds at most some 64 KiB for it."""

log = get_logger(__name__)


class EventStream(Response):
    """Sends chunks as they come and notices at once when the client has gone.

    Starlette's `StreamingResponse` cancels the iterator's task on disconnect (ASGI before 2.4) or
    finds out with the next chunk (2.4); here the iterator is closed in its own task, in either
    case and also while it is silent.
    """

    def __init__(
        self,
        chunks: AsyncGenerator[bytes, None],
        media_type: str,
        on_end: Callable[[], None],
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Send `chunks`; call `on_end` in any case, also when the client left before the start."""
        super().__init__(
            media_type=media_type,
            headers={
                "Cache-Control": "no-cache",
                # nginx buffers answers of upstreams unless told otherwise.
                "X-Accel-Buffering": "no",
                **(headers or {}),
            },
        )
        del self.headers["content-length"]
        self._chunks = chunks
        self._on_end = on_end
        self._sending: float | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Run as an ASGI application."""
        loop = asyncio.get_running_loop()
        sender = asyncio.create_task(self._send(send, loop.time))
        watcher = asyncio.create_task(_disconnected(receive))
        self._stall = loop.call_later(STALL_S, self._look_for_stall, loop, sender)
        try:
            await asyncio.wait([sender, watcher], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._stall.cancel()
            for task in (sender, watcher):
                task.cancel()
            await asyncio.wait([sender, watcher])
            self._on_end()
        if not sender.cancelled():
            try:
                # An OSError is the client that has gone; anything else is a bug and must be seen.
                with suppress(OSError):
                    sender.result()
            except StoreUnavailableError as exc:
                log.warning("stream_cut", error=str(exc))

    async def _send(self, send: Send, clock: Callable[[], float]) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        # Closed also when the client leaves while something is sent to it.
        async with aclosing(self._chunks) as chunks:
            async for chunk in chunks:
                self._sending = clock()
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                self._sending = None
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _look_for_stall(
        self, loop: asyncio.AbstractEventLoop, sender: "asyncio.Task[None]"
    ) -> None:
        """End a stream whose client reads nothing. One timer: a timeout for each chunk is dear."""
        if self._sending is not None and loop.time() - self._sending >= STALL_S:
            sender.cancel()
        else:
            self._stall = loop.call_later(STALL_S / 4, self._look_for_stall, loop, sender)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
