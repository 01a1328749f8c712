"""The server as a process of its own, as a user starts it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from tests.leaks import leaks_in

COMMAND = (sys.executable, "-m", "chatkit_backend")
START_S = 60


@dataclass(frozen=True)
class ServerProcess:
    """A running server."""

    url: str
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def port(self) -> int:
        port = urlsplit(self.url).port
        assert port is not None
        return port

    @property
    def log(self) -> str:
        """What the server has written so far."""
        return self.log_file.read_text()

    def terminate(self) -> int:
        """Send SIGTERM and wait for the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """A clean environment: nothing of the developer's own settings."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LLM_PROVIDER": "offline",
        "PYTHONPATH": str(folder),
        **variables,
    }


@contextmanager
def running(
    folder: Path,
    command: Sequence[str] = COMMAND,
    variables: Mapping[str, str] | None = None,
    prefix: str = "",
) -> Iterator[ServerProcess]:
    """Start `command` in `folder` on a free port, wait until it is ready, end it afterwards."""
    port = free_port()
    env = environment(folder, PORT=str(port), **(variables or {}))
    log_file = folder / f"server-{port}.log"
    command = [part.replace("{port}", str(port)) for part in command]
    with log_file.open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)
    server = ServerProcess(f"http://127.0.0.1:{port}{prefix}", process, log_file)
    try:
        _wait_until_ready(server)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=60)
        if leaks := leaks_in(server.log):
            raise AssertionError(f"the server logged secrets: {', '.join(leaks)}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait_until_ready(server: ServerProcess) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        try:
            if httpx.get(f"{server.url}/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass  # it does not listen yet
        time.sleep(0.05)
    raise RuntimeError(f"the server did not get ready:\n{server.log}")
