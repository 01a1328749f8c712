"""`header` and `history`."""

import pytest
from playwright.sync_api import expect

from tests.browser.own_page import OpenOwn, calls, events

# header


def test_header_enabled_shows_it_or_not(own: OpenOwn) -> None:
    with own("{ header: { enabled: false } }") as tab:
        expect(tab.page.get_by_role("button", name="Show chats")).to_have_count(0)
        tab.page.evaluate("chat.setOptions({ ...options, header: {} })")
        expect(tab.page.get_by_role("button", name="Show chats")).to_be_visible()


def test_header_title(own: OpenOwn) -> None:
    with own() as tab:
        tab.ask("title Of the thread")
        header = tab.page.locator("chatkit-header")
        expect(header.get_by_role("heading", name="Of the thread")).to_be_visible()
        tab.page.evaluate("chat.setOptions({ ...options, header: { title: { text: 'Mine' } } })")
        expect(header.get_by_role("heading", name="Mine")).to_be_visible()
        tab.page.evaluate("chat.setOptions({ ...options, header: { title: { enabled: false } } })")
        expect(header.get_by_role("heading")).to_have_count(0)


def test_header_actions_are_buttons_of_the_page(own: OpenOwn) -> None:
    options = """{ header: {
      leftAction: { icon: "home", onClick: () => called("left") },
      rightAction: { icon: "settings-cog", onClick: () => called("right") } } }"""
    with own(options) as tab:
        left = tab.page.get_by_role("button", name="Home")
        right = tab.page.get_by_role("button", name="Settings")
        left.click()
        assert calls(tab.page, "left") == [[]]
        right.click()
        assert calls(tab.page, "right") == [[]]
        places = [one.bounding_box() for one in (left, right)]
        assert places[0] is not None
        assert places[1] is not None
        assert places[0]["x"] < places[1]["x"]
        assert left.locator("svg").count() == 1


# history


def test_history_enabled_offers_the_list_or_not(own: OpenOwn) -> None:
    with own("{ history: { enabled: false } }") as tab:
        expect(tab.page.get_by_role("button", name="Show chats")).to_have_count(0)
        tab.page.evaluate("chat.showHistory()")
        expect(tab.page.get_by_role("dialog", name="Chats")).to_have_count(0)
        assert events(tab.page, "history.open") == []


@pytest.mark.parametrize(
    ("option", "missing", "there"),
    [("showDelete", "Delete Mine", "Rename Mine"), ("showRename", "Rename Mine", "Delete Mine")],
)
def test_history_show_delete_and_show_rename(
    own: OpenOwn, option: str, missing: str, there: str
) -> None:
    with own(f"{{ history: {{ {option}: false }} }}") as tab:
        tab.ask("title Mine")
        tab.page.evaluate("chat.showHistory()")
        expect(tab.page.get_by_role("button", name=there)).to_have_count(1)
        expect(tab.page.get_by_role("button", name=missing)).to_have_count(0)
