"""A hundred thousand events, and a reader who takes one a second: it costs nobody anything."""

import asyncio
import re
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from tests.acceptance.process import COMMAND, ServerProcess, running
from tests.protocol import create
from tests.streams import posted

EVENTS = 100_000
EVENT_CHARS = 500
"""Progress is kept by nobody but the log: what the process holds is there for its readers."""

SERVER = f"""
from chatkit.server import ChatKitServer
from chatkit.types import ProgressUpdateEvent


class Talkative(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        for number in range({EVENTS}):
            yield ProgressUpdateEvent(text=f"{{number}} ".ljust({EVENT_CHARS}, "."))
"""

WAITS_FOR_S = 1.0
MAX_GROWTH_KB = 20_000
"""All events together are 60 MB. What SQLite, sockets and the allocator take is a few."""

ID = re.compile(rb"^id: \S+:(\d+)$")


@pytest.mark.timeout(240)
async def test_a_slow_reader_takes_no_memory_and_slows_nobody(tmp_path: Path) -> None:
    (tmp_path / "talkative.py").write_text(SERVER)
    command = [*COMMAND, "serve", "talkative:Talkative"]
    variables = {"LOG_LEVEL": "warning"}
    with running(tmp_path, command, variables) as server:
        async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
            # Once for the imports, caches and buffers that the second time has already.
            async with posted(client, create("Warm up")) as warming:
                await warming.to_end()
            before_kb = _memory_kb(server)

            async with posted(client, create("Go")) as quick:
                cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
                path = f"/chatkit/runs/{quick.run_id}/events?after=1"
                async with _slow_connection(server, path, cookies) as slow:
                    taking_its_time = asyncio.create_task(_one_a_second(slow))
                    await quick.to_end()
                    grown_kb = _memory_kb(server) - before_kb
                    taking_its_time.cancel()
                    await asyncio.wait([taking_its_time])
                    assert taking_its_time.cancelled(), "it was still reading"
                    taken = slow.taken
                    rest = [seq async for seq in slow.seqs()]

    assert len(quick.seqs) > EVENTS
    assert quick.seqs == list(range(1, len(quick.seqs) + 1))
    assert taken < EVENTS / 100, "the quick reader was to end long before the slow one"
    assert rest == quick.seqs[1 + taken :], "the slow one gets all of it in the end"
    assert grown_kb < MAX_GROWTH_KB


class _Events:
    """The numbers of the events of one connection, as its reader takes them."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self.taken = 0

    async def seqs(self) -> AsyncIterator[int]:
        while line := await self._reader.readline():
            if found := ID.match(line.strip()):
                self.taken += 1
                yield int(found[1])


async def _one_a_second(slow: _Events) -> None:
    async for _ in slow.seqs():
        await asyncio.sleep(WAITS_FOR_S)


@asynccontextmanager
async def _slow_connection(
    server: ServerProcess, path: str, cookies: str
) -> AsyncIterator[_Events]:
    """A connection whose buffers are as small as they get, so that what is not read is not sent."""
    address = urlsplit(server.url)
    connected = socket.socket()
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connected.setblocking(False)
    await asyncio.get_running_loop().sock_connect(connected, (address.hostname, address.port))
    reader, writer = await asyncio.open_connection(sock=connected, limit=4096)
    head = f"GET {path} HTTP/1.0\r\nHost: {address.netloc}\r\nCookie: {cookies}\r\n\r\n"
    writer.write(head.encode())
    try:
        yield _Events(reader)
    finally:
        writer.close()
        await writer.wait_closed()


def _memory_kb(server: ServerProcess) -> int:
    command = ["ps", "-o", "rss=", "-p", str(server.process.pid)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
