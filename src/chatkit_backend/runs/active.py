"""The open runs of this process."""

import asyncio
from collections.abc import Callable

from chatkit_backend.errors import Unavailable

from .run import Run, Work

SAVE_S = 5.0
"""Seconds that a stopped run may take to save its text before shutdown goes on without it."""


class ActiveRuns:
    """Starts runs, knows the open ones, and ends them at shutdown."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._open: dict[asyncio.Task[None], Run] = {}
        self._draining = False

    @property
    def draining(self) -> bool:
        """Whether new work is refused."""
        return self._draining

    def __len__(self) -> int:
        return len(self._open)

    def refuse_while_draining(self) -> None:
        """Raises: Unavailable once shutdown has begun."""
        if self._draining:
            raise Unavailable("shutting_down", "The server is restarting; try again in a moment.")

    def start(self, thread_id: str, work: Work, on_end: Callable[[], None]) -> Run:
        """Start a run and keep it until it is done; `on_end` is called then, however it ends.

        Raises: Unavailable once shutdown has begun.
        """
        self.refuse_while_draining()
        run = Run(self._new_id(), thread_id)
        task = run.start(work)
        self._open[task] = run

        def ended(done: asyncio.Task[None]) -> None:
            self._open.pop(done, None)
            on_end()

        task.add_done_callback(ended)
        return run

    def reopen(self) -> None:
        """Take runs again, after a shutdown that was followed by a start."""
        self._draining = False

    async def drain(self, grace_s: float) -> None:
        """Take no new runs; give the open ones `grace_s` seconds, then stop them and let them save.

        Safe to call again.
        """
        self._draining = True
        if self._open:
            await asyncio.wait(set(self._open), timeout=grace_s)
        for run in list(self._open.values()):
            run.stop("shutdown")
        if self._open:
            await asyncio.wait(set(self._open), timeout=SAVE_S)
