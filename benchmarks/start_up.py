"""From the start of the process to the first good `GET /health/ready`."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from .result import Result, Row
from .server_process import free_port, running, this_server

FACTOR, ALLOWANCE_S = 1.2, 0.5


def measure(*, quick: bool) -> Iterator[Row]:
    """In turn: a bare import of the SDKs, a start with a new database, one with what is there."""
    imports: list[float] = []
    first_starts: list[float] = []
    restarts: list[float] = []
    for round_number in range(3 if quick else 6):
        with TemporaryDirectory(prefix="chatkit-bench-") as name:
            folder = Path(name)
            measured = _import_s(), _start_s(folder), _start_s(folder)
        if round_number > 0:  # the first brings the files into the page cache
            for times, seconds in zip((imports, first_starts, restarts), measured, strict=True):
                times.append(seconds)
    for measured_name, times in (("new database", first_starts), ("again", restarts)):
        ours, reference = median(times), median(imports)
        yield Result(
            measure=f"start to ready, {measured_name}; reference: import agents, chatkit",
            ours=ours,
            reference=reference,
            unit="s",
            must=f"<= {FACTOR} x + {ALLOWANCE_S} s",
            holds=ours <= FACTOR * reference + ALLOWANCE_S,
        )


def _import_s() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import agents, chatkit"], check=True)
    return time.perf_counter() - began


def _start_s(folder: Path) -> float:
    port = free_port()
    command = this_server(port, {"LLM_PROVIDER": "offline"}, folder)
    with running(command, port, folder, ready="/health/ready") as server:
        return server.started_s
