"""What the other tests rely on: a tab waits for the answer that was asked for."""

import pytest

from tests.browser.chat import send
from tests.browser.conftest import Tab


@pytest.fixture
def slowly(tab: Tab) -> Tab:
    """A page whose questions are on their way for a while."""
    tab.page.add_init_script(
        """{
          const fetched = window.fetch;
          window.fetch = async (...given) => {
            await new Promise((done) => setTimeout(done, 300));
            return fetched(...given);
          };
        }"""
    )
    tab.page.reload()
    tab.page.wait_for_function("() => window.chatkitTest.count('chatkit.ready') > 0")
    return tab


def test_after_a_message_the_tab_is_idle_when_it_is_answered(slowly: Tab) -> None:
    slowly.send("hello")
    slowly.wait_idle()
    assert "You said: hello" in slowly.text


def test_so_it_is_after_one_that_was_sent_by_a_method(slowly: Tab) -> None:
    send(slowly.page, "hello")
    slowly.wait_idle()
    assert "You said: hello" in slowly.text


def test_a_tab_that_was_asked_nothing_is_idle(tab: Tab) -> None:
    tab.wait_idle()
    assert "You said" not in tab.text
