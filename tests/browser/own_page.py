"""A page that a user wrote: the element on it by hand, under the strictest policy."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeAlias
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, Route

from tests.browser.conftest import OpenPage, Tab

OpenOwn: TypeAlias = Callable[..., AbstractContextManager[Tab]]

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mine</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/own.css"><script type="module" src="/own.js"></script></head>
<body><openai-chatkit></openai-chatkit></body></html>"""
STYLE = "html, body { height: 100%; margin: 0 } openai-chatkit { height: 100% }"
SCRIPT = """import "/chatkit.js";
window.chat = document.querySelector("openai-chatkit");
window.calls = [];
window.called = (name, ...given) => void window.calls.push([name, ...given]);
const { chat, called } = window;
const api = { url: "/chatkit", domainKey: "local" };
const thread = new URLSearchParams(location.search).get("thread");
window.options = { api, locale: "en", ...(OPTIONS) };
BEFORE
chat.setOptions(window.options);
"""
POLICY = "default-src 'self'"


def own_page(open_page: OpenPage) -> OpenOwn:
    """Opens such a page. `options` and `before` are JavaScript, which reports with `called(…)`."""

    @contextmanager
    def opened(
        options: str = "{}",
        before: str = "",
        prepare: Callable[[BrowserContext], None] = lambda _: None,
        policy: str = POLICY,
        **more: object,
    ) -> Iterator[Tab]:
        script = SCRIPT.replace("OPTIONS", options).replace("BEFORE", before)
        files = {
            "/own": (PAGE, "text/html"),
            "/own.css": (STYLE, "text/css"),
            "/own.js": (script, "text/javascript"),
        }

        def answer(route: Route) -> None:
            body, kind = files[urlsplit(route.request.url).path]
            route.fulfill(body=body, content_type=kind, headers={"Content-Security-Policy": policy})

        def served(context: BrowserContext) -> None:
            context.route(lambda url: urlsplit(url).path in files, answer)
            context.route("**/uploads/*", _took)
            prepare(context)

        with open_page("/own", prepare=served, **more) as tab:
            yield tab

    return opened


def _took(route: Route) -> None:
    if route.request.method == "PUT":
        route.fulfill(status=200, body="")
    else:
        route.fulfill(
            body="<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/svg+xml"
        )


def calls(page: Page, name: str) -> list[list[object]]:
    """What the page's own functions were given, those that were called by this name."""
    found: list[list[object]] = page.evaluate(
        "name => window.calls.filter(([one]) => one === name).map(([, ...given]) => given)", name
    )
    return found


def called(page: Page, name: str, times: int = 1) -> list[list[object]]:
    """The same, once there are so many."""
    page.wait_for_function(
        "([name, times]) => window.calls.filter(([one]) => one === name).length >= times",
        arg=[name, times],
    )
    return calls(page, name)


def events(page: Page, name: str) -> list[object]:
    """Details of the events of a name that the element has dispatched."""
    found: list[object] = page.evaluate(
        "name => chatkitTest.seen.filter(([one]) => one === name).map(([, detail]) => detail)",
        f"chatkit.{name}",
    )
    return found


def style_of(locator: Locator, name: str) -> str:
    """A computed style."""
    value: str = locator.evaluate("(one, name) => getComputedStyle(one)[name]", name)
    return value
