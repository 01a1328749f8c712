"""Runs: answers in the making, and what is left of them.

A run executes in a task of its own, apart from the request that asked for it. It drives the
server's events, saves what must be kept, and appends the events to its log. Any number of readers
follow the log, from any position, in any process.

- `runs`: every run, here or elsewhere: find, follow, cancel
- `active`: the runs of this process; `run`: one of them: its task, how it is stopped
- `recorder`: saves what a server's events say, and what is left when an answer breaks;
  `patience`: with a store that is away
- `entries`: numbered events, encoded once; `digest`: many of them in few
- `log`: the newest entries of a run; `writer`: stores the logs of all runs together
- `reader`: follows a log, from this process or from the store
- `replica`: this process among others: lease, cancellations, orphans
- `run_store`, `signals`: the seams: the truth about runs; news of it between processes
- `pending`, `events`, `encoding`: items shown but not saved; own ids and times; JSON (pure)
"""

from .active import ActiveRuns
from .reader import Batches, Reader
from .recorder import Recorder
from .replica import Replica
from .run import Disconnection, Run, StopReason, Work, current_run
from .run_store import RunStore
from .runs import Runs
from .signals import LocalSignals, RunSignals

__all__ = [
    "ActiveRuns",
    "Batches",
    "Disconnection",
    "LocalSignals",
    "Reader",
    "Recorder",
    "Replica",
    "Run",
    "RunSignals",
    "RunStore",
    "Runs",
    "StopReason",
    "Work",
    "current_run",
]
