"""What the chat may cost: to load it, and to go on in a long thread.

Times are measured by `make bench` (`benchmarks/web_ui.py`); here is what does not depend on how
busy a machine is.
"""

import gzip
import json

from playwright.sync_api import expect

from chatkit_backend.http.assets import BUILT, ENTRY
from tests.browser.chat import send
from tests.browser.conftest import OpenPage, Tab

ENTRY_KB = 120


def entry_files() -> set[str]:
    """The module of the element, and all that it cannot do without."""
    manifest = json.loads((BUILT / "manifest.json").read_text())
    names, waiting = set[str](), [ENTRY]
    while waiting:
        name = waiting.pop()
        if name not in names:
            names.add(name)
            waiting += manifest[name].get("imports", ())
    return {manifest[name]["file"] for name in names}


def test_the_element_is_small() -> None:
    sizes = {name: len(gzip.compress((BUILT / name).read_bytes(), 9)) for name in entry_files()}
    assert sum(sizes.values()) <= ENTRY_KB * 1000, sizes


def test_no_more_than_the_entry_is_loaded_to_begin_with(tab: Tab) -> None:
    """What is large and seldom is needed is not imported by what is always needed."""
    tab.wait_idle()
    tab.page.wait_for_load_state("networkidle")
    loaded: list[str] = tab.page.evaluate(
        "performance.getEntriesByType('resource').map(({ name }) => name)"
    )
    scripts = {one.partition("/ui/")[2] for one in loaded if one.endswith(".js")}
    assert {one for one in scripts if not one.startswith("page-")} == entry_files()


COUNT_CHANGES = """() => {
  window.changes = { last: 0, others: 0 };
  const thread = document.querySelector('openai-chatkit').shadowRoot
    .querySelector('chatkit-shell').shadowRoot.querySelector('chatkit-thread').shadowRoot;
  const turns = () => [...thread.querySelectorAll('chatkit-turn')];
  const watch = (root, turn) => {
    new MutationObserver((changes) => {
      const isLast = turn === turns().at(-1);
      window.changes[isLast ? 'last' : 'others'] += changes.length;
    }).observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
    for (const one of root.querySelectorAll('*')) {
      if (one.shadowRoot) watch(one.shadowRoot, turn);
    }
  };
  for (const turn of turns()) watch(turn.shadowRoot, turn);
  return turns().length;
}"""


def test_an_answer_leaves_all_the_messages_before_it_alone(open_page: OpenPage) -> None:
    with open_page() as tab:
        page = tab.page
        tab.ask("fill 60")
        page.reload()
        expect(page.get_by_text("Filled.").first).to_be_visible()
        tab.send("slow 400 20")
        expect(page.get_by_text("word3")).to_be_visible()  # it is a turn of its own by now
        turns: int = page.evaluate(COUNT_CHANGES)
        assert turns > 15
        page.wait_for_function("() => window.changes.last > 100")
        assert page.evaluate("window.changes.others") == 0
        page.get_by_role("button", name="Stop").click()
        tab.wait_idle()


def test_the_finished_blocks_of_an_answer_are_left_alone_too(tab: Tab) -> None:
    page = tab.page
    paragraphs = "\n\n".join(f"Paragraph {number} has **some** words." for number in range(200))
    send(page, f"paced 5 {paragraphs}")
    answer = page.locator("chatkit-assistant-message")
    expect(answer.get_by_text("Paragraph 20 has some words.")).to_be_attached()
    page.evaluate(
        """() => {
          window.touched = 0;
          const find = (root, name) => {
            for (const one of root.querySelectorAll('*')) {
              if (one.localName === name) return one;
              const inside = one.shadowRoot && find(one.shadowRoot, name);
              if (inside) return inside;
            }
            return null;
          };
          const message = find(document, 'chatkit-assistant-message');
          const text = find(message.shadowRoot, 'chatkit-markdown').shadowRoot;
          const first = [...text.querySelectorAll('p')].slice(0, 15);
          for (const one of first) {
            new MutationObserver((changes) => { window.touched += changes.length; }).observe(one,
              { subtree: true, childList: true, characterData: true, attributes: true });
          }
          window.stillThere = () => first.every((one) => one.isConnected);
        }"""
    )
    tab.wait_idle()
    expect(answer.get_by_text("Paragraph 199 has some words.")).to_be_attached()
    assert page.evaluate("[window.touched, window.stillThere()]") == [0, True]


def test_a_long_thread_is_opened_a_page_at_a_time(open_page: OpenPage) -> None:
    with open_page() as tab:
        tab.ask("fill 200")
        tab.page.reload()
        expect(tab.page.get_by_text("Filled.").first).to_be_visible()
        tab.page.wait_for_load_state("networkidle")
        assert tab.page.locator("chatkit-user-message, chatkit-assistant-message").count() <= 80
