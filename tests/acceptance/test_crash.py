"""`kill -9` at any moment: what was acknowledged is there once, what was shown is kept, and every
run comes to an end that the user can see."""

import asyncio
import itertools
import os
import random
import signal
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from tests.acceptance.faults import PROXIED, Chat, paced_answer, stored
from tests.acceptance.process import ServerProcess, running

from chatkit_backend.store.migrate import upgrade
from chatkit_backend.testing import ModelServer

ROUNDS = 20
CHATS = 50
DURABLE_S = 1.0
"""Text that was shown so long before the kill is stored."""

RECOVERED_S = 15.0
"""Within which every run of a dead process has ended."""

ALL_RECOVERED_S = 90.0
"""The same for the runs of all rounds, which are all taken over at the end: until then no process
lives long enough to know that another one is dead."""

LONGEST_S = 2.0
"""Of a round until its kill; an answer takes longer."""


@dataclass(frozen=True)
class Site:
    """One server after the other on one database."""

    folder: Path
    variables: dict[str, str]
    client: httpx.AsyncClient

    async def crash(self, name: str, *, after_s: float) -> list[Chat]:
        """Start a server, open fifty chats, kill it in the middle of them."""
        with ExitStack() as started:
            server = await self._start(started)
            chats = [Chat(f"{name}-{index}") for index in range(CHATS)]
            sent = [asyncio.create_task(chat.send(self.client, server.url)) for chat in chats]
            await asyncio.sleep(after_s)
            os.kill(server.process.pid, signal.SIGKILL)
            for chat in chats:
                chat.cut_at = time.monotonic()
            await asyncio.gather(*sent)
        return chats

    async def check(self, chats: list[Chat], *, within_s: float) -> None:
        """Start a server; all runs end there in that time, and everything is as it was shown."""
        with ExitStack() as started:
            server = await self._start(started)
            async with asyncio.timeout(within_s):
                await asyncio.gather(*(self._end(server, chat) for chat in chats))
            for chat in chats:
                await self._is_kept(server, chat)

    async def _start(self, started: ExitStack) -> ServerProcess:
        # In a thread: the model server needs the event loop meanwhile.
        server = running(self.folder, variables=self.variables)
        return await asyncio.to_thread(started.enter_context, server)

    async def _end(self, server: ServerProcess, chat: Chat) -> None:
        """Wait for the end of a run by following it, as its user's page would."""
        while not chat.complete:
            await chat.resume(self.client, server.url)

    async def _is_kept(self, server: ServerProcess, chat: Chat) -> None:
        found = await stored(self.client, server.url, chat)
        assert found.messages == [chat.message]
        assert found.run["state"] in {"failed", "completed"}
        assert not found.active
        assert found.text.startswith(chat.shown_before(chat.cut_at - DURABLE_S).rstrip())
        assert chat.seen[-1][1] == found.text, "the page and the store differ"
        if found.run["state"] == "failed":
            [error] = [event for event in chat.events if event["type"] == "error"]
            assert error["allow_retry"] is True


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'chat.sqlite3'}"
    url: str = request.getfixturevalue("empty_postgresql_url")
    await upgrade(url)
    return url


@pytest.fixture
async def site(tmp_path: Path, database: str) -> AsyncIterator[Site]:
    async with (
        ModelServer(itertools.repeat(paced_answer, ROUNDS * CHATS)) as provider,
        httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=None)) as client,
    ):
        variables = {
            **PROXIED,
            "DATABASE_URL": database,
            "LLM_PROVIDER": "openai",
            "OPENAI_API_KEY": "k",
            "OPENAI_BASE_URL": provider.base_url,
            "LOG_LEVEL": "warning",
        }
        yield Site(tmp_path, variables, client)


@pytest.mark.timeout(600)
async def test_nothing_acknowledged_is_lost_and_every_run_ends(site: Site) -> None:
    dice = random.Random(20)
    crashed = [
        chat
        for number in range(ROUNDS)
        for chat in await site.crash(f"round{number}", after_s=dice.uniform(0.1, LONGEST_S))
    ]

    known = [chat for chat in crashed if chat.acknowledged]
    await site.check(known, within_s=ALL_RECOVERED_S)

    assert len(known) > ROUNDS * CHATS / 4, "too few chats had begun for the test to mean anything"
    assert len([chat for chat in known if chat.seen[-1][1]]) > ROUNDS * CHATS / 10


async def test_the_runs_of_a_dead_process_have_ended_fifteen_seconds_after_the_restart(
    site: Site,
) -> None:
    known = [chat for chat in await site.crash("once", after_s=1.5) if chat.acknowledged]

    await site.check(known, within_s=RECOVERED_S)

    assert len(known) > CHATS / 2
