"""Hearing of the end before the web server waits for open connections."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def on_termination(
    callback: Callable[[], None], *, announce: Callable[[], None], delay_s: float = 0.0
) -> Iterator[None]:
    """Call `callback` in the running loop on SIGTERM or SIGINT, then the handler that was there.

    With `delay_s` the first SIGTERM calls `announce` and nothing else: it counts after so many
    seconds, or when it comes again.

    An ASGI application is told of the shutdown only when every connection has closed; open
    streams would hold that up for ever. Outside the main thread, or where the web server has no
    handler of its own, nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    previous = {number: signal.getsignal(number) for number in SIGNALS}
    delayed: list[asyncio.TimerHandle] = []
    announced = delay_s <= 0

    def put_off() -> None:
        announce()
        delayed.append(loop.call_later(delay_s, signal.raise_signal, signal.SIGTERM))

    def handle(number: int, frame: FrameType | None) -> None:
        nonlocal announced
        if number == signal.SIGTERM and not announced:
            announced = True
            loop.call_soon_threadsafe(put_off)
            return
        loop.call_soon_threadsafe(callback)
        before = previous[signal.Signals(number)]
        if callable(before):
            before(number, frame)

    replaced = [number for number, before in previous.items() if callable(before)]
    for number in replaced:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for timer in delayed:
            timer.cancel()
        for number in replaced:
            if signal.getsignal(number) is handle:
                signal.signal(number, previous[number])
