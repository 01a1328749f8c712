"""The pictures of the README. Every state is there; `CHATKIT_SCREENS=1` takes them anew."""

import os
import re

import pytest
from playwright.sync_api import expect

from tests.browser.chat import thread
from tests.browser.conftest import ROOT, OpenPage, Tab
from tests.browser.own_page import OpenOwn, own_page
from tests.browser.spoken import LAST_WORDS, QUESTION, QUESTION_AR, WISH

IMAGES = ROOT / "docs/images"
MOST_BYTES = 150 * 1024

WIDE = {"width": 800, "height": 800}
PHONE = {"width": 390, "height": 800}


@pytest.fixture
def own(open_page: OpenPage) -> OpenOwn:
    return own_page(open_page)


def options(scheme: str, title: str = "Numerical integration", more: str = "") -> str:
    other = "light" if scheme == "dark" else "dark"
    return f"""{{
      theme: {{ colorScheme: "{scheme}", color: {{ accent: {{ primary: "#2563eb", level: 1 }} }} }},
      header: {{ title: {{ text: "{title}" }},
        rightAction: {{ icon: "{other}-mode", onClick() {{}} }} }},
      threadItemActions: {{ feedback: true, retry: true }},
      {more}
    }}"""


def picture(tab: Tab, name: str) -> None:
    """Keep what is to be seen, if that is wanted."""
    if os.environ.get("CHATKIT_SCREENS") != "1":
        return
    IMAGES.mkdir(exist_ok=True)
    tab.page.screenshot(path=IMAGES / f"{name}.png", animations="disabled", caret="hide")


def expect_answer_set(tab: Tab) -> None:
    """Formulas and highlighting are parts that come later."""
    expect(thread(tab.page).get_by_role("math").first).to_be_visible()
    expect(thread(tab.page).locator("code [class*=hl], code span").first).to_be_attached()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chat_in_light_and_dark(own: OpenOwn, scheme: str) -> None:
    with own(options(scheme), viewport=WIDE) as tab:
        tab.ask(QUESTION)
        expect_answer_set(tab)
        expect(tab.page.locator("openai-chatkit")).to_have_css("color-scheme", scheme)
        picture(tab, scheme)


def test_a_chat_on_a_phone(own: OpenOwn) -> None:
    with own(options("light"), viewport=PHONE, is_mobile=True, has_touch=True) as tab:
        tab.ask(QUESTION)
        expect_answer_set(tab)
        assert tab.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        picture(tab, "phone")


def test_a_chat_from_right_to_left(own: OpenOwn) -> None:
    with own(options("light", "التكامل العددي", "locale: 'ar',"), viewport=WIDE) as tab:
        tab.ask(QUESTION_AR)
        expect(thread(tab.page).get_by_role("math").first).to_be_visible()
        expect(tab.page.locator("chatkit-shell")).to_have_css("direction", "rtl")
        expect(thread(tab.page).get_by_role("table")).to_be_visible()
        picture(tab, "rtl")


def test_a_form_in_a_widget(own: OpenOwn) -> None:
    with own(options("light", "Newsletter"), viewport=WIDE) as tab:
        tab.ask(WISH)
        form = thread(tab.page)
        form.get_by_role("textbox", name="Name").fill("Ada Lovelace")
        form.get_by_role("radio", name="Large").check()
        expect(form.get_by_role("button", name="Send it")).to_be_visible()
        picture(tab, "widget-form")


def test_an_error_with_a_way_on(own: OpenOwn) -> None:
    with own(options("light", "A story"), viewport=WIDE) as tab:
        tab.ask(LAST_WORDS)
        alert = thread(tab.page).get_by_role("alert")
        expect(alert).to_contain_text("The model is tired.")
        expect(alert.get_by_role("button", name="Try again")).to_be_visible()
        picture(tab, "error")


def test_the_readme_shows_pictures_that_are_there_and_small() -> None:
    shown = re.findall(r"!\[[^]]+\]\((docs/images/[^)]+)\)", (ROOT / "README.md").read_text())
    assert len(shown) == 6
    assert all((ROOT / path).stat().st_size <= MOST_BYTES for path in shown)
