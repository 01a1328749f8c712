"""The HTTP client for models: one for the process, closed at shutdown."""

from importlib.metadata import version

import httpx2
from openai import AsyncOpenAI, DefaultAioHttpClient, Timeout

from .providers import ChosenProvider
from .untransformed import UntransformedClient

MAX_CONNECTIONS = 1000
"""Open connections to the provider at most, one for each answer that is being written. Further
answers wait for one, within MODEL_FIRST_TOKEN_TIMEOUT_S."""

IDLE_CONNECTIONS = 100
"""Connections that are kept open for the next request."""


def new_client(chosen: ChosenProvider, *, connect_timeout_s: float) -> AsyncOpenAI:
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

    return UntransformedClient(
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


async def _drop_account(request: httpx2.Request) -> None:
    # The `openai` client sends OPENAI_ORG_ID and OPENAI_PROJECT_ID to any server.
    for name in ("OpenAI-Organization", "OpenAI-Project"):
        request.headers.pop(name, None)
