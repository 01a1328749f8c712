"""What a person does in a widget that only a real browser can tell: what lies above what, and
where the focus is."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.asked import Asked
from tests.browser.chat import done, play, send
from tests.browser.conftest import Tab

ENTRY = {
    "type": "ListViewItem",
    "onClickAction": {"type": "open"},
    "children": [
        {"type": "Text", "value": "An entry"},
        {"type": "Markdown", "value": "[far](https://far.test) and [near](chatkit-link://near)"},
        {"type": "Checkbox", "name": "read", "label": "Read"},
    ],
}


def thread(page: Page) -> Locator:
    return page.get_by_role("region", name="Messages")


def test_in_an_entry_that_is_a_button_links_and_labels_can_be_pressed_for_themselves(
    tab: Tab,
) -> None:
    page = tab.page
    send(page, play(done("widget", widget={"type": "ListView", "children": [ENTRY]})))
    asked = Asked(page)
    page.get_by_role("link", name="far").click(trial=True)
    page.get_by_role("link", name="near").click()
    page.get_by_text("Read", exact=True).click()
    expect(page.get_by_role("checkbox", name="Read")).to_be_checked()
    assert page.evaluate("window.chatkitTest.count('chatkit.deeplink')") == 1
    assert asked.of("threads.custom_action") == []
    page.get_by_text("An entry", exact=True).click(force=True)
    thread(page).get_by_text("Action open").wait_for()
    assert len(asked.of("threads.custom_action")) == 1


def test_a_choice_that_is_sent_by_the_keyboard_keeps_the_focus(tab: Tab) -> None:
    page = tab.page
    box = {
        "type": "Checkbox",
        "name": "news",
        "label": "News",
        "onChangeAction": {"type": "slow", "loadingBehavior": "self"},
    }
    send(page, play(done("widget", widget={"type": "Card", "children": [box]})))
    news = page.get_by_role("checkbox", name="News")
    news.focus()
    page.keyboard.press("Space")
    expect(news).to_have_attribute("aria-disabled", "true")
    expect(news).to_be_focused()
    thread(page).get_by_text("Action slow").wait_for()
    expect(news).not_to_have_attribute("aria-disabled", "true")
    expect(news).to_be_focused()
    expect(news).to_be_checked()
