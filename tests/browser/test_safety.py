"""Nothing that somebody else has written is run, or loads something, wherever it is shown.

The content security policy is off here: it is the second lock, and would hide a broken first one.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.chat import send, set_options
from tests.browser.conftest import OpenPage, Tab
from tests.browser.payloads import ADDRESSES, ATTACKS, COLOURED, FORMULAS, MARKUP, RUN, TEXTS

PLAIN = [text for text in MARKUP if "\x00" not in text]
"""What is shown as it is."""

FIND_BAD = """() => {
  const found = [];
  const elements = new Set(['SCRIPT', 'IFRAME', 'FRAME', 'OBJECT', 'EMBED', 'BASE', 'META', 'LINK',
    'APPLET', 'PORTAL', 'FENCEDFRAME', 'NOSCRIPT']);
  const addresses = new Set(['href', 'src', 'action', 'formaction', 'data', 'poster', 'background',
    'cite', 'ping', 'to', 'values', 'from', 'manifest']);
  const harmless = /^(https?:|mailto:|tel:|blob:|chatkit-link:|data:image\\/)/i;
  const judge = (element) => {
    const name = element.tagName.toUpperCase();
    if (elements.has(name)) found.push(element.outerHTML);
    for (const { localName, value } of element.attributes) {
      const told = `${name} ${localName}=${value}`;
      if (localName.startsWith('on') || localName === 'srcdoc') found.push(told);
      if (!addresses.has(localName) && localName !== 'xlink:href') continue;
      if (name === 'FORM') found.push(told);
      let url;
      try { url = new URL(value, document.baseURI); } catch { continue; }
      if (!harmless.test(url.href)) found.push(told);
      const loads = localName !== 'href' || name === 'USE' || name === 'IMAGE';
      if (loads && url.protocol.startsWith('http') && url.origin !== location.origin) {
        found.push(told);
      }
    }
  };
  const walk = (root) => {
    for (const element of root.querySelectorAll('*')) {
      judge(element);
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  };
  for (const element of document.body.querySelectorAll('*')) {
    if (element.tagName !== 'NOSCRIPT') judge(element);  // the page's own
    if (element.shadowRoot) walk(element.shadowRoot);
  }
  return found;
}"""


@pytest.fixture
def unlocked(open_page: OpenPage) -> Iterator[Tab]:
    """A page without its content security policy, on which nothing may happen."""
    dialogs: list[str] = []

    def on_dialog(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    with open_page(bypass_csp=True, expected="Failed to load resource") as tab:
        tab.page.on("dialog", on_dialog)
        tab.page.on("popup", lambda popup: dialogs.append(popup.url))
        yield tab
        assert_harmless(tab.page)
        assert dialogs == []


def assert_harmless(page: Page) -> None:
    """Nothing was run, and there is nothing that would."""
    assert page.evaluate("'__pwned' in window") is False
    assert page.evaluate(FIND_BAD) == []


def wait_for_colours(page: Page) -> None:
    """Code is coloured when it comes into sight."""
    coloured = ", ".join(f"chatkit-code-block:has([aria-label={name}])" for name in COLOURED)
    blocks = page.locator(coloured).element_handles()
    assert len(blocks) == len(COLOURED) * len(TEXTS)
    page.wait_for_function(
        """blocks => {
          const bare = blocks.find((one) => one.querySelector('code span') === null);
          bare?.scrollIntoView({ behavior: 'instant' });
          return bare === undefined;
        }""",
        arg=blocks,
    )


def wait_for_formulas(page: Page) -> None:
    """They are set in the order in which they are written."""
    formulas = page.locator("chatkit-formula")
    expect(formulas.last.locator("math")).to_be_attached()
    assert formulas.locator("math").count() > len(FORMULAS)


def wait_for_charts(page: Page) -> None:
    expect(page.locator("chatkit-chart .plot svg")).to_have_count(len(TEXTS))


SETTLED = {"code": wait_for_colours, "formulas": wait_for_formulas, "widgets": wait_for_charts}
"""What is loaded and shown later than the rest."""


@pytest.mark.parametrize("place", ATTACKS)
def test_no_place_of_an_answer_runs_what_is_written_there(unlocked: Tab, place: str) -> None:
    page = unlocked.page
    unlocked.send(f"attack {place}")
    page.wait_for_function(
        "() => window.chatkitTest.count('chatkit.response.end') > 0", timeout=60_000
    )
    for button in page.get_by_role("button", name="Sources").all():
        button.dispatch_event("click")
    page.wait_for_load_state("networkidle")  # for icons
    SETTLED.get(place, lambda _: None)(page)
    assert_harmless(page)
    if place == "images":
        assert page.locator("chatkit-generated-image").count() > 0
    elif place != "progress":  # which is shown as long as it lasts
        assert RUN in unlocked.text


@pytest.mark.parametrize("place", ["user_messages", "questions", "workflows", "lists"])
def test_texts_are_shown_as_they_are(unlocked: Tab, place: str) -> None:
    unlocked.ask(f"attack {place}")
    shown = unlocked.text
    assert [text for text in PLAIN if text not in shown] == []


def test_an_answer_runs_nothing_while_it_is_written(unlocked: Tab) -> None:
    """Half of a harmless text may be a harmful one."""
    text = "\n\n".join([*PLAIN, *(f"[x]({one})" for one in ADDRESSES)])
    send(unlocked.page, f"paced 3 {text}")
    unlocked.page.wait_for_function("() => window.chatkitTest.text().includes('__pwned')")
    for _ in range(10):
        assert_harmless(unlocked.page)
    unlocked.wait_idle()


def test_what_the_user_writes_is_not_run(unlocked: Tab) -> None:
    page = unlocked.page
    for text in (*PLAIN[:3], "[x](javascript:window.__pwned=1)"):
        unlocked.ask(f"say {text}")
    box = page.get_by_role("textbox")
    for text in PLAIN:
        box.fill(text)
    box.fill("")
    page.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.setData('text/html', text);
          data.setData('text/plain', text);
          let at = document.activeElement;
          while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
          at.dispatchEvent(new ClipboardEvent('paste',
            { clipboardData: data, bubbles: true, composed: true, cancelable: true }));
        }""",
        "\n".join(PLAIN),
    )
    expect(box).to_contain_text(RUN)
    assert_harmless(page)


def test_titles_of_chats_are_not_run(unlocked: Tab) -> None:
    page = unlocked.page
    page.evaluate(
        """async (titles) => {
          const ask = async (title) => {
            const content = [{ type: 'input_text', text: `title ${title}` }];
            const input = { content, attachments: [], inference_options: {} };
            const answer = await fetch('chatkit', {
              method: 'POST', headers: { 'Content-Type': 'application/json' },
              body: JSON.stringify({ type: 'threads.create', params: { input } }),
            });
            if (!answer.ok) throw new Error(await answer.text());
            await answer.text();
          };
          for (const title of titles) await ask(title);
        }""",
        PLAIN,
    )
    page.get_by_role("button", name="Show chats").click()
    chats = page.get_by_role("dialog").get_by_role("listitem")
    expect(chats.first).to_be_visible()
    while chats.count() < len(PLAIN):
        shown = chats.count()
        chats.last.scroll_into_view_if_needed()
        expect(chats).not_to_have_count(shown)
    titles = unlocked.text
    assert [text for text in PLAIN if text not in titles] == []
    assert_harmless(page)
    entry = page.get_by_role("dialog").get_by_role("listitem").first
    entry.hover()
    entry.get_by_role("button").nth(1).click()
    assert_harmless(page)
    page.get_by_role("button", name="Cancel").click()
    entry.get_by_role("button").nth(0).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_names_of_files_that_are_attached_are_not_run(unlocked: Tab) -> None:
    page = unlocked.page
    strategy = {"type": "two_phase"}
    limit = len(PLAIN)
    attachments = {"enabled": True, "uploadStrategy": strategy, "maxCount": limit}
    set_options(page, composer={"attachments": attachments})
    page.evaluate(
        """names => document.querySelector('openai-chatkit').setComposerValue({ text: 'See',
          files: names.map((name) => new File(['x'], name, { type: 'text/plain' })) })""",
        PLAIN,
    )
    expect(page.get_by_role("list", name="Attached files")).to_contain_text(RUN)
    assert_harmless(page)


def test_what_the_page_offers_is_not_run(unlocked: Tab) -> None:
    """Its texts may come from users as well."""
    text = " ".join(PLAIN)
    label: dict[str, Any] = {"label": text, "icon": "globe"}
    set_options(
        unlocked.page,
        frameTitle=text,
        header={"title": {"text": text}},
        startScreen={"greeting": text, "prompts": [{**label, "prompt": text}]},
        composer={
            "placeholder": text,
            "tools": [{**label, "id": text, "pinned": True}],
            "models": [{"label": text, "id": text, "description": text}],
        },
        disclaimer={"text": text},
    )
    expect(unlocked.page.get_by_role("heading").first).to_contain_text(RUN)


def test_what_runs_something_would_be_found(open_page: OpenPage) -> None:
    """Each of the ways that the other tests look for."""
    with open_page(bypass_csp=True) as tab:
        tab.page.evaluate(
            """() => {
              const host = document.body.appendChild(document.createElement('p'));
              const root = host.attachShadow({ mode: 'open' });
              const add = (name, attribute, value) => {
                const made = root.appendChild(document.createElement(name));
                if (attribute) made.setAttribute(attribute, value);
              };
              add('a', 'href', 'java\\tscript:x');
              add('a', 'href', 'data:text/html,x');
              add('form', 'action', '/x');
              add('button', 'formaction', 'javascript:x');
              add('b', 'onclick', 'window.__pwned = 1');
              add('object');
              add('script');
              root.querySelector('b').click();
            }"""
        )
        assert len(tab.page.evaluate(FIND_BAD)) == 7
        assert tab.page.evaluate("'__pwned' in window"), "nothing else hinders it"
