"""Connections that begin a request and do not finish it.

uvicorn waits for the rest of a request's head for ever, and takes any amount of it: a few thousand
connections that send a byte a minute, or one that sends headers without an end, and the process has
no descriptors or no memory left. Bodies are bounded where they are read (`http/body.py`).
"""

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_TIMEOUT_S = 20.0
"""Seconds for the head of a request, from the connection or, on one that is kept alive, from its
first byte. One is one or two packets: this is patience with phones, not with senders of bytes."""

MAX_HEAD_BYTES = 64 * 1024
"""Most bytes of a head. Tokens have 16,384 at most (`identity/token_rules.py`), and browsers send
no more cookies to a host than fit beside one."""

TOO_LARGE = b"The head of the request is larger than %d bytes.\n"


class BoundedConnection(HttpToolsProtocol):
    """uvicorn's connection, with an end to what it waits for and to what it keeps of a head.

    A head that is too large is answered with 431; one that does not end is not answered. What is
    left of a body after its answer has as long as a head. An answer under way is never cut for
    what its client has begun to send behind the request.
    """

    head_timeout_s: ClassVar[float] = HEAD_TIMEOUT_S
    max_head_bytes: ClassVar[int] = MAX_HEAD_BYTES

    _deadline: asyncio.TimerHandle | None = None
    _between_requests = True
    _unparsed = 0
    """Bytes since the last of a body: of a head, of trailers, of what else is said of chunks."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's narrows it, too
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse no more at once than a head may have."""
        if self._between_requests:
            self._wait()
        while data and not self.transport.is_closing():
            room = self.max_head_bytes - self._unparsed
            if room <= 0:
                self._refuse()
                return
            self._unparsed += len(data[:room])
            super().data_received(data[:room])
            data = data[room:]

    def on_message_begin(self) -> None:
        """A head begins, perhaps in the packet that had the end of the request before it."""
        self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is there; its body is the application's to wait for."""
        self._between_requests = False
        self._unparsed = 0
        self._wait_no_more()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of a body, which counts where it is read."""
        self._unparsed = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is there."""
        self._between_requests = True
        self._unparsed = 0
        self._wait_no_more()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is out; perhaps before all of the body was in."""
        super().on_response_complete()
        if not self._between_requests:
            self._wait()

    def _wait(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.head_timeout_s, self._give_up)

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self._answers:
            self._wait()
        else:
            self.transport.close()

    def _refuse(self) -> None:
        if self._answers:  # there is no place for another answer within that one
            self.transport.close()
            return
        text = TOO_LARGE % self.max_head_bytes
        self.transport.write(
            b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
            b"content-type: text/plain; charset=utf-8\r\n"
            b"content-length: %d\r\nconnection: close\r\n\r\n%b" % (len(text), text)
        )
        self.transport.close()

    @property
    def _answers(self) -> bool:
        """Whether the application has a request of which the answer is not out."""
        # uvicorn declares `cycle` as always there; before the first request it is None.
        return bool(self.cycle) and not self.cycle.response_complete
