"""Hosted ChatKit's API, used by the official Node client with another base URL."""

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.integration.identity.conftest import MakeKey

NODE_TESTS = Path(__file__).parents[2] / "node"
TIMEOUT_S = 60


@pytest.fixture
def node() -> str:
    """Node.js with the official client. `make test` installs it where there is npm."""
    found = shutil.which("node")
    if found is not None and (NODE_TESTS / "node_modules/openai").is_dir():
        return found
    reason = "not run, no Node.js with the client; install Node.js >= 20 and run make test"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


async def test_the_node_client_works_unchanged(node: str, url: str, make_key: MakeKey) -> None:
    seen = await _run(node, f"{url}/v1", await make_key())

    assert seen["session"]["status"] == "active"
    assert seen["session"]["user"] == "node"
    assert seen["session"]["workflow"]["state_variables"] == {"plan": "pro"}
    assert len(seen["ascending"]) == 3
    assert seen["descending"] == seen["ascending"][::-1]
    assert seen["before"] == seen["ascending"][:2]
    assert seen["first"]["object"] == "chatkit.thread"
    assert seen["first"]["user"] == "node"
    assert seen["items"] == ["chatkit.user_message", "chatkit.assistant_message"]
    assert seen["deleted"]["deleted"] is True
    assert seen["cancelled"] == "cancelled"
    refusals = ("gone", "afterwards", "wrongKey", "wrongLimit")
    assert [seen[name] for name in refusals] == [404, 401, 401, 400]


async def _run(node: str, *arguments: str) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        node,
        "hosted.mjs",
        *arguments,
        cwd=NODE_TESTS,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(TIMEOUT_S):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, err.decode()
    seen: dict[str, Any] = json.loads(out)
    return seen
