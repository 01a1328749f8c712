"""A wire between the browser and the server that can be cut."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Wire:
    """Passes connections on to a port of this machine, from a port of its own.

    Attributes:
        refusing: Break every new connection.
        swallowing: Pass on what the browser says, and nothing of what the server answers.
    """

    to_port: int
    port: int = 0
    refusing: bool = False
    swallowing: bool = False
    _swallowed: bytearray = field(default_factory=bytearray)
    _news: threading.Condition = field(default_factory=threading.Condition)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> int:
        """Break every connection; how many there were."""

        async def abort() -> int:
            for writer in self._open:
                writer.transport.abort()
            return len(self._open)

        return asyncio.run_coroutine_threadsafe(abort(), self._loop).result()

    def wait_until_swallowed(self, text: str) -> None:
        """Wait until the server has said this, and nobody has heard it. Raises: TimeoutError."""
        with self._news:
            if not self._news.wait_for(lambda: text.encode() in self._swallowed, timeout=30):
                raise TimeoutError(f"the server has not said {text!r}")

    def _swallows(self, data: bytes) -> bool:
        if self.swallowing:
            with self._news:
                self._swallowed += data
                self._news.notify_all()
        return self.swallowing

    async def _serve(self, started: threading.Event) -> None:
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        async with server:
            await server.serve_forever()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            writer.transport.abort()
            return
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self.to_port)
        both = {writer, to_writer}
        self._open |= both
        try:
            await asyncio.gather(_pump(reader, to_writer), _pump(to_reader, writer, self._swallows))
        finally:
            self._open -= both
            for one in both:
                one.close()


async def _pump(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    swallows: Callable[[bytes], bool] = lambda _: False,
) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            if swallows(data):
                continue
            writer.write(data)
            await writer.drain()
    with suppress(OSError, RuntimeError):
        writer.write_eof()


@contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    """A wire, until the block ends."""
    wire = Wire(port)
    started = threading.Event()

    def run() -> None:
        asyncio.set_event_loop(wire._loop)
        with suppress(asyncio.CancelledError):
            wire._loop.run_until_complete(wire._serve(started))
        # Those that were passed on end too; an open loop would be told as a leak, in another test.
        rest = asyncio.all_tasks(wire._loop)
        wire._loop.run_until_complete(asyncio.gather(*rest, return_exceptions=True))
        wire._loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    started.wait(10)
    try:
        yield wire
    finally:
        wire.cut()
        wire._loop.call_soon_threadsafe(
            lambda: [task.cancel() for task in asyncio.all_tasks(wire._loop)]
        )
        thread.join(10)
