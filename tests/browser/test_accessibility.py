"""Everybody can use the chat: axe finds nothing in any state, a keyboard is enough, and who listens
hears the answer in sentences, once."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.process import ServerProcess
from tests.browser.chat import done, play, send, set_options
from tests.browser.conftest import OpenPage, Tab
from tests.browser.widgets import WIDGETS
from tests.browser.wire import wire_to

AXE = Path(__file__).parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"

RUN_AXE = """async () => (await axe.run(document)).violations.flatMap(({ id, nodes }) =>
  nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`))"""

CALM: dict[str, Any] = {"reduced_motion": "reduce"}
"""Half of a transition has colours of its own, which nobody has chosen."""

PROMPTS = [{"label": "A joke", "prompt": "Tell me a joke", "icon": "sparkle"}]
CHOICES = {
    "tools": [{"id": "web", "label": "Search the web", "icon": "globe"}],
    "models": [
        {"id": "small", "label": "Small", "description": "Fast", "default": True},
        {"id": "large", "label": "Large", "description": "Thorough"},
    ],
}
FILES = [
    {"id": "atc_1", "type": "file", "name": "report.pdf", "mime_type": "application/pdf"},
    {
        "id": "atc_2",
        "type": "image",
        "name": "hill.png",
        "mime_type": "image/png",
        "preview_url": "data:image/png;base64,iVBORw0KGgo=",
    },
]


def problems(page: Page) -> list[str]:
    """What axe finds."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(RUN_AXE)
    return found


def assert_accessible(page: Page, **options: Any) -> None:
    """Axe finds nothing: light, and then dark."""
    for scheme in ("light", "dark"):
        set_options(page, theme={"colorScheme": scheme}, **options)
        found = "\n".join(problems(page))
        assert not found, f"{scheme}:\n{found}"


def button(page: Page, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True)


# what axe finds


def test_the_start_screen_is_accessible(open_page: OpenPage) -> None:
    with open_page(**CALM) as tab:
        assert_accessible(tab.page, startScreen={"greeting": "Hello", "prompts": PROMPTS})


def test_an_answer_that_is_being_written_is_accessible(open_page: OpenPage) -> None:
    with open_page(**CALM) as tab:
        tab.send("slow 2000 20")
        expect(tab.page.get_by_text("word3")).to_be_visible()
        assert_accessible(tab.page)
        button(tab.page, "Stop").click()
        tab.wait_idle()


@pytest.mark.parametrize(
    "scene",
    [
        "markdown",
        "say A word.",
        "workflow",
        "reasoning",
        "task",
        "image",
        "questions",
        "notice",
        "error",
        "lock",
        "close",
        "streamed",
        *(f"widget {name}" for name in WIDGETS),
    ],
)
def test_what_an_answer_shows_is_accessible(open_page: OpenPage, scene: str) -> None:
    actions = {"threadItemActions": {"feedback": True, "retry": True}}
    with open_page(**CALM) as tab:
        tab.ask(scene)
        assert_accessible(tab.page, **actions)


def test_a_workflow_that_was_folded_is_accessible(open_page: OpenPage) -> None:
    with open_page(**CALM) as tab:
        tab.ask("workflow")
        expect(tab.page.get_by_text("Looked around")).to_be_visible()
        tab.page.get_by_role("button", name="Looked at the sky").click()
        expect(tab.page.get_by_text("Looked around")).to_have_count(0)
        assert_accessible(tab.page)


def test_answered_questions_are_accessible(open_page: OpenPage) -> None:
    with open_page(**CALM) as tab:
        tab.ask("questions")
        button(tab.page, "Submit").click()
        expect(tab.page.get_by_text("This is needed.").first).to_be_visible()
        assert_accessible(tab.page)
        button(tab.page, "Skip all").click()
        expect(tab.page.get_by_text("Skipped").first).to_be_visible()
        assert_accessible(tab.page)


def test_progress_is_accessible(open_page: OpenPage) -> None:
    with open_page(**CALM) as tab:
        tab.send("progress")
        expect(tab.page.locator("chatkit-thread-status")).to_contain_text("Looking around")
        assert not problems(tab.page)
        tab.wait_idle()


def test_open_sources_are_accessible(open_page: OpenPage) -> None:
    with open_page(**CALM) as tab:
        tab.ask("sources")
        tab.page.get_by_role("button", name="Sources").click()
        expect(tab.page.get_by_text("colours.pdf").first).to_be_visible()
        assert_accessible(tab.page)
        tab.page.get_by_role("button", name="Source 1: On the sky").click()
        expect(tab.page.get_by_text("example.test").first).to_be_visible()
        assert_accessible(tab.page)


def test_the_list_of_chats_and_what_can_be_done_there_is_accessible(open_page: OpenPage) -> None:
    with open_page(**CALM) as tab:
        tab.ask("title Clouds")
        button(tab.page, "Show chats").click()
        expect(tab.page.get_by_role("button", name="Clouds", exact=True)).to_be_visible()
        assert_accessible(tab.page)
        entry = tab.page.get_by_role("listitem").filter(has_text="Clouds")
        entry.hover()
        tab.page.get_by_role("button", name="Rename Clouds").click()
        expect(tab.page.get_by_role("textbox", name="New title of the chat")).to_be_focused()
        assert_accessible(tab.page)
        button(tab.page, "Cancel").click()
        entry.hover()
        tab.page.get_by_role("button", name="Delete Clouds").click()
        expect(tab.page.get_by_role("alertdialog")).to_be_visible()
        assert_accessible(tab.page)


def test_a_chat_without_a_connection_is_accessible(
    open_page: OpenPage, gallery: ServerProcess
) -> None:
    with (
        wire_to(int(gallery.url.rpartition(":")[2])) as wire,
        open_page(server=wire, expected="ERR_", **CALM) as tab,
    ):
        tab.send("slow 300 20")
        expect(tab.page.get_by_text("word3")).to_be_visible()
        wire.refusing = True
        wire.cut()
        expect(tab.page.get_by_text("No connection.")).to_be_visible()
        assert_accessible(tab.page)
        wire.refusing = False
        tab.wait_idle()


def test_the_menus_of_the_composer_are_accessible(open_page: OpenPage) -> None:
    with open_page(**CALM) as tab:
        page = tab.page
        set_options(page, composer=CHOICES)
        for name, entry in (("Tools", "Search the web"), ("Model", "Large")):
            page.get_by_role("button", name=name).click()
            expect(page.get_by_text(entry)).to_be_visible()
            assert_accessible(page, composer=CHOICES)
            page.keyboard.press("Escape")


def test_what_the_composer_suggests_is_accessible(open_page: OpenPage) -> None:
    with open_page(**CALM) as tab:
        page = tab.page
        page.evaluate(
            """() => document.querySelector('openai-chatkit').setOptions({
              api: { url: new URL('chatkit', document.baseURI).href, domainKey: 'local' },
              entities: { onTagSearch: async () => [
                { id: 'ada', title: 'Ada', group: 'People', icon: 'user', interactive: true },
                { id: 'alan', title: 'Alan', group: 'People', interactive: true }] },
            })"""
        )
        box = page.get_by_role("textbox")
        box.click()
        page.keyboard.type("Ask @A")
        expect(page.get_by_role("option", name="Ada")).to_be_visible()
        assert not problems(page)
        page.keyboard.press("Enter")
        expect(page.get_by_role("option")).to_have_count(0)
        assert not problems(page)


def test_attachments_are_accessible(open_page: OpenPage) -> None:
    composer = {"attachments": {"enabled": True, "uploadStrategy": {"type": "two_phase"}}}
    with open_page(expected="Failed to load resource", **CALM) as tab:
        page = tab.page
        set_options(page, composer=composer)
        page.evaluate(
            """() => document.querySelector('openai-chatkit').setComposerValue({
              text: 'See', files: [new File(['x'], 'notes.txt', { type: 'text/plain' })] })"""
        )
        expect(page.get_by_role("list", name="Attached files")).to_contain_text("notes.txt")
        assert_accessible(page, composer=composer)


def test_a_message_with_files_a_quote_and_a_tag_is_accessible(open_page: OpenPage) -> None:
    tag = {"type": "input_tag", "id": "ada", "text": "Ada", "data": {}, "interactive": True}
    with open_page(**CALM) as tab:
        message = done(
            "user_message",
            content=[{"type": "input_text", "text": "Ask "}, tag],
            attachments=FILES,
            quoted_text="What was said",
            inference_options={},
        )
        send(tab.page, play(message))
        expect(tab.page.get_by_text("report.pdf", exact=True)).to_be_visible()
        assert_accessible(tab.page)


def test_a_chat_that_is_read_from_right_to_left_is_accessible(open_page: OpenPage) -> None:
    with open_page(locale="ar", **CALM) as tab:
        set_options(tab.page, locale="ar")
        expect(tab.page.locator("chatkit-shell")).to_have_attribute("dir", "rtl")
        tab.ask("markdown")
        tab.ask("widget form")
        tab.ask("workflow")
        assert_accessible(tab.page, locale="ar")


def test_axe_finds_a_problem_where_there_is_one(tab: Tab) -> None:
    tab.page.evaluate("() => document.body.append(document.createElement('button'))")
    assert any(problem.startswith("button-name") for problem in problems(tab.page))


# a keyboard is enough


def tab_to(page: Page, name: str, role: str = "button") -> None:
    """Press Tab until the control has the focus; it must come within one round."""
    wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]  # any role
    expect(wanted.first).to_be_attached()
    for _ in range(60):
        if wanted.evaluate_all("all => all.some((one) => one.matches(':focus'))"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {name!r}")


def focus_is_visible(page: Page) -> bool:
    """Whether what has the focus has a ring around it."""
    ring: bool = page.evaluate(
        """() => {
          let at = document.activeElement;
          while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
          const { outlineStyle, outlineWidth } = getComputedStyle(at);
          return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1;
        }"""
    )
    return ring


def test_a_message_is_written_sent_stopped_and_copied_without_a_mouse(
    open_page: OpenPage,
) -> None:
    with open_page(permissions=["clipboard-read", "clipboard-write"]) as tab:
        page = tab.page
        tab_to(page, "Message the AI", "textbox")
        page.keyboard.type("slow 2000 20")
        page.keyboard.press("Enter")
        expect(page.get_by_text("word3")).to_be_visible()
        tab_to(page, "Stop")
        assert focus_is_visible(page)
        page.keyboard.press("Enter")
        tab.wait_idle()
        expect(button(page, "Send")).to_be_focused()
        tab_to(page, "Copy")
        assert focus_is_visible(page)
        page.keyboard.press("Enter")
        expect(button(page, "Copied")).to_be_focused()
        assert page.evaluate("navigator.clipboard.readText()").startswith("word0 word1 word2 word3")


def test_a_tag_in_the_composer_is_pressed_without_a_mouse(open_page: OpenPage) -> None:
    tag = {"type": "input_tag", "id": "ada", "text": "Ada", "interactive": True}
    with open_page(**CALM) as tab:
        page = tab.page
        page.evaluate(
            """tag => {
              const chat = document.querySelector('openai-chatkit');
              chat.setOptions({
                api: { url: new URL('chatkit', document.baseURI).href, domainKey: 'local' },
                entities: { onClick: ({ id }) => { window.pressed = id; } },
              });
              const ask = { type: 'input_text', text: 'Ask ' };
              return chat.setComposerValue({ content: [ask, tag] });
            }""",
            tag,
        )
        tab_to(page, "Ada")
        assert focus_is_visible(page)
        page.keyboard.press("Enter")
        assert page.evaluate("window.pressed") == "ada"
        assert not problems(page)
        page.keyboard.press("Shift+Tab")
        page.keyboard.type("about it, ")
        expect(page.get_by_role("textbox")).to_contain_text("Ada")
        expect(page.get_by_role("textbox")).to_contain_text("about it,")


def test_another_try_leaves_the_focus_with_the_messages(tab: Tab) -> None:
    page = tab.page
    tab.ask("error")
    page.locator("chatkit-thread-status button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Messages")).to_be_focused()


def test_chats_are_opened_renamed_and_deleted_without_a_mouse(open_page: OpenPage) -> None:
    with open_page() as tab:
        page = tab.page
        tab.ask("title Clouds")
        tab_to(page, "Show chats")
        page.keyboard.press("Enter")
        sheet = page.get_by_role("dialog", name="Chats")
        expect(sheet).to_be_focused()

        tab_to(page, "Rename Clouds")
        assert focus_is_visible(page)
        page.keyboard.press("Enter")
        expect(page.get_by_role("textbox", name="New title of the chat")).to_be_focused()
        page.keyboard.type("Rain")  # what was there is selected
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Rename Rain")).to_be_focused()

        tab_to(page, "Delete Rain")
        page.keyboard.press("Enter")
        question = page.get_by_role("alertdialog", name="Delete this chat?")
        expect(question.get_by_role("button", name="Cancel")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Delete Rain")).to_be_focused()
        page.keyboard.press("Enter")
        expect(question).to_be_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Rain", exact=True)).to_have_count(0)
        expect(page.get_by_role("heading", name="What can I help with today?")).to_be_attached()

        for _ in range(8):  # the focus stays in the list as long as it is there
            page.keyboard.press("Tab")
            assert page.evaluate(
                """() => {
                  let at = document.activeElement;
                  const through = [];
                  while (at) { through.push(at.tagName); at = at.shadowRoot?.activeElement; }
                  return through.includes('CHATKIT-HISTORY');
                }"""
            )
        page.keyboard.press("Escape")
        expect(sheet).to_have_count(0)
        expect(button(page, "Show chats")).to_be_focused()


def test_a_chat_of_the_list_is_opened_without_a_mouse(tab: Tab) -> None:
    page = tab.page
    tab.ask("title Clouds")
    page.reload()
    page.evaluate("() => document.querySelector('openai-chatkit').setThreadId(null)")
    expect(page.get_by_role("heading", name="What can I help with today?")).to_be_visible()
    tab_to(page, "Show chats")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Clouds", exact=True)).to_be_visible()
    tab_to(page, "Clouds")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Titled.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Message the AI")).to_be_focused()


def test_a_form_is_filled_and_sent_without_a_mouse(tab: Tab) -> None:
    page = tab.page
    tab.ask("widget form")
    tab_to(page, "Name", "textbox")
    page.keyboard.type("Ada")
    page.keyboard.press("Tab")
    page.keyboard.type("A poet's daughter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the colours
    expect(page.get_by_role("option", name="Red")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option")).to_have_count(0)
    page.get_by_role("checkbox", name="Send news").focus()
    page.keyboard.press("Space")
    page.get_by_role("radio", name="Small").focus()
    page.keyboard.press("ArrowDown")
    tab_to(page, "Send it")
    page.keyboard.press("Enter")
    answer = page.get_by_role("region", name="Messages").get_by_text("Action submit with")
    expect(answer).to_contain_text("'name': 'Ada'")
    expect(answer).to_contain_text("'about': \"A poet's daughter\"")
    expect(answer).to_contain_text("'size': 'l'")


# what is said to who listens

LISTEN = """() => {
  window.heard = [];
  const live = (node) => {
    for (let at = node; at; at = at.parentNode ?? at.host) {
      if (at.nodeType !== Node.ELEMENT_NODE) continue;
      const said = at.getAttribute('aria-live');
      if (said) return said !== 'off';
      if (['log', 'status', 'alert'].includes(at.getAttribute('role'))) return true;
    }
    return false;
  };
  const watch = (root) => new MutationObserver((changes) => {
    for (const { target, addedNodes, type } of changes) {
      const said = type === 'characterData' ? [target] : [...addedNodes];
      for (const node of said) {
        const text = node.textContent?.trim();
        if (text && live(node)) window.heard.push(text);
        if (node.nodeType === Node.ELEMENT_NODE) inside(node);
      }
    }
  }).observe(root, { subtree: true, childList: true, characterData: true });
  const inside = (node) => {
    for (const one of [node, ...node.querySelectorAll('*')]) {
      if (one.shadowRoot && !one.heardAlready) {
        one.heardAlready = true;
        watch(one.shadowRoot);
        inside(one.shadowRoot);
      }
    }
  };
  inside(document.body);
}"""


def test_who_listens_hears_an_answer_once_and_in_sentences(tab: Tab) -> None:
    tab.ask("say Before.")  # so that all the parts are there
    tab.page.evaluate(LISTEN)
    answer = "It rains in the north. The south is dry, they say. Bring a coat"
    tab.ask(f"say {answer}")
    heard: list[str] = tab.page.evaluate("window.heard")
    said = [one for one in heard if "Answer" not in one and one != "Thinking"]
    assert heard[-1] == "The answer is complete"
    assert " ".join(said[:-1]) == answer
    assert len(heard) < 8, "not word by word"


def test_who_listens_hears_a_long_answer_as_it_is_written(tab: Tab) -> None:
    sentences = [f"Sentence {number} is whole." for number in range(40)]
    tab.ask("say Before.")
    tab.page.evaluate(LISTEN)
    send(tab.page, f"paced 25 {' '.join(sentences)}")
    tab.page.wait_for_function("() => window.heard.includes('The answer is complete')")
    heard: list[str] = tab.page.evaluate("window.heard")
    said = [one for one in heard if one.startswith("Sentence")]
    assert " ".join(said) == " ".join(sentences)
    assert 1 < len(said) < len(sentences), json.dumps(said)
