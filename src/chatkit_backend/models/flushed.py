"""Text that arrives together with a failure is not lost."""

import asyncio

from .call import Events, ModelCall, WrappedModel

STEPS = 3
"""Turns of the event loop: the run's reader is woken in the first and empties its queue."""


class FlushedModel(WrappedModel):
    """Lets the reader of a run take what it was sent before a failure is raised.

    The Agents SDK (0.24, `RunResultStreaming.stream_events`) looks for an exception before it looks
    into its queue, and then empties the queue: text that came in one read with an error would never
    be seen. A test without this wrapper shows it.
    """

    async def stream(self, call: ModelCall) -> Events:
        """Yield the inner model's events; pause before passing on its failure."""
        try:
            async with call.stream(self._inner) as events:
                async for event in events:
                    yield event
        except Exception:
            for _ in range(STEPS):
                await asyncio.sleep(0)
            raise
