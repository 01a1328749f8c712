"""A chat on the server's own page, as the page that it is on may set it up."""

import json
from typing import Any

from playwright.sync_api import Page

SET_OPTIONS = """options => {
  const api = { url: new URL('chatkit', document.baseURI).href, domainKey: 'local' };
  const chat = document.querySelector('openai-chatkit');
  const scheme = options.theme?.colorScheme ?? options.theme;
  if (scheme) document.documentElement.style.colorScheme = scheme;
  chat.setOptions({ ...options, api });
}"""


def set_options(page: Page, **options: Any) -> None:
    """Give the element options: the same server, so it goes on with what it shows."""
    page.evaluate(SET_OPTIONS, options)


def play(*events: dict[str, Any]) -> str:
    """What to ask the gallery for, so that it answers with these events."""
    return f"play {json.dumps(events)}"


def done(kind: str, **item: Any) -> dict[str, Any]:
    """The event of a whole item."""
    return {"type": "thread.item.done", "item": {"type": kind, **item}}


def send(page: Page, text: str) -> None:
    """Send what is too long to be written."""
    page.evaluate(
        "text => document.querySelector('openai-chatkit').sendUserMessage({ text })", text
    )
