"""Server-sent events out of bytes (WHATWG HTML, section 9.2.6)."""

MAX_EVENT_BYTES = 32 * 1024 * 1024
"""Longest event that is waited for. The longest that models send hold an image as base64 text."""

DATA, EVENT_END = b"data: ", b"\n\n"
"""How nearly every event begins, and what ends it."""


class EventTooLongError(ValueError):
    """An event whose end does not come."""

    def __init__(self) -> None:
        super().__init__(f"an event of the stream is longer than {MAX_EVENT_BYTES} bytes")


class EventSplitter:
    """Finds the whole events of a body, however the bytes are cut.

    The usual decoder takes line after line; this one looks for the ends of events, because almost
    every event of a model is a single line.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0
        self._after_cr = False

    def feed(self, chunk: bytes) -> bytes:
        """The events that `chunk` completes, for `data_of`; nothing if it completes none.

        Raises: EventTooLongError.
        """
        buffer = self._buffer
        buffer += self._with_line_feeds(chunk)
        end = buffer.rfind(EVENT_END, self._searched)
        if end < 0:
            if len(buffer) > MAX_EVENT_BYTES:
                raise EventTooLongError
            self._searched = max(len(buffer) - 1, 0)
            return b""
        events = bytes(buffer[:end])
        del buffer[: end + 2]
        self._searched = 0
        return events

    def _with_line_feeds(self, chunk: bytes) -> bytes:
        """`chunk` with each end of line as a line feed, also a CR LF that was cut in two."""
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
            self._after_cr = False
        if b"\r" not in chunk:
            self._after_cr = self._after_cr and not chunk
            return chunk
        self._after_cr = chunk.endswith(b"\r")
        return chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def data_of(events: bytes) -> list[bytes]:
    """The data of whole events, one after the other.

    An event without data is none, and the names of events are left out: a model's events say in
    their data what they are.
    """
    return [data for event in events.split(EVENT_END) if (data := _data(event)) is not None]


def _data(block: bytes) -> bytes | None:
    if block.startswith(DATA) and b"\n" not in block:
        return block[len(DATA) :]
    fields = (line.partition(b":") for line in block.split(b"\n"))
    data = [value.removeprefix(b" ") for name, _, value in fields if name == b"data"]
    return b"\n".join(data) if data else None
