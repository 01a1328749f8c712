"""The main thread of a page: what it has spent so far, and when it has come to rest."""

from playwright.sync_api import CDPSession, Page

REST_FRAMES = 12
"""Frames, each with idle time behind it: a fifth of a second."""

REST_MS = 1.0
"""Of scripts in that time: looking costs a fifth of it."""

MOST_LOOKS = 100

REST = """async (frames) => {
  for (let rested = 0; rested < frames; rested += 1) {
    await new Promise(requestAnimationFrame);
    await new Promise(requestIdleCallback);
  }
}"""


class MainThread:
    """Times of one page's main thread, from when this is made on."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._metrics: CDPSession = page.context.new_cdp_session(page)
        self._metrics.send("Performance.enable")

    @property
    def script_ms(self) -> float:
        """Spent on scripts."""
        return self._spent_ms("ScriptDuration")

    @property
    def tasks_ms(self) -> float:
        """Spent on tasks of any kind."""
        return self._spent_ms("TaskDuration")

    def come_to_rest(self) -> None:
        """Wait until no script runs any more: what is loaded or put off until later has run, too.

        Raises: TimeoutError if it does not end.
        """
        for _ in range(MOST_LOOKS):
            before = self.script_ms
            self._page.evaluate(REST, REST_FRAMES)
            if self.script_ms - before <= REST_MS:
                return
        raise TimeoutError("the page does not come to rest")

    def _spent_ms(self, name: str) -> float:
        metrics = self._metrics.send("Performance.getMetrics")["metrics"]
        return 1000 * next(float(one["value"]) for one in metrics if one["name"] == name)
