"""One of several server processes: serves on sockets that it inherits, and ends with its parent."""

import asyncio
import os
import signal
import socket

import uvicorn


class WorkerServer(uvicorn.Server):
    """A server in the place that `workers.py` gives it.

    Its parent learns that it serves; it learns when its parent is gone, however that ended.
    """

    def __init__(self, config: uvicorn.Config, place: str) -> None:
        """Serve in a place.

        Args:
            config: The server's.
            place: Numbers of inherited descriptors: the parent's, then those to listen on.
        """
        super().__init__(config)
        self._parent, *self._listeners = (_inherited(int(part)) for part in place.split(","))

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal comes or the parent is gone."""
        await super().serve(sockets=[*self._listeners, *(sockets or [])])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Take connections, and say so."""
        await super().startup(sockets=sockets)
        if self.started:
            asyncio.get_running_loop().add_reader(self._parent, self._orphaned)
            self._parent.send(b"1")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let open answers finish."""
        asyncio.get_running_loop().remove_reader(self._parent)
        await super().shutdown(sockets=sockets)

    def _orphaned(self) -> None:
        asyncio.get_running_loop().remove_reader(self._parent)
        signal.raise_signal(signal.SIGTERM)


def _inherited(descriptor: int) -> socket.socket:
    os.set_inheritable(descriptor, False)  # processes that tools start have no use for it
    inherited = socket.socket(fileno=descriptor)
    inherited.setblocking(False)
    return inherited
