"""PostgreSQL restarts in the middle of fifty answers: what was shown is stored, and the server goes
on without a restart of its own."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from tests.acceptance.faults import PROXIED, WORDS, Chat, paced_answer, stored
from tests.acceptance.process import running
from tests.databases import NoServerError, OwnPostgres

from chatkit_backend.store.migrate import upgrade
from chatkit_backend.testing import ModelServer

CHATS = 50


@pytest.fixture
def postgres() -> Iterator[OwnPostgres]:
    """A PostgreSQL server that only this test uses, so that it may be restarted."""
    with ExitStack() as started:
        try:
            server = OwnPostgres.start(started)
        except NoServerError as exc:
            pytest.fail(f"this test restarts a PostgreSQL server of its own, and has none: {exc}")
        yield server


@pytest.mark.timeout(120)
async def test_no_answer_that_was_shown_is_lost(tmp_path: Path, postgres: OwnPostgres) -> None:
    await upgrade(postgres.url)
    async with (
        ModelServer(paced_answer for _ in range(CHATS + 1)) as provider,
        httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=None)) as client,
    ):
        variables = {
            **PROXIED,
            "DATABASE_URL": postgres.url,
            "LLM_PROVIDER": "openai",
            "OPENAI_API_KEY": "k",
            "OPENAI_BASE_URL": provider.base_url,
            "LOG_LEVEL": "warning",
        }
        with ExitStack() as started:
            server = await asyncio.to_thread(
                started.enter_context, running(tmp_path, variables=variables)
            )
            chats = [Chat(f"user-{number}") for number in range(CHATS)]
            sending = [asyncio.create_task(chat.send(client, server.url)) for chat in chats]
            while not all(chat.seen and chat.seen[-1][1] for chat in chats):
                await asyncio.sleep(0.05)
            await asyncio.to_thread(postgres.restart)
            await asyncio.gather(*sending)

            for chat in chats:
                found = await stored(client, server.url, chat)
                assert chat.complete
                assert found.run["state"] == "completed"
                assert found.text == chat.seen[-1][1]
                assert found.text.split() == [f"word{number}" for number in range(WORDS)]
            again = Chat("later")
            await again.send(client, server.url)
            assert again.complete
