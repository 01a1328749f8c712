"""`kill -9` at any moment: what was acknowledged is there once, what was shown is kept, and every
run comes to an end that the user can see."""

import asyncio
import os
import random
import signal
import time
from contextlib import ExitStack
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


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'chat.sqlite3'}"
    url: str = request.getfixturevalue("empty_postgresql_url")
    await upgrade(url)
    return url


@pytest.mark.timeout(600)
async def test_nothing_acknowledged_is_lost_and_every_run_ends(
    tmp_path: Path, database: str
) -> None:
    dice = random.Random(20)
    kills: list[tuple[float, list[Chat]]] = []
    async with (
        ModelServer(paced_answer for _ in range(ROUNDS * CHATS)) as provider,
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
        for number in range(ROUNDS):
            with ExitStack() as started:
                server = await _start(started, tmp_path, variables)
                chats = [Chat(f"user-{number}-{index}") for index in range(CHATS)]
                sent = [asyncio.create_task(chat.send(client, server.url)) for chat in chats]
                await asyncio.sleep(dice.uniform(0.1, LONGEST_S))
                os.kill(server.process.pid, signal.SIGKILL)
                kills.append((time.monotonic(), chats))
                await asyncio.gather(*sent)
        with ExitStack() as started:
            server = await _start(started, tmp_path, variables)
            begun = time.monotonic()
            every = [(moment, chat) for moment, chats in kills for chat in chats]
            known = [(moment, chat) for moment, chat in every if chat.acknowledged]
            await _all_ended(client, server, [chat for _, chat in known], begun + ALL_RECOVERED_S)
            for moment, chat in known:
                await _is_kept(client, server, chat, moment)
            shown = [chat for _, chat in known if chat.seen[-1][1]]
    assert len(known) > ROUNDS * CHATS / 4, "too few chats had begun for the test to mean anything"
    assert len(shown) > ROUNDS * CHATS / 10


async def _start(started: ExitStack, folder: Path, variables: dict[str, str]) -> ServerProcess:
    # In a thread: the model server needs the event loop meanwhile.
    return await asyncio.to_thread(started.enter_context, running(folder, variables=variables))


async def _all_ended(
    client: httpx.AsyncClient, server: ServerProcess, chats: list[Chat], deadline: float
) -> None:
    """Wait for the end of every run by following it, as a user's page would."""

    async def end(chat: Chat) -> None:
        while not chat.complete:
            await chat.resume(client, server.url)

    async with asyncio.timeout(deadline - time.monotonic()):
        await asyncio.gather(*map(end, chats))


async def _is_kept(
    client: httpx.AsyncClient, server: ServerProcess, chat: Chat, killed: float
) -> None:
    found = await stored(client, server.url, chat)
    assert found.messages == [chat.message]
    assert found.run["state"] in {"failed", "completed"}
    assert not found.active
    assert found.text.startswith(chat.shown_before(killed - DURABLE_S).rstrip())
    assert chat.seen[-1][1] == found.text, "the page and the store differ"
    if found.run["state"] == "failed":
        [error] = [event for event in chat.events if event["type"] == "error"]
        assert error["allow_retry"] is True
