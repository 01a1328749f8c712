"""A TCP proxy in front of a database, for breaking the network on purpose."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import make_url


class Proxy:
    """Passes bytes on until told otherwise.

    Attributes:
        url: The database's URL, through the proxy.
    """

    def __init__(self, target: str, port: int) -> None:
        self._target = make_url(target)
        self.url = self._target.set(host="127.0.0.1", port=port).render_as_string(False)
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._refusing = False

    def cut(self) -> None:
        """Close every connection and refuse new ones."""
        self._refusing = True
        for writer in self._writers:
            writer.close()

    def swallow(self) -> None:
        """Keep every connection open, and let nothing through."""
        self._flowing.clear()

    def restore(self) -> None:
        """Work again."""
        self._refusing = False
        self._flowing.set()

    async def close(self) -> None:
        """Close every connection and wait until none is left."""
        self.restore()
        self.cut()
        await asyncio.gather(*self._serving)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connect a client to the database."""
        if self._refusing:
            writer.close()
            return
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        above = await asyncio.open_connection(self._target.host, self._target.port or 5432)
        self._writers |= {writer, above[1]}
        await asyncio.gather(self._copy(reader, above[1]), self._copy(above[0], writer))

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                await self._flowing.wait()
                writer.write(data)
        except ConnectionError:
            pass
        finally:
            self._writers.discard(writer)
            writer.close()


@asynccontextmanager
async def proxied(target: str) -> AsyncIterator[Proxy]:
    """Run a proxy in front of the database at `target`."""
    proxies: list[Proxy] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await proxies[0].serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    proxies.append(Proxy(target, server.sockets[0].getsockname()[1]))
    try:
        yield proxies[0]
    finally:
        server.close()
        await proxies[0].close()
