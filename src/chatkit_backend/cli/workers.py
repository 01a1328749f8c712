"""Several server processes on one address: started, replaced when they die, ended together."""

import asyncio
import signal
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from chatkit_backend.logs import get_logger

from .listener import bound_server

RESTART_S = 1.0
MAX_RESTART_S = 30.0

log = get_logger(__name__)


def run_workers(command: Sequence[str], count: int, *, host: str, port: int, stop_s: float) -> int:
    """Keep `count` workers running until SIGTERM or SIGINT; return the exit code.

    Args:
        command: Starts a worker; its place (see `worker.py`) is added to it.
        count: How many.
        host: Address to listen on.
        port: Port to listen on.
        stop_s: Seconds that workers may take to end, before they are killed.

    Raises:
        ListenError: The address cannot be listened on.
    """
    return asyncio.run(_Workers(command, stop_s).run(count, host, port))


@dataclass(slots=True, eq=False)
class _Worker:
    """A process, and our end of a pair of sockets that closes with either side."""

    process: asyncio.subprocess.Process
    control: socket.socket

    async def got_ready(self) -> bool:
        """Wait until it serves, or has ended without."""
        try:
            return bool(await asyncio.get_running_loop().sock_recv(self.control, 1))
        except OSError:
            return False

    async def ended(self) -> int:
        """Wait for its exit code."""
        code = await self.process.wait()
        self.control.close()
        return code

    def send(self, number: signal.Signals) -> None:
        if self.process.returncode is None:
            self.process.send_signal(number)


class _Workers:
    """One worker starts first: whatever is wrong with the configuration is said once."""

    def __init__(self, command: Sequence[str], stop_s: float) -> None:
        self._command = command
        self._stop_s = stop_s
        self._workers: set[_Worker] = set()
        self._stopping = asyncio.Event()
        self._failed = False

    async def run(self, count: int, host: str, port: int) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop, number)
        # It never accepts anything itself; this is the way to the very sockets of one process.
        listener = await bound_server(host, port)
        descriptors = [one.fileno() for one in listener.sockets]
        first = await self._start(descriptors)
        if not await first.got_ready():
            code = await first.ended()
            return 0 if self._stopping.is_set() else max(code, 1)
        log.info("workers_starting", workers=count)
        keeping = [asyncio.create_task(self._keep(descriptors, first))]
        keeping += [asyncio.create_task(self._keep(descriptors)) for _ in range(count - 1)]
        await self._stopping.wait()
        # Nobody shall wait in a queue from which no one takes.
        listener.close()
        _, stuck = await asyncio.wait(keeping, timeout=self._stop_s)
        if stuck:
            log.error("workers_killed", workers=len(stuck))
            self._failed = True
            self._send(signal.SIGKILL)
            await asyncio.wait(stuck)
        return 1 if self._failed else 0

    async def _keep(self, descriptors: list[int], worker: _Worker | None = None) -> None:
        """Keep one place filled."""
        pause_s = RESTART_S
        ready = worker is not None
        while not self._stopping.is_set():
            if worker is None:
                worker = await self._start(descriptors)
                ready = await worker.got_ready()
            if ready:
                pause_s = RESTART_S
            code = await worker.ended()
            self._workers.discard(worker)
            if self._stopping.is_set():
                self._failed |= ready and code != 0
                return
            log.error("worker_died", pid=worker.process.pid, code=code, restart_s=pause_s)
            worker = None
            try:
                async with asyncio.timeout(pause_s):
                    await self._stopping.wait()
            except TimeoutError:
                pause_s = min(pause_s * 2, MAX_RESTART_S)

    async def _start(self, descriptors: list[int]) -> _Worker:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                "--worker",
                ",".join(map(str, (theirs.fileno(), *descriptors))),
                pass_fds=(theirs.fileno(), *descriptors),
                # Ctrl-C reaches this process alone, which then ends the workers in its own way.
                start_new_session=True,
            )
        worker = _Worker(process, ours)
        self._workers.add(worker)
        if self._stopping.is_set():
            worker.send(signal.SIGTERM)
        return worker

    def _stop(self, number: signal.Signals) -> None:
        if not self._stopping.is_set():
            self._stopping.set()
            self._send(signal.SIGTERM)
        elif number == signal.SIGINT:  # somebody is impatient
            self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        for worker in self._workers:
            worker.send(number)
