"""The web UI in a real browser: to open a long thread, and to show an answer in one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from tests.browser.chromium import MISSING, launch

from chatkit_backend.http.assets import Assets

from .main_thread import MainThread
from .result import NotMeasured, Result, Row
from .server_process import free_port, running, serving

SHORT, OPENED, STREAMED = 10, 200, 500
MOST_SCRIPT_MS, MOST_TASK_MS = 300.0, 50.0
TOKENS, PAUSE_MS = 250, 20
SCENES = "tests.browser.gallery:Gallery"

OPEN = "id => document.querySelector('openai-chatkit').setThreadId(id)"
SAY = "text => { document.querySelector('openai-chatkit').sendUserMessage({ text }); }"
ENDED = "before => window.ends > before"
LOADED = "before => window.loads > before"

WATCH = """
window.ends = 0;
window.loads = 0;
window.began = 0;
window.longest = 0;
const dispatch = EventTarget.prototype.dispatchEvent;
EventTarget.prototype.dispatchEvent = function (event) {
  if (event.type === 'chatkit.response.start') {
    window.began = performance.now();
    window.longest = 0;
  }
  if (event.type === 'chatkit.response.end') window.ends += 1;
  if (event.type === 'chatkit.thread.load.end') window.loads += 1;
  return dispatch.call(this, event);
};
new PerformanceObserver((list) => {
  for (const { duration, startTime } of list.getEntries()) {
    if (startTime >= window.began) window.longest = Math.max(window.longest, duration);
  }
}).observe({ type: 'longtask' });
"""

LOAD_ALL = """async () => {
  const thread = document.querySelector('openai-chatkit').shadowRoot
    .querySelector('chatkit-shell').shadowRoot.querySelector('chatkit-thread').shadowRoot;
  const scroller = thread.querySelector('.scroller');
  const frame = () => new Promise(requestAnimationFrame);
  while (thread.querySelector('.older')) {
    scroller.scrollTop = 0;
    await frame();
  }
  scroller.scrollTop = scroller.scrollHeight;
  for (let frames = 0; frames < 60; frames += 1) await frame();
  return thread.querySelectorAll('chatkit-turn').length;
}"""


@dataclass(frozen=True, slots=True)
class Streaming:
    """What an answer cost the browser's main thread.

    Attributes:
        longest_ms: The longest task; 0 if all were too short for browsers to report.
        busiest_ms: The most processor time of one task: what is left of the longest one where
            nothing else wants the processor.
        per_token_ms: Of all tasks together.
    """

    longest_ms: float
    busiest_ms: float
    per_token_ms: float


def measure(*, quick: bool) -> Iterator[Row]:
    """Long threads in turn with short ones."""
    if Assets.built() is None:
        yield NotMeasured(measure="web UI", reason="the web UI is not built; run make build")
        return
    with sync_playwright() as playwright:
        browser = launch(playwright)
        if browser is None:
            yield NotMeasured(measure="web UI", reason=MISSING)
            return
        with TemporaryDirectory(prefix="chatkit-bench-") as name:
            port = free_port()
            command = serving(SCENES, port, Path(name))
            with running(command, port, Path(name), ready="/health/ready"):
                yield from _measured(browser, f"http://127.0.0.1:{port}", 2 if quick else 5)
        browser.close()


def _measured(browser: Browser, url: str, rounds: int) -> Iterator[Row]:
    page = browser.new_page()
    page.add_init_script(WATCH)
    page.goto(url, wait_until="networkidle")
    main = MainThread(page)
    threads = {length: _thread(page, length) for length in (SHORT, OPENED, STREAMED)}
    yield _opening(page, main, threads, rounds)
    yield from _streaming(page, main, threads, rounds)
    page.close()


def _opening(page: Page, main: MainThread, threads: dict[int, str], rounds: int) -> Row:
    spent: dict[int, list[float]] = {SHORT: [], OPENED: []}
    for _ in range(rounds):
        for length, times in spent.items():
            page.evaluate(OPEN, None)
            main.come_to_rest()
            before = main.script_ms
            _open(page, main, threads[length])
            times.append(main.script_ms - before)
    ours, reference = median(spent[OPENED]), median(spent[SHORT])
    return Result(
        measure=f"web UI: scripting to open {OPENED} messages; reference: {SHORT}",
        ours=ours,
        reference=reference,
        unit="ms",
        must=f"<= {MOST_SCRIPT_MS:g} ms",
        holds=ours <= MOST_SCRIPT_MS,
    )


def _streaming(page: Page, main: MainThread, threads: dict[int, str], rounds: int) -> Iterator[Row]:
    spent: dict[int, list[Streaming]] = {SHORT: [], STREAMED: []}
    for _ in range(rounds):
        for length, streams in spent.items():
            page.evaluate(OPEN, None)
            _open(page, main, threads[length])
            page.evaluate(LOAD_ALL)
            main.come_to_rest()
            streams.append(_stream(page, main))
    measure = f"web UI: {{}}, {1000 // PAUSE_MS} tokens/s after {STREAMED} messages; reference: "
    measure += str(SHORT)
    ours, reference = spent[STREAMED], spent[SHORT]
    longest = median(one.longest_ms for one in ours)
    yield Result(
        measure=measure.format("longest task"),
        ours=longest,
        reference=median(one.longest_ms for one in reference),
        unit="ms",
        must=f"< {MOST_TASK_MS:g} ms",
        holds=longest < MOST_TASK_MS,
    )
    yield Result(
        measure=measure.format("processor time of one task"),
        ours=median(one.busiest_ms for one in ours),
        reference=median(one.busiest_ms for one in reference),
        unit="ms",
    )
    yield Result(
        measure=measure.format("main thread per token"),
        ours=median(one.per_token_ms for one in ours),
        reference=median(one.per_token_ms for one in reference),
        unit="ms",
    )


def _stream(page: Page, main: MainThread) -> Streaming:
    browser = page.context.browser
    assert browser is not None, "a page of a browser that was launched"
    before = main.tasks_ms
    browser.start_tracing(page=page, categories=["toplevel"])
    _say(page, f"slow {TOKENS} {PAUSE_MS}")
    trace = json.loads(browser.stop_tracing())["traceEvents"]
    spent = main.tasks_ms - before
    return Streaming(page.evaluate("window.longest"), _busiest_ms(trace), spent / TOKENS)


def _busiest_ms(trace: list[dict[str, Any]]) -> float:
    """Of the tasks of the main thread of the page."""
    main = {
        (event["pid"], event["tid"])
        for event in trace
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = (event for event in trace if event["name"].endswith("RunTask"))
    return max(
        (task.get("tdur", 0) / 1000 for task in tasks if (task["pid"], task["tid"]) in main),
        default=0.0,
    )


def _thread(page: Page, length: int) -> str:
    """The id of a new thread of so many messages."""
    page.evaluate(OPEN, None)
    _say(page, f"fill {length}")
    found: str = page.evaluate("location.hash.split('=')[1]")
    return found


def _say(page: Page, text: str) -> None:
    ends: int = page.evaluate("window.ends")
    page.evaluate(SAY, text)
    # Looked at seldom, since each look is a task of the page.
    page.wait_for_function(ENDED, arg=ends, polling=500, timeout=120_000)


def _open(page: Page, main: MainThread, thread_id: str) -> None:
    """Open a thread and wait until nothing of it is to come: formulas, colours, older messages."""
    loads: int = page.evaluate("window.loads")
    page.evaluate(OPEN, thread_id)
    page.wait_for_function(LOADED, arg=loads, timeout=60_000)
    page.get_by_text("Filled.").first.wait_for(timeout=60_000)
    main.come_to_rest()
