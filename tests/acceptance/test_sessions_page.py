"""What docs/sessions.md shows with curl works, as it is written there."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.acceptance.process import environment, running
from tests.acceptance.test_readme import BLOCK, ROOT

BLOCKS = dict(BLOCK.findall((ROOT / "docs" / "sessions.md").read_text()))
AUTH = {"AUTH": "session"}


def test_a_key_makes_a_session_and_its_secret_a_conversation(tmp_path: Path) -> None:
    commands = Path(sys.executable).parent
    with running(tmp_path, variables=AUTH) as server:
        done = subprocess.run(
            [
                "bash",
                "-euo",
                "pipefail",
                "-c",
                BLOCKS["sessions"].replace("http://127.0.0.1:8000", server.url),
            ],
            cwd=tmp_path,
            env=environment(tmp_path, **AUTH) | {"PATH": f"{commands}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    assert "No language model is configured" in done.stdout
    listed = json.loads(done.stdout.splitlines()[-1])
    assert [thread["user"] for thread in listed["data"]] == ["ada"]
    assert "is made; keep the key" in done.stderr
