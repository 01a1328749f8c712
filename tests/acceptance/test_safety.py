"""`chatkit-backend serve` refuses an address where everybody could use the model, or is told to."""

import subprocess
from pathlib import Path

import httpx
import pytest
from tests.acceptance.process import COMMAND, environment, running


@pytest.mark.parametrize("arguments", [[], ["--host", "0.0.0.0"]], ids=["HOST", "--host"])
def test_an_anonymous_server_is_not_put_on_the_network_by_mistake(
    tmp_path: Path, arguments: list[str]
) -> None:
    variables = {} if arguments else {"HOST": "0.0.0.0"}
    done = subprocess.run(
        [*COMMAND, "serve", *arguments],
        cwd=tmp_path,
        env=environment(tmp_path, **variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    [line] = done.stderr.strip().splitlines()
    assert "HOST=0.0.0.0" in line
    assert "AUTH" in line
    assert "UNSAFE_ALLOW=public_anonymous" in line


def test_but_on_purpose_it_is(tmp_path: Path) -> None:
    variables = {"HOST": "0.0.0.0", "UNSAFE_ALLOW": "public_anonymous"}
    command = [*COMMAND, "serve"]
    with running(tmp_path, command, variables) as server:
        assert httpx.get(f"{server.url}/health").status_code == 200
