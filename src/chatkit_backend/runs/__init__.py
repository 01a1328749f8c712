"""Runs: answers in the making.

A run executes in a task of its own, apart from the request that asked for it. It drives the
server's events, saves what must be kept, and hands the events to its reader through a bounded
queue.

- `active`: starts runs, knows the open ones, ends them at shutdown
- `run`: one answer: its task, its queue, how it is stopped
- `recorder`: saves what a server's events say, and what is left when an answer breaks
- `pending`: items that were shown but not yet saved (pure)
- `events`: own ids and UTC times for every event (pure)
- `turns`: one run per thread, the others wait in order
"""

from .active import ActiveRuns
from .recorder import Recorder
from .run import Outcome, Run, StopReason
from .turns import ThreadTurns, Turn

__all__ = ["ActiveRuns", "Outcome", "Recorder", "Run", "StopReason", "ThreadTurns", "Turn"]
