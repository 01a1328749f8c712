"""`serve` with a login and agents of one's own."""

import subprocess
from pathlib import Path

import httpx
import pytest
from tests.acceptance.process import COMMAND, environment, running
from tests.protocol import create, req, sse_events

MODULE = """
from agents import Agent
from chatkit_backend import Principal
from chatkit_backend.errors import Unauthenticated
from chatkit_backend.testing import ScriptedModel

def who(request):
    badge = request.headers.get("x-badge")
    if badge is None:
        return None
    if badge != "ada's badge":
        raise Unauthenticated("unknown_badge", "Nobody has that badge.")
    return Principal(user_id="ada", roles=("staff",))

agents = {
    "support": Agent(name="Support", model=ScriptedModel(["I support."] * 9)),
    "sales": Agent(name="Sales", model=ScriptedModel(["I sell."] * 9)),
}
number = 7
mixed = {"support": "not an agent"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "own.py").write_text(MODULE)
    return tmp_path


def test_a_function_of_ones_own_says_who_asks(folder: Path) -> None:
    command = [*COMMAND, "serve", "own:agents", "--authenticate", "own:who"]
    with running(folder, command) as server:
        anybody = httpx.post(f"{server.url}/chatkit", json=req("threads.list"))
        forged = httpx.post(
            f"{server.url}/chatkit", json=req("threads.list"), headers={"X-Badge": "forged"}
        )
        ada = httpx.post(
            f"{server.url}/chatkit", json=create(), headers={"X-Badge": "ada's badge"}, timeout=30
        )

    assert (anybody.status_code, anybody.json()["error"]["code"]) == (401, "unauthenticated")
    assert (forged.status_code, forged.json()["error"]["code"]) == (401, "unknown_badge")
    assert "I support." in str(sse_events(ada.text)), "the first agent answers without a workflow"
    assert "ada's badge" not in server.log


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["own:mixed"], "not of workflow ids to agents.Agent"),
        (["own:agents", "--authenticate", "own:number"], "own:number is a int"),
        (["own:agents", "--authenticate", "own:nobody"], "'nobody'"),
    ],
)
def test_what_is_no_login_or_no_agents_stops_the_start(
    folder: Path, arguments: list[str], expected: str
) -> None:
    done = subprocess.run(
        [*COMMAND, "serve", *arguments],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert expected in done.stderr.strip().splitlines()[-1]
