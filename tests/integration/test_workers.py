"""Several processes on one address; here they serve a page that names the process."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from tests.acceptance.process import environment, free_port

SUPERVISOR = """
import sys
from chatkit_backend.cli.listener import ListenError
from chatkit_backend.cli.workers import run_workers
from chatkit_backend.logs import configure_logs
configure_logs(environment="production", level="info")
port, count, stop_s = sys.argv[1:]
try:
    sys.exit(run_workers([sys.executable, "page.py"], int(count),
        host="127.0.0.1", port=int(port), stop_s=float(stop_s)))
except ListenError as exc:
    sys.exit(str(exc))
"""

PAGE = """
import asyncio, os, pathlib, signal, sys
import uvicorn
from chatkit_backend.cli.worker import WorkerServer

if pathlib.Path("broken").exists():
    sys.exit(2)

async def app(scope, receive, send):
    if scope["path"] == "/die":
        os.kill(os.getpid(), signal.SIGKILL)
    if scope["path"] == "/hang":
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(os.getpid()).encode()})

signal.signal(signal.SIGTERM, lambda *_: None)
server = WorkerServer(uvicorn.Config(app, lifespan="off", log_level="error"), sys.argv[-1])
asyncio.run(server.serve())
"""


class Site:
    """A supervisor with its workers."""

    def __init__(self, folder: Path, workers: int = 2, stop_s: float = 20) -> None:
        (folder / "supervisor.py").write_text(SUPERVISOR)
        (folder / "page.py").write_text(PAGE)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._log = folder / "log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "supervisor.py", str(port), str(workers), str(stop_s)],
                cwd=folder,
                env=environment(folder),
                stdout=log,
                stderr=log,
            )

    @property
    def log(self) -> str:
        return self._log.read_text()

    def get(self, path: str = "/") -> str | None:
        """Ask on a connection of its own; None where nobody answers."""
        try:
            return httpx.get(f"{self.url}{path}").text
        except httpx.TransportError:
            return None

    def pids(self, count: int) -> set[str]:
        """Ask until `count` processes have answered, and say which."""
        found: set[str] = set()

        def enough() -> bool:
            found.update(filter(None, [self.get()]))
            return len(found) >= count

        until(enough)
        return found

    def terminate(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=60)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_gone(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    started = Site(tmp_path)
    yield started
    if started.process.poll() is None:
        started.process.terminate()
    started.process.wait(timeout=60)


def test_all_workers_answer_on_one_address_and_end_with_code_0(site: Site) -> None:
    pids = site.pids(2)

    assert site.terminate() == 0
    assert all(is_gone(pid) for pid in pids)
    assert site.get() is None


def test_a_worker_that_dies_is_replaced(site: Site) -> None:
    before = site.pids(2)

    assert site.get("/die") is None
    until(lambda: "worker_died" in site.log)
    [died] = re.findall(r'"pid": (\d+)', site.log)
    after = before - {died}
    until(lambda: site.get() not in before)

    assert len(after) == 1
    assert site.get() is not None
    assert site.terminate() == 0


def test_workers_end_when_their_parent_was_killed(site: Site) -> None:
    pids = site.pids(2)

    site.process.send_signal(signal.SIGKILL)

    until(lambda: site.get() is None)
    assert len(pids) == 2


def test_a_worker_that_cannot_start_ends_everything_with_its_code(tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    assert Site(tmp_path).process.wait(timeout=60) == 2


def test_a_replacement_that_cannot_start_is_tried_again(site: Site, tmp_path: Path) -> None:
    before = site.pids(2)
    (tmp_path / "broken").touch()
    site.get("/die")
    until(lambda: site.log.count("worker_died") >= 2)
    assert site.get() in before  # the other one serves on

    (tmp_path / "broken").unlink()
    until(lambda: site.get() not in before)


def test_a_stop_during_the_start_is_heeded(site: Site) -> None:
    assert site.terminate() in (0, -signal.SIGTERM)
    assert site.get() is None


def test_a_worker_that_does_not_end_is_killed(tmp_path: Path) -> None:
    site = Site(tmp_path, stop_s=0.2)
    pids = site.pids(2)
    site.get("/hang")

    assert site.terminate() == 1
    assert all(is_gone(pid) for pid in pids)


def test_an_address_in_use_is_one_line(site: Site, tmp_path: Path) -> None:
    site.pids(1)
    port = site.url.rpartition(":")[2]
    done = subprocess.run(
        [sys.executable, "supervisor.py", port, "2", "1"],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    [line] = done.stderr.splitlines()
    assert f"PORT={port} cannot be listened on" in line
