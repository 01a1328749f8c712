"""What comes before a model's first output."""

from collections.abc import AsyncGenerator, AsyncIterator

from agents.items import TResponseStreamEvent

PRELUDE = frozenset({"response.created", "response.queued", "response.in_progress"})
"""Types of the events that only confirm the request."""


async def from_first_output(
    events: AsyncIterator[TResponseStreamEvent],
) -> AsyncGenerator[TResponseStreamEvent, None]:
    """Yield `events`, holding back the prelude until the first output or the end.

    What fails before its first output has then shown nothing, and can be tried again unseen.
    """
    held: list[TResponseStreamEvent] = []
    async for event in events:
        if event.type in PRELUDE:
            held.append(event)
            continue
        for earlier in held:
            yield earlier
        yield event
        break
    else:
        for earlier in held:
            yield earlier
    async for event in events:
        yield event
