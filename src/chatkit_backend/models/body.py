"""The body of a streamed answer, read by the shortest way there is."""

import asyncio
from collections.abc import AsyncGenerator, Callable

import aiohttp
import httpx2
from openai import APIConnectionError, APITimeoutError


class Body:
    """What arrives of a response.

    Between the socket and the `openai` client's `aiter_bytes` are seven generators, which took an
    eighth of a token's CPU. Where the response is one of aiohttp's and not compressed, the bytes
    are taken from aiohttp itself.
    """

    def __init__(self, response: httpx2.Response) -> None:
        self._response = response
        self._inner = _of_aiohttp(response)
        self._undecoded = "content-encoding" not in response.headers
        self._bytes: AsyncGenerator[bytes, None] | None = None

    async def read(self) -> bytes:
        """What has arrived, once something has; nothing at the end.

        Raises: APITimeoutError, APIConnectionError, for what the client's own way raises them.
        """
        try:
            if self._inner is not None and self._undecoded:
                return await self._inner.content.readany()
            if self._bytes is None:
                self._bytes = self._response.aiter_bytes()
            return await anext(self._bytes, b"")
        except (httpx2.TimeoutException, aiohttp.ClientConnectionError) as exc:
            # The client's transport too takes a lost connection for a timeout.
            raise APITimeoutError(request=self._response.request) from exc
        except (httpx2.RequestError, aiohttp.ClientError) as exc:
            raise APIConnectionError(request=self._response.request) from exc

    @property
    def complete(self) -> bool:
        """Whether all of it is known to have come."""
        return self._inner is not None and self._inner.connection is None

    def hold(self) -> Callable[[], None] | None:
        """Leave what comes in the socket until what is returned is called.

        Otherwise each token would be taken from there and unpacked by itself, however late the
        body is read. None where that cannot be done: with TLS uvloop takes it from there all the
        same, and loses what it holds when the provider closes the connection.
        """
        connection = None if self._inner is None else self._inner.connection
        transport: asyncio.ReadTransport | None = getattr(connection, "transport", None)
        if transport is None or transport.is_closing() or transport.get_extra_info("ssl_object"):
            return None
        transport.pause_reading()

        def go_on() -> None:
            if not transport.is_closing():
                transport.resume_reading()

        return go_on

    async def close(self) -> None:
        """Read no more."""
        if self._bytes is not None:
            await self._bytes.aclose()
        await self._response.aclose()


def _of_aiohttp(response: httpx2.Response) -> aiohttp.ClientResponse | None:
    """The response as aiohttp has it; None if it came in another way."""
    inner = getattr(getattr(response.stream, "_stream", None), "_aiohttp_response", None)
    return inner if isinstance(inner, aiohttp.ClientResponse) else None
