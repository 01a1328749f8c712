"""A chat on a page: its parts, and what it is told and asked."""

import json
from typing import Any

from playwright.sync_api import Locator, Page

SET_OPTIONS = """options => {
  const api = { url: new URL('chatkit', document.baseURI).href, domainKey: 'local' };
  const chat = document.querySelector('openai-chatkit');
  const scheme = options.theme?.colorScheme ?? options.theme;
  if (scheme) document.documentElement.style.colorScheme = scheme;
  chat.setOptions({ ...options, api });
}"""


def composer(page: Page) -> Locator:
    """Where one writes, whatever its placeholder is."""
    return page.locator("chatkit-editor").get_by_role("textbox")


def thread(page: Page) -> Locator:
    """What is seen of the chat; what screen readers are told comes beside it."""
    return page.locator("chatkit-thread").get_by_role("region")


def set_options(page: Page, **options: Any) -> None:
    """Give the element options: the same server, so it goes on with what it shows."""
    page.evaluate(SET_OPTIONS, options)


def play(*events: dict[str, Any]) -> str:
    """What to ask the gallery for, so that it answers with these events."""
    return f"play {json.dumps(events)}"


def done(kind: str, **item: Any) -> dict[str, Any]:
    """The event of a whole item."""
    return {"type": "thread.item.done", "item": {"type": kind, **item}}


def said(words: int) -> str:
    """What the gallery answers to `slow` and so many words."""
    return " ".join(f"word{number}" for number in range(words))


def send(page: Page, text: str) -> None:
    """Send what is too long to be written."""
    page.evaluate(
        """text => {
          window.chatkitTest.expectAnswer();
          document.querySelector('openai-chatkit').sendUserMessage({ text });
        }""",
        text,
    )
