"""Request bodies, bounded."""

from starlette.requests import ClientDisconnect, Request

from chatkit_backend.errors import BadRequest, TooLarge

DISCARD_BYTES = 16 * 1024 * 1024
"""How much of a body that is too large is read and thrown away: a client that is still sending
does not see the answer, but a reset connection."""


async def read_body(request: Request, max_bytes: int) -> bytes:
    """Read the whole body, but keep no more than `max_bytes` of it.

    Raises: TooLarge, BadRequest (`incomplete_body`).
    """
    body = bytearray()
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size <= max_bytes:
                body += chunk
            elif size > max_bytes + DISCARD_BYTES:
                break
    except ClientDisconnect:
        raise BadRequest("incomplete_body", "The connection closed within the body.") from None
    if size > max_bytes:
        raise TooLarge("body_too_large", f"The body is larger than {max_bytes} bytes.")
    return bytes(body)
