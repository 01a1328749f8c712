"""An answer outlives a reload and a cut network: what is shown in the end is what is stored."""

import random

from tests.acceptance.process import ServerProcess
from tests.browser.chat import said
from tests.browser.conftest import OpenPage, Tab
from tests.browser.stored import answer_texts
from tests.browser.wire import wire_to
from tests.protocol import create

TIMES = 20
WORDS = 300
LAST = "and the last."


def test_an_answer_goes_on_after_each_of_twenty_reloads(tab: Tab, gallery: ServerProcess) -> None:
    page = tab.page
    tab.send("held reloads")
    page.wait_for_function("() => window.chatkitTest.text().includes('word3')")
    chance = random.Random(1)
    unfinished = 0
    for _ in range(TIMES):
        page.reload()
        page.wait_for_function("() => window.chatkitTest.text().includes('word3')")
        page.wait_for_timeout(chance.randrange(100))
        unfinished += LAST not in tab.text
    assert unfinished == TIMES, "a reload behind the end shows nothing"

    released = page.request.post(f"{gallery.url}/chatkit", data=create("release reloads"))
    assert "Released reloads." in released.text()
    page.wait_for_function("last => window.chatkitTest.text().includes(last)", arg=LAST)
    tab.wait_idle()

    [whole] = answer_texts(page, gallery)
    assert whole.startswith(said(30))
    assert whole.endswith(LAST)
    assert tab.text.count(whole) == 1
    page.reload()
    page.wait_for_function("last => window.chatkitTest.text().includes(last)", arg=LAST)
    assert tab.text.count(whole) == 1


def test_an_answer_goes_on_after_each_of_twenty_cuts(
    open_page: OpenPage, gallery: ServerProcess
) -> None:
    with (
        wire_to(gallery.port) as wire,
        open_page(server=wire, expected="ERR_") as tab,
    ):
        tab.send(f"slow {WORDS} 30")
        tab.page.wait_for_function("() => window.chatkitTest.text().includes('word3')")
        chance = random.Random(2)
        broken = 0
        for number in range(TIMES):
            wire.refusing = number % 3 == 0  # and for a moment nobody is there
            broken += wire.cut() > 0
            tab.page.wait_for_timeout(chance.randrange(150))
            wire.refusing = False
            tab.page.wait_for_timeout(chance.randrange(300))
        tab.page.wait_for_function(
            f"() => window.chatkitTest.text().includes('word{WORDS - 1}')", timeout=60_000
        )
        tab.wait_idle()
        assert broken > TIMES / 4, "a cut that cuts nothing shows nothing"
        assert tab.text.count(said(WORDS)) == 1
