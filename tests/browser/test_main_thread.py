"""The benchmark of the web UI counts what a page does until it has come to rest."""

from benchmarks.main_thread import MainThread
from playwright.sync_api import Browser

CHORES = """() => {
  window.left = 20;
  const chore = () => {
    for (const end = performance.now() + 5; performance.now() < end;);
    window.left -= 1;
    if (window.left > 0) setTimeout(() => requestIdleCallback(chore), 30);
  };
  chore();
}"""


def test_what_a_page_puts_off_is_waited_for(browser: Browser) -> None:
    page = browser.new_page()
    thread = MainThread(page)

    page.evaluate(CHORES)
    thread.come_to_rest()

    assert page.evaluate("window.left") == 0
    page.close()
