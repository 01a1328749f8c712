"""The examples of `examples/`, built and served with npm as their READMEs say."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.acceptance.process import free_port

EXAMPLES = Path(__file__).parents[2] / "examples"
BUILD_S = 240
START_S = 60


@dataclass(frozen=True)
class Served:
    """An example that runs."""

    url: str


def built(name: str) -> Path:
    """The example's folder, after its build. Without npm: not run; in CI failed."""
    folder = EXAMPLES / name
    if shutil.which("npm") is None or not (folder / "node_modules").is_dir():
        reason = "not run, no npm with the packages; install Node.js >= 20 and run make test"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    done = subprocess.run(
        ["npm", "run", "build"],
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=BUILD_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@contextmanager
def served(folder: Path, command: Sequence[str], **variables: str) -> Iterator[Served]:
    """Run `command` in `folder`, with `{port}` for a free port, until the block ends."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [part.replace("{port}", str(port)) for part in command],
        cwd=folder,
        env=_environment() | variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # npm does not always pass a signal on to what it runs
    )
    try:
        _wait_until_it_answers(url, process)
        yield Served(url)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)


def _environment() -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "NEXT_TELEMETRY_DISABLED": "1",
    }


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            pass  # it does not listen yet
        time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} did not get ready")
