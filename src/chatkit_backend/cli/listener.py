"""The address that is listened on."""

import asyncio
import errno
import os
import socket

from chatkit_backend.errors import BackendError


class ListenError(BackendError):
    """The address cannot be listened on now. The message is one line and tells the fix."""


async def bound_server(host: str, port: int) -> asyncio.Server:
    """Bind the sockets of an address without taking connections yet. Raises: ListenError."""
    try:
        loop = asyncio.get_running_loop()
        return await loop.create_server(asyncio.Protocol, host, port, start_serving=False)
    except OSError as exc:
        # asyncio puts a sentence of its own around the reason; a name that is not found has none.
        code = exc.errno or 0
        reason = os.strerror(code) if code in errno.errorcode else exc.strerror
        fix = (
            "End what listens there, or choose another port with --port or PORT"
            if exc.errno == errno.EADDRINUSE
            else "Choose another address with --host and --port, or HOST and PORT"
        )
        raise ListenError(
            f"HOST={host} PORT={port} cannot be listened on: {reason}. {fix}"
        ) from exc


async def bound_sockets(host: str, port: int) -> list[socket.socket]:
    """The same as sockets of the caller's own. Raises: ListenError."""
    server = await bound_server(host, port)
    sockets = [socket.socket(fileno=os.dup(one.fileno())) for one in server.sockets]
    server.close()
    return sockets
