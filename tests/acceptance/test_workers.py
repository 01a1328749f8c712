"""`serve --workers`: several processes on one address that share their runs."""

import asyncio
import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.acceptance.process import COMMAND, ServerProcess, running
from tests.acceptance.test_process import refused_start
from tests.protocol import create, req, sse_events
from tests.redis_servers import FoundRedis

from chatkit_backend.store.migrate import upgrade
from chatkit_backend.testing import ModelServer
from chatkit_backend.testing.model_server import Answer, Say, Wait

STARTED = re.compile(r"Started server process \[(\d+)\]")


@pytest.fixture
async def shared(empty_postgresql_url: str, redis_found: FoundRedis) -> dict[str, str]:
    """What several processes need."""
    await upgrade(empty_postgresql_url)
    return {"DATABASE_URL": empty_postgresql_url, "REDIS_URL": redis_found.url}


@contextmanager
def workers(folder: Path, variables: dict[str, str], count: int = 2) -> Iterator[ServerProcess]:
    command = [*COMMAND, "serve", "--workers", str(count)]
    with running(folder, command, variables) as server:
        yield server


async def pids(server: ServerProcess, count: int) -> list[int]:
    """The processes that have started to serve, once there were `count`."""
    async with asyncio.timeout(60):
        while len(found := STARTED.findall(server.log)) < count:
            await asyncio.sleep(0.05)
    return [int(pid) for pid in found]


@pytest.mark.parametrize(
    ("variables", "missing"),
    [
        ({}, "PostgreSQL"),
        ({"REDIS_URL": "redis://127.0.0.1"}, "PostgreSQL"),
        ({"DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/x"}, "REDIS_URL"),
        (
            {"DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/x", "REDIS_URL": "nowhere"},
            "REDIS_URL",
        ),
        (
            {
                "DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/x",
                "REDIS_URL": "redis://127.0.0.1",
            },
            "DATABASE_URL",
        ),
    ],
)
def test_what_several_processes_need_and_do_not_have_is_one_line(
    tmp_path: Path, variables: dict[str, str], missing: str
) -> None:
    line = refused_start(tmp_path, "serve", "--workers", "2", **variables)
    assert missing in line
    assert "hunter2" not in line


async def test_every_process_answers_and_all_end_with_code_0(
    tmp_path: Path, shared: dict[str, str]
) -> None:
    with workers(tmp_path, shared) as server:
        await pids(server, 2)
        async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
            first = await client.post("/chatkit", json=create())
        asked = [
            httpx.post(
                f"{server.url}/chatkit", json=req("threads.list"), cookies=dict(first.cookies)
            )
            for _ in range(20)
        ]
        code = await asyncio.to_thread(server.terminate)

    assert sse_events(first.text)[-1]["type"] == "thread.item.done"
    assert [len(response.json()["data"]) for response in asked] == [1] * 20
    assert server.log.count("shutting_down") == 2
    assert code == 0


async def test_an_open_answer_may_finish_in_its_process(
    tmp_path: Path, shared: dict[str, str]
) -> None:
    gate = asyncio.Event()
    async with ModelServer([Answer(Say("First"), Wait(gate), Say(" and last"))]) as upstream:
        variables = {**shared, "LLM_PROVIDER": "openai", "OPENAI_BASE_URL": upstream.base_url}
        with workers(tmp_path, variables) as server:
            async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
                text = ""
                async with client.stream("POST", "/chatkit", json=create()) as response:
                    async for chunk in response.aiter_text():
                        text += chunk
                        if "First" in text and not gate.is_set():
                            server.process.send_signal(signal.SIGTERM)
                            async with asyncio.timeout(30):
                                while "shutting_down" not in server.log:
                                    await asyncio.sleep(0.02)
                            gate.set()
            code = await asyncio.to_thread(server.process.wait, 30)

    assert sse_events(text)[-1]["item"]["content"][0]["text"] == "First and last"
    assert code == 0


async def test_a_process_that_dies_is_replaced(tmp_path: Path, shared: dict[str, str]) -> None:
    with workers(tmp_path, shared) as server:
        died, _ = await pids(server, 2)
        os.kill(died, signal.SIGKILL)

        assert len(await pids(server, 3)) == 3
        assert "worker_died" in server.log
        events = sse_events(httpx.post(f"{server.url}/chatkit", json=create(), timeout=60).text)
        code = await asyncio.to_thread(server.terminate)

    assert events[-1]["type"] == "thread.item.done"
    assert code == 0
