"""This server and the reference, side by side on one model server."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from .load import Load, Served, run_load
from .server_process import ServerProcess, free_port, module, running, this_server

WARM_UP = Load(users=20, messages=1)
"""Imports, connections and caches of the first requests are not what is measured."""


@dataclass(frozen=True, slots=True)
class Round:
    """One load on one server.

    Attributes:
        cpu_s: Processor time that the server took for it.
    """

    load: Load
    served: Served
    cpu_s: float

    @property
    def messages_per_s(self) -> float:
        """Messages answered in a second."""
        return self.load.total / self.served.wall_s

    @property
    def cpu_ms_per_message(self) -> float:
        """Processor time for one message."""
        return self.cpu_s / self.load.total * 1000


@dataclass(frozen=True, slots=True)
class Contest:
    """Both servers, started and warm."""

    ours: ServerProcess
    reference: ServerProcess

    def rounds(self, load: Load, count: int) -> tuple[list[Round], list[Round]]:
        """Load both in turn, `count` times; ours, then the reference's.

        In turn, so that whatever else the machine does meets both.
        """
        ours, reference = [], []
        for _ in range(count):
            ours.append(_round(self.ours, load))
            reference.append(_round(self.reference, load))
        return ours, reference


@contextmanager
def contest(*, tokens: int, rate: float = 0) -> Iterator[Contest]:
    """Start both with a model that answers with `tokens` tokens, `rate` a second (0: at once).

    This server is as it comes, with SQLite in a new file.
    """
    with TemporaryDirectory(prefix="chatkit-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        model_port, our_port, reference_port = free_port(), free_port(), free_port()
        model = module("model_server", str(model_port), str(tokens), str(rate))
        stack.enter_context(running(model, model_port, folder, ready="/"))
        upstream = f"http://127.0.0.1:{model_port}/v1"
        settings = {
            "OPENAI_BASE_URL": upstream,
            "OPENAI_API_KEY": "none",
            "MODEL_NAME": "bench",
            "DATABASE_URL": f"sqlite:///{folder / 'chat.sqlite3'}",
        }
        command = this_server(our_port, settings, folder)
        ours = stack.enter_context(running(command, our_port, folder, ready="/health/ready"))
        command = module("reference_server", str(reference_port), upstream)
        reference = stack.enter_context(running(command, reference_port, folder, ready="/"))
        for server in (ours, reference):
            run_load(server.port, WARM_UP)
        yield Contest(ours, reference)


def _round(server: ServerProcess, load: Load) -> Round:
    before = server.cpu_s()
    served = run_load(server.port, load)
    return Round(load, served, server.cpu_s() - before)
