"""`startScreen`, `threadItemActions`, `thread`, `disclaimer` and `widgets`."""

import json
from collections.abc import Sequence

import pytest
from playwright.sync_api import expect

from tests.browser.asked import Asked, sent
from tests.browser.chat import thread
from tests.browser.element.colors import brightness
from tests.browser.own_page import OpenOwn, calls, style_of

# startScreen


def test_start_screen_greeting(own: OpenOwn) -> None:
    with own("{ startScreen: { greeting: 'Good morning' } }") as tab:
        expect(tab.page.get_by_role("heading", name="Good morning")).to_be_visible()


def test_start_screen_prompts_are_sent_when_pressed(own: OpenOwn) -> None:
    options = """{ startScreen: { prompts: [
      { label: "Weather", prompt: "How is the weather?", icon: "globe" },
      { label: "Of Ada", prompt: [{ type: "input_text", text: "Who is " },
        { type: "input_tag", id: "ada", text: "Ada" }] }] } }"""
    with own(options) as tab:
        asked = Asked(tab.page)
        weather = tab.page.get_by_role("button", name="Weather")
        assert weather.locator("svg").count() == 1
        weather.click()
        expect(thread(tab.page)).to_contain_text("You said: How is the weather?")
        tab.page.get_by_role("button", name="New chat").click()
        tab.page.get_by_role("button", name="Of Ada").click()
        expect(thread(tab.page)).to_contain_text("You said: Who is Ada")
        first, second = sent(asked)
        assert first["content"] == [{"type": "input_text", "text": "How is the weather?"}]
        assert second["content"][1]["id"] == "ada"


# threadItemActions


@pytest.mark.parametrize(
    ("option", "names"),
    [("feedback", ("Good answer", "Bad answer")), ("retry", ("Try again",))],
)
def test_thread_item_actions_are_there_if_wanted(
    own: OpenOwn, option: str, names: Sequence[str]
) -> None:
    with own() as tab:
        tab.ask("hello")
        for name in names:
            expect(tab.page.get_by_role("button", name=name)).to_have_count(0)
        tab.page.evaluate(
            f"chat.setOptions({{ ...options, threadItemActions: {{ {option}: true }} }})"
        )
        for name in names:
            expect(tab.page.get_by_role("button", name=name)).to_have_count(1)
        expect(thread(tab.page)).to_contain_text("You said: hello")


# disclaimer


def test_disclaimer(own: OpenOwn) -> None:
    text = "AI can be **wrong**. [More](https://example.test/)"
    with own(f"{{ disclaimer: {{ text: {json.dumps(text)} }} }}") as tab:
        shown = tab.page.locator("chatkit-disclaimer")
        expect(shown.get_by_role("strong")).to_have_text("wrong")
        expect(shown.get_by_role("link", name="More")).to_be_visible()
        faint = brightness(style_of(shown.locator("div").first, "color"))
        tab.page.evaluate(
            "chat.setOptions({ ...options, disclaimer: { text: 'Mind.', highContrast: true } })"
        )
        expect(shown).to_have_text("Mind.")
        assert brightness(style_of(shown.locator("div").first, "color")) < faint


# widgets, thread


def test_widgets_on_action_gets_what_the_page_handles_itself(own: OpenOwn) -> None:
    options = """{ widgets: { onAction: async (action, item) => {
      called("action", action, item.id, item.widget.type);
      await chat.sendCustomAction({ type: "seen", payload: action.payload }, item.id);
    } } }"""
    with own(options) as tab:
        tab.ask("widget actions")
        tab.page.get_by_role("button", name="On the page").click()
        expect(thread(tab.page)).to_contain_text("Action seen with {'id': 7}.")
        ((action, item_id, kind),) = calls(tab.page, "action")
        assert action == {"type": "open", "payload": {"id": 7}}
        assert isinstance(item_id, str)
        assert kind == "Card"


@pytest.mark.parametrize("follows", [True, False])
def test_thread_auto_scroll(own: OpenOwn, follows: bool) -> None:
    with own(f"{{ thread: {{ autoScroll: {json.dumps(follows)} }} }}") as tab:
        tab.ask("slow 1500 0")
        end = tab.page.get_by_role("button", name="Copy", exact=True)
        question = thread(tab.page).get_by_text("slow 1500 0")
        if follows:
            expect(end).to_be_in_viewport()
            expect(question).not_to_be_in_viewport()
        else:
            expect(question).to_be_in_viewport()
            expect(end).not_to_be_in_viewport()
            tab.page.get_by_role("button", name="Scroll to the newest message").click()
            expect(end).to_be_in_viewport()
