"""The network between the element and its server: away, back, cut, and shared by tabs."""

import time

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.acceptance.process import ServerProcess
from tests.browser.chat import said
from tests.browser.conftest import OpenPage, Tab
from tests.browser.stored import user_texts
from tests.browser.wire import Wire, wire_to

WORDS = 150
AWAY = "ERR_"
OFFLINE = "No connection."
GIVES_UP_MS = 120_000

WAKES = {
    "the tab is looked at again": "document.dispatchEvent(new Event('visibilitychange'))",
    "the network is there again": "window.dispatchEvent(new Event('online'))",
}


def with_clock(context: BrowserContext) -> None:
    context.clock.install()


def stop_clock(page: Page) -> None:
    """From now on no timer ends: what goes on, goes on for another reason."""
    page.clock.pause_at(page.evaluate("Date.now() + 10_000"))


def offline(page: Page) -> bool:
    shown: bool = page.evaluate(f"window.chatkitTest.text().includes('{OFFLINE}')")
    return shown


def lose(page: Page, wire: Wire) -> None:
    """Cut the wire and wait until the page has noticed."""
    wire.refusing = True
    wire.cut()
    page.wait_for_function(f"() => window.chatkitTest.text().includes('{OFFLINE}')")


@pytest.mark.parametrize("news", WAKES.values(), ids=WAKES.keys())
def test_an_answer_goes_on_at_once_when(
    open_page: OpenPage, gallery: ServerProcess, news: str
) -> None:
    with (
        wire_to(gallery.port) as wire,
        open_page(server=wire, expected=AWAY, prepare=with_clock) as tab,
    ):
        tab.send(f"slow {WORDS} 20")
        expect(tab.page.get_by_text("word3").first).to_be_visible()
        stop_clock(tab.page)
        lose(tab.page, wire)
        wire.refusing = False
        assert offline(tab.page), "with its timers stopped it does not try again by itself"

        tab.page.wait_for_function(
            f"() => {{ {news}; return !window.chatkitTest.text().includes('{OFFLINE}'); }}"
        )

        tab.page.clock.resume()
        tab.page.wait_for_function(
            "words => window.chatkitTest.text().includes(words)", arg=said(WORDS)
        )
        assert tab.text.count(said(WORDS)) == 1


def test_a_message_waits_for_the_server_to_come_back_and_is_stored_once(
    open_page: OpenPage, gallery: ServerProcess
) -> None:
    with (
        wire_to(gallery.port) as wire,
        open_page(server=wire, expected=AWAY, prepare=with_clock) as tab,
    ):
        tab.ask("Before")
        stop_clock(tab.page)
        wire.refusing = True
        wire.cut()
        tab.send("While nobody is there")
        expect(tab.page.get_by_role("status").filter(has_text=OFFLINE)).to_be_visible()

        wire.refusing = False
        tab.page.clock.resume()

        expect(tab.page.get_by_text("You said: While nobody is there").first).to_be_visible()
        expect(tab.page.get_by_role("status").filter(has_text=OFFLINE)).to_have_count(0)
        assert user_texts(tab.page, gallery) == ["Before", "While nobody is there"]


def test_a_message_whose_acknowledgement_is_lost_is_sent_again_and_stored_once(
    open_page: OpenPage, gallery: ServerProcess
) -> None:
    with wire_to(gallery.port) as wire, open_page(server=wire, expected=AWAY) as tab:
        tab.ask("Before")
        wire.swallowing = True
        tab.send("Only once")
        wire.wait_until_swallowed("Only once")
        assert user_texts(tab.page, gallery) == ["Before", "Only once"]

        wire.swallowing = False  # first: the browser tries again on its own, and at once
        wire.cut()

        expect(tab.page.get_by_text("You said: Only once").first).to_be_visible()
        tab.wait_idle()
        assert user_texts(tab.page, gallery) == ["Before", "Only once"]
        assert tab.text.count("You said: Only once") == 1


def test_a_message_that_nobody_takes_is_in_the_composer_again(
    open_page: OpenPage, gallery: ServerProcess
) -> None:
    with (
        wire_to(gallery.port) as wire,
        open_page(server=wire, expected=AWAY, prepare=with_clock) as tab,
    ):
        tab.ask("Before")
        wire.refusing = True
        wire.cut()

        tab.send("Do not lose me")
        alert = tab.page.get_by_role("alert").filter(has_text="That did not work.")
        deadline = time.monotonic() + 60
        while not alert.is_visible():
            assert time.monotonic() < deadline
            tab.page.clock.fast_forward(GIVES_UP_MS // 10)
            tab.page.wait_for_timeout(100)

        expect(tab.page.get_by_role("textbox").last).to_have_text("Do not lose me")
        wire.refusing = False
        tab.page.get_by_role("textbox").last.press("Enter")
        expect(tab.page.get_by_text("You said: Do not lose me").first).to_be_visible()
        assert user_texts(tab.page, gallery) == ["Before", "Do not lose me"]


def test_a_message_that_nobody_takes_is_in_the_composer_again_when_it_is_stopped(
    open_page: OpenPage, gallery: ServerProcess
) -> None:
    with wire_to(gallery.port) as wire, open_page(server=wire, expected=AWAY) as tab:
        tab.ask("Before")
        wire.refusing = True
        wire.cut()
        tab.send("Do not lose me")
        expect(tab.page.get_by_role("status").filter(has_text=OFFLINE)).to_be_visible()

        tab.page.get_by_role("button", name="Stop").click()

        expect(tab.page.get_by_role("textbox").last).to_have_text("Do not lose me")
        expect(tab.page.get_by_role("status").filter(has_text=OFFLINE)).to_have_count(0)
        wire.refusing = False
        tab.page.keyboard.press("Enter")
        expect(tab.page.get_by_text("You said: Do not lose me").first).to_be_visible()
        assert user_texts(tab.page, gallery) == ["Before", "Do not lose me"]


def test_stop_before_the_answer_begins_keeps_the_message_in_the_thread_only(
    open_page: OpenPage, gallery: ServerProcess
) -> None:
    with wire_to(gallery.port) as wire, open_page(server=wire, expected=AWAY) as tab:
        tab.ask("Before")
        wire.swallowing = True
        tab.send("slow 2000 20")
        wire.wait_until_swallowed("slow 2000 20")

        tab.page.get_by_role("button", name="Stop").click()
        wire.swallowing = False
        wire.cut()

        expect(tab.page.get_by_role("button", name="Send", exact=True)).to_be_visible()
        expect(tab.page.get_by_role("textbox").last).to_have_text("")
        assert tab.text.count("slow 2000 20") == 1
        assert user_texts(tab.page, gallery) == ["Before", "slow 2000 20"]
        assert "word1999" not in tab.text


def test_no_event_is_shown_twice_when_a_run_is_read_again(
    open_page: OpenPage, gallery: ServerProcess
) -> None:
    with wire_to(gallery.port) as wire, open_page(server=wire, expected=AWAY) as tab:
        tab.send(f"noted {WORDS} 20")
        for word in ("word3", "word40", "word80"):
            expect(tab.page.get_by_text(word).first).to_be_visible()
            lose(tab.page, wire)
            wire.refusing = False
        tab.page.wait_for_function(
            "words => window.chatkitTest.text().includes(words)", arg=said(WORDS)
        )
        tab.wait_idle()

        assert tab.text.count("word0 ") == 1
        expect(tab.page.get_by_role("note")).to_have_count(1)
        assert tab.page.evaluate("window.chatkitTest.count('chatkit.effect')") == 1


def test_two_tabs_follow_one_answer_and_either_can_stop_it(tab: Tab) -> None:
    tab.send("slow 2000 20")
    expect(tab.page.get_by_text("word3").first).to_be_visible()
    other = tab.page.context.new_page()
    other.goto(tab.page.url)
    expect(other.get_by_text("word3").first).to_be_visible()

    other.get_by_role("button", name="Stop").click()

    for page in (tab.page, other):
        page.bring_to_front()
        expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible()
    texts = [page.evaluate("window.chatkitTest.text()") for page in (tab.page, other)]
    answers = [text[text.index("word0") :].split("\n")[0].strip() for text in texts]
    assert answers[0] == answers[1]
    assert "word1999" not in answers[0]
