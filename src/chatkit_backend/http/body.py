"""Request bodies, bounded."""

import asyncio

from starlette.requests import ClientDisconnect, Request

from chatkit_backend.errors import BadRequest, TooLarge, TooSlow

DISCARD_BYTES = 16 * 1024 * 1024
"""How much of a body that is too large is read and thrown away: a client that is still sending
does not see the answer, but a reset connection."""

TIMEOUT_S = 60.0
"""Seconds for a whole body, as long as proxies wait for a piece of one: a megabyte takes no
more at 0.15 Mbit/s."""


async def read_body(request: Request, max_bytes: int) -> bytes:
    """Read the whole body, but keep no more than `max_bytes` of it.

    Raises: TooLarge, TooSlow, BadRequest (`incomplete_body`).
    """
    if _is_refused_unread(request, max_bytes):
        raise _too_large(max_bytes)
    body = bytearray()
    size = 0
    try:
        async with asyncio.timeout(TIMEOUT_S):
            async for chunk in request.stream():
                size += len(chunk)
                if size <= max_bytes:
                    body += chunk
                elif size > max_bytes + DISCARD_BYTES:
                    break
    except ClientDisconnect:
        raise BadRequest("incomplete_body", "The connection closed within the body.") from None
    except TimeoutError:
        raise TooSlow(
            "slow_body", f"The body was not all there after {TIMEOUT_S:g} seconds."
        ) from None
    if size > max_bytes:
        raise _too_large(max_bytes)
    return bytes(body)


def _is_refused_unread(request: Request, max_bytes: int) -> bool:
    """Whether what a request says of its body's length is enough to read nothing of it.

    That is so where its client waits to be told to go on, or would be cut off in any case.
    """
    declared = request.headers.get("content-length", "")  # digits, or uvicorn refuses it
    waits = request.headers.get("expect", "").lower() == "100-continue"
    return declared.isdigit() and int(declared) > max_bytes + (0 if waits else DISCARD_BYTES)


def _too_large(max_bytes: int) -> TooLarge:
    return TooLarge("body_too_large", f"The body is larger than {max_bytes} bytes.")
