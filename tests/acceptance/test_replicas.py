"""Two replicas behind a round-robin: readers are cut and go on at the other one, Redis restarts, a
replica dies, and every reader still ends with exactly the stored text."""

import asyncio
import itertools
import os
import random
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from tests.acceptance.faults import PROXIED, WORDS, Chat, paced_answer, stored
from tests.acceptance.process import ServerProcess, running
from tests.redis_servers import OwnRedis

from chatkit_backend.store.migrate import upgrade
from chatkit_backend.testing import ModelServer

CHATS = 100
CUTS = 4
"""How often each reader is cut, at random places, before it may read to the end."""

GONE_S = 1.0
RECOVERED_S = 20.0


@dataclass
class Site:
    """Two replicas on one PostgreSQL and one Redis."""

    replicas: list[ServerProcess]
    redis: OwnRedis
    provider: ModelServer
    client: httpx.AsyncClient

    def __post_init__(self) -> None:
        self._turns: Iterator[int] = itertools.count()

    @property
    def url(self) -> str:
        """The next replica's, in turn; of those that live."""
        alive = [one for one in self.replicas if one.process.poll() is None]
        return alive[next(self._turns) % len(alive)].url


@pytest.fixture
async def site(tmp_path: Path, empty_postgresql_url: str) -> AsyncIterator[Site]:
    await upgrade(empty_postgresql_url)
    async with (
        ModelServer(itertools.repeat(paced_answer, CHATS + 1)) as provider,
        httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=None)) as client,
    ):
        with ExitStack() as started:
            redis = OwnRedis()
            redis.start()
            started.callback(redis.kill)
            variables = {
                **PROXIED,
                "DATABASE_URL": empty_postgresql_url,
                "REDIS_URL": redis.url,
                "LLM_PROVIDER": "openai",
                "OPENAI_API_KEY": "k",
                "OPENAI_BASE_URL": provider.base_url,
                "LOG_LEVEL": "warning",
            }
            replicas = [
                await asyncio.to_thread(
                    started.enter_context, running(tmp_path, variables=variables)
                )
                for _ in range(2)
            ]
            yield Site(replicas, redis, provider, client)


async def _read_with_cuts(site: Site, chat: Chat, dice: random.Random) -> None:
    await chat.send(site.client, site.url, cut_after=dice.randint(3, 20))
    for _ in range(CUTS - 1):
        if chat.complete or not chat.acknowledged:
            break
        await chat.resume(site.client, site.url, cut_after=dice.randint(1, 15))
    async with asyncio.timeout(RECOVERED_S + 10):
        while chat.acknowledged and not chat.complete:
            await chat.resume(site.client, site.url)


@asynccontextmanager
async def _reading(site: Site) -> AsyncIterator[list[Chat]]:
    """A hundred chats, begun; read to their ends when the block ends."""
    chats = [Chat(f"user-{number}") for number in range(CHATS)]
    reading = [
        asyncio.create_task(_read_with_cuts(site, chat, random.Random(number)))
        for number, chat in enumerate(chats)
    ]
    while sum(chat.acknowledged for chat in chats) < CHATS // 2:
        await asyncio.sleep(0.05)
    yield chats
    await asyncio.gather(*reading)


async def _is_exact(site: Site, chat: Chat) -> dict[str, object]:
    found = await stored(site.client, site.url, chat)
    assert found.messages == [chat.message]
    assert chat.seen[-1][1] == found.text
    assert chat.seqs == sorted(set(chat.seqs))
    assert not found.active
    return dict(found.run)


@pytest.mark.timeout(120)
async def test_readers_that_are_cut_go_on_at_the_other_replica(site: Site) -> None:
    async with _reading(site) as chats:
        pass

    for chat in chats:
        assert (await _is_exact(site, chat))["state"] == "completed"
        assert not chat.retold
        assert chat.seen[-1][1].split() == [f"word{number}" for number in range(WORDS)]


@pytest.mark.timeout(120)
async def test_the_same_while_redis_is_restarted(site: Site) -> None:
    async with _reading(site) as chats:
        await asyncio.to_thread(site.redis.kill)
        health = (await site.client.get(f"{site.url}/health")).json()
        await asyncio.sleep(1)
        await asyncio.to_thread(site.redis.start)

    assert health["status"] == "degraded"
    for chat in chats:
        assert (await _is_exact(site, chat))["state"] == "completed"
        assert not chat.retold
    async with asyncio.timeout(10):
        while (await site.client.get(f"{site.url}/health")).json()["status"] != "ok":
            await asyncio.sleep(0.1)


@pytest.mark.timeout(120)
async def test_the_same_while_one_replica_is_killed(site: Site) -> None:
    async with _reading(site) as chats:
        victim = site.replicas[0].process
        os.kill(victim.pid, signal.SIGKILL)
        await asyncio.to_thread(victim.wait)

    begun = [chat for chat in chats if chat.acknowledged]
    states = [(await _is_exact(site, chat))["state"] for chat in begun]

    assert len(begun) >= CHATS // 2
    assert set(states) == {"completed", "failed"}


async def test_a_cancellation_reaches_the_replica_that_answers(site: Site) -> None:
    chat = Chat("anna")
    sending = asyncio.create_task(chat.send(site.client, site.replicas[0].url))
    request = await site.provider.request(1)
    while not (chat.seen and chat.seen[-1][1]):
        await asyncio.sleep(0.01)

    cancelled = await site.client.post(
        f"{site.replicas[1].url}/chatkit/runs/{chat.run_id}/cancel", headers=chat.headers
    )
    async with asyncio.timeout(GONE_S):
        await request.closed.wait()
    await sending

    assert cancelled.json()["state"] == "cancelled"
    assert (await _is_exact(site, chat))["state"] == "cancelled"
