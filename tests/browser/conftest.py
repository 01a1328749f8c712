"""Real Chromium on the server's own page, and what must hold on every page that a test opens."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.acceptance.process import COMMAND, ServerProcess, running
from tests.browser.chromium import MISSING, launch

ROOT = Path(__file__).parents[2]


class Reachable(Protocol):
    """What a page can be opened on."""

    @property
    def url(self) -> str: ...


PATIENCE_MS = 15_000
"""How long is waited for what must come, on a machine that may be busy."""

OpenPage: TypeAlias = Callable[..., AbstractContextManager["Tab"]]


# Of the package, not of the run: Playwright's event loop would be in the way of all later tests.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium: `CHROMIUM`, the system's or Playwright's. Without one: not run; in CI failed."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = launch(playwright)
        if launched is None:
            if os.environ.get("CI"):
                pytest.fail(f"not run, {MISSING}")
            pytest.skip(f"not run, {MISSING}")
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with the gallery of `tests.browser.gallery`."""
    folder = tmp_path_factory.mktemp("gallery")
    command = [*COMMAND, "serve", "tests.browser.gallery:Gallery"]
    with running(folder, command, {"PYTHONPATH": str(ROOT), "LOG_LEVEL": "warning"}) as server:
        yield server


@dataclass
class Tab:
    """An open page, and what it did that a page must not do.

    Attributes:
        origins: Everything that it asked for, by origin.
        problems: Violations of the content security policy, uncaught errors, errors in its console.
    """

    page: Page
    origins: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def send(self, text: str) -> None:
        """Write a message and send it."""
        box = self.page.get_by_role("textbox").last
        box.click()
        box.fill(text)
        self.expect_answer()
        self.page.keyboard.press("Enter")

    def expect_answer(self) -> None:
        """Say that an answer will begin: `wait_idle` does not return before it has."""
        self.page.evaluate("window.chatkitTest.expectAnswer()")

    def wait_idle(self) -> None:
        """Wait for the end of the answer to what was sent, if any was since the page is loaded."""
        self.page.wait_for_function("() => window.chatkitTest.idle()")

    @contextmanager
    def answered(self) -> Iterator[None]:
        """Around what has an answer: wait for its end."""
        self.expect_answer()
        yield
        self.wait_idle()

    def ask(self, text: str) -> None:
        """Send a message and wait for the end of its answer."""
        with self.answered():
            self.send(text)

    @property
    def text(self) -> str:
        """All that is shown, through every shadow root."""
        shown: str = self.page.evaluate("window.chatkitTest.text()")
        return shown


WATCH = """
window.chatkitTest = {
  seen: [], violations: [], awaited: 0,
  count: (name) => window.chatkitTest.seen.filter(([one]) => one === name).length,
  expectAnswer: () => {
    window.chatkitTest.awaited = window.chatkitTest.count('chatkit.response.start') + 1;
  },
  idle: () => {
    const begun = window.chatkitTest.count('chatkit.response.start');
    const ended = window.chatkitTest.count('chatkit.response.end');
    return begun >= window.chatkitTest.awaited && begun === ended;
  },
  text: () => {
    const all = (node) => {
      if (node.nodeType === Node.TEXT_NODE) return node.data;
      if (node.nodeType !== Node.ELEMENT_NODE) return '';
      if (['STYLE', 'SCRIPT', 'TEMPLATE', 'NOSCRIPT'].includes(node.tagName)) return '';
      if (node.classList.contains('visually-hidden')) return '';  // for screen readers
      const shown = node.shadowRoot?.childNodes ??
        (node.tagName === 'SLOT' ? node.assignedNodes({ flatten: true }) : node.childNodes);
      const inner = [...shown].map(all).join('');
      return getComputedStyle(node).display === 'inline' ? inner : inner + '\\n';
    };
    return document.body === null ? '' : all(document.body);
  },
};
addEventListener('securitypolicyviolation', (event) => {
  window.chatkitTest.violations.push(`${event.violatedDirective}: ${event.blockedURI}`);
});
const names = ['ready', 'error', 'effect', 'deeplink', 'response.start', 'response.end',
  'history.open', 'history.close', 'thread.change', 'thread.load.start', 'thread.load.end',
  'tool.change', 'log'].map((name) => `chatkit.${name}`);
const dispatch = EventTarget.prototype.dispatchEvent;
EventTarget.prototype.dispatchEvent = function (event) {
  if (names.includes(event.type)) {
    const { detail } = event;
    window.chatkitTest.seen.push([event.type, detail?.error ? String(detail.error) : detail]);
  }
  return dispatch.call(this, event);
};
"""


@pytest.fixture
def open_page(browser: Browser, gallery: ServerProcess) -> OpenPage:
    """Opens a page in a browser of its own, and afterwards says what it did wrong.

    `server` has the page; `others` are those that it may ask besides. `expected` is part of the
    errors in its console that may be, `prepare` is given the browser before the page is opened.
    """

    @contextmanager
    def opened(
        url: str = "/",
        *,
        server: Reachable = gallery,
        others: Sequence[Reachable] = (),
        expected: str = "",
        prepare: Callable[[BrowserContext], None] = lambda _: None,
        **options: object,
    ) -> Iterator[Tab]:
        # `options` are whatever `new_context` takes; it has no type for them.
        context: BrowserContext = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(WATCH)
        prepare(context)
        page = context.new_page()
        tab = Tab(page)
        page.on("request", lambda request: tab.origins.add(_origin(request.url)))
        page.on("pageerror", lambda error: tab.problems.append(f"uncaught: {error}"))
        page.on(
            "console",
            lambda line: (
                tab.problems.append(f"console: {line.text}") if line.type == "error" else None
            ),
        )
        try:
            page.goto(f"{server.url}{url}")
            page.wait_for_function("() => window.chatkitTest.count('chatkit.ready') > 0")
            yield tab
            violations: list[str] = page.evaluate("window.chatkitTest.violations")
            assert violations == []
            allowed = {_origin(one.url) for one in (server, *others)}
            assert tab.origins <= {*allowed, "data:", "blob:"}
            assert [one for one in tab.problems if not expected or expected not in one] == []
        finally:
            context.close()

    return opened


@pytest.fixture
def tab(open_page: OpenPage) -> Iterator[Tab]:
    """The server's own page."""
    with open_page() as opened:
        yield opened


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return (
        f"{parts.scheme}:"
        if parts.scheme in {"data", "blob"}
        else f"{parts.scheme}://{parts.netloc}"
    )
