"""The HTTP client for models: one for the process, closed at shutdown."""

from importlib.metadata import version
from typing import Any

import httpx2
from openai import AsyncOpenAI, AsyncStream, DefaultAioHttpClient, Timeout
from openai.types.chat import ChatCompletionChunk
from openai.types.responses import ResponseStreamEvent
from typing_extensions import override

from .merged_stream import ChatChunkStream, Pacing, ResponsesEventStream
from .providers import ChosenProvider
from .untransformed import UntransformedClient

MAX_CONNECTIONS = 1000
"""Open connections to the provider at most, one for each answer that is being written. Further
answers wait for one, within MODEL_FIRST_TOKEN_TIMEOUT_S."""

IDLE_CONNECTIONS = 100
"""Connections that are kept open for the next request."""


STREAMS: dict[object, type[AsyncStream[Any]]] = {
    AsyncStream[ChatCompletionChunk]: ChatChunkStream,
    AsyncStream[ResponseStreamEvent]: ResponsesEventStream,
}


class ModelClient(UntransformedClient):
    """Sends messages as they are, and reads answers as `MergedStream` does."""

    pacing: Pacing | None = None
    """How long its streams wait for more text before the next read; None: not at all."""

    @override
    async def request(
        self, cast_to: Any, options: Any, *, stream: bool = False, stream_cls: Any = None
    ) -> Any:
        if self.pacing is not None:
            await self.pacing.turn()
        return await super().request(
            cast_to, options, stream=stream, stream_cls=STREAMS.get(stream_cls, stream_cls)
        )


def new_client(
    chosen: ChosenProvider, *, connect_timeout_s: float, pacing: Pacing | None = None
) -> AsyncOpenAI:
    """Build a client for the chosen provider. Close it with `await client.close()`.

    It does not retry (`RetriedModel` does, and knows what was shown), and has no read timeout
    (`TimedModel` has two). It sits on aiohttp, which hands over all that has arrived at once: the
    default transport hands over one HTTP chunk at a time, so a busy process falls behind. Proxies
    are taken from the environment as the `openai` client does it.
    """
    user_agent = f"chatkit-backend/{version('chatkit-backend')}"

    async def sign(request: httpx2.Request) -> None:
        # Not by `default_headers`: the Agents SDK puts its own name into each request.
        request.headers["User-Agent"] = user_agent

    client = ModelClient(
        api_key=chosen.key.get_secret_value(),
        base_url=chosen.base_url,
        max_retries=0,
        timeout=Timeout(None, connect=connect_timeout_s),
        http_client=DefaultAioHttpClient(
            limits=httpx2.Limits(
                max_connections=MAX_CONNECTIONS, max_keepalive_connections=IDLE_CONNECTIONS
            ),
            event_hooks={"request": [sign] if chosen.is_openai else [sign, _drop_account]},
        ),
    )
    client.pacing = pacing
    return client


async def _drop_account(request: httpx2.Request) -> None:
    # The `openai` client sends OPENAI_ORG_ID and OPENAI_PROJECT_ID to any server.
    for name in ("OpenAI-Organization", "OpenAI-Project"):
        request.headers.pop(name, None)
