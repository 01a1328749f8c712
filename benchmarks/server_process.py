"""A server under test: a process of its own on a free port of the loopback interface."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent

PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
"""Of the environment; no setting that happens to be there may change a figure."""

START_S, STOP_S = 60.0, 10.0
POLL_S = 0.005


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A server that answers.

    Attributes:
        started_s: Seconds from the start of the process to its first good answer.
    """

    port: int
    process: subprocess.Popen[bytes]
    started_s: float

    def cpu_s(self) -> float:
        """Processor time of all threads so far, in seconds."""
        if Path("/proc/self/stat").exists():
            stat = Path(f"/proc/{self.process.pid}/stat").read_text()
            fields = stat.rpartition(")")[2].split()
            # utime and stime, the 14th and 15th field (proc(5)); the first two are cut off above
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        command = ["ps", "-o", "cputime=", "-p", str(self.process.pid)]
        return _seconds(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    def memory_kb(self) -> float:
        """Memory that the process holds now, in kilobytes."""
        command = ["ps", "-o", "rss=", "-p", str(self.process.pid)]
        if (status := Path(f"/proc/{self.process.pid}/status")).exists():
            return float(status.read_text().partition("VmRSS:")[2].split()[0])
        return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def this_server(port: int, settings: Mapping[str, str], folder: Path) -> Sequence[str]:
    """The command that serves the built-in agent; its `.env` in `folder` holds `settings`."""
    lines = [f"{name}={value}" for name, value in settings.items()]
    (folder / ".env").write_text("\n".join(lines) + "\n")
    return (sys.executable, "-m", "chatkit_backend", "--port", str(port))


def serving(target: str, port: int, folder: Path) -> Sequence[str]:
    """The command that serves the `ChatKitServer` that `module:name` names."""
    (folder / ".env").write_text("LLM_PROVIDER=offline\n")
    return (sys.executable, "-m", "chatkit_backend", "serve", target, "--port", str(port))


def module(name: str, *arguments: str) -> Sequence[str]:
    """The command that runs one of this package's servers."""
    return (sys.executable, "-m", f"benchmarks.{name}", *arguments)


@contextmanager
def running(
    command: Sequence[str], port: int, folder: Path, *, ready: str
) -> Iterator[ServerProcess]:
    """Run `command` in `folder`; yield when `GET ready` is answered with 200; end it at the end.

    Raises: RuntimeError with the end of its log if it does not come up.
    """
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    log_path = folder / f"server-{port}.log"
    with log_path.open("wb") as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**environment, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
    try:
        _wait_until_ready(process, port, ready, log_path)
        yield ServerProcess(port, process, time.perf_counter() - began)
    finally:
        _stop(process)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait_until_ready(
    process: subprocess.Popen[bytes], port: int, path: str, log_path: Path
) -> None:
    deadline = time.monotonic() + START_S
    while not _answers(port, path):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{process.args!r} did not start:\n{log_path.read_text()[-2000:]}")
        time.sleep(POLL_S)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _seconds(cputime: str) -> float:
    """Read the `[[dd-]hh:]mm:ss[.cc]` of ps(1)."""
    days, _, clock = cputime.strip().rpartition("-")
    total = float(days or 0) * 24
    for part in re.split(":", clock):
        total = total * 60 + float(part)
    return total
