"""A server that has nothing but the SDK: what needs runs is missing, and all the rest works."""

import re
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.acceptance.process import ServerProcess, running
from tests.browser.conftest import ROOT, OpenPage, Tab
from tests.browser.site import Site, page_with, site

UVICORN = [sys.executable, "-m", "uvicorn", "tests.browser.plain_server:app", "--port", "{port}"]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with running(tmp_path_factory.mktemp("plain"), UVICORN, {"PYTHONPATH": str(ROOT)}) as server:
        yield server


@pytest.fixture(scope="module")
def page(plain: ServerProcess, gallery: ServerProcess) -> Iterator[Site]:
    with site() as found:
        found.page = page_with(
            gallery.url,
            f'chat.setOptions({{ api: {{ url: "{plain.url}/chatkit", domainKey: "local" }}, '
            "threadItemActions: { retry: true } });",
        )
        yield found


@pytest.fixture
def tab(
    open_page: OpenPage, page: Site, plain: ServerProcess, gallery: ServerProcess
) -> Iterator[Tab]:
    # It has no route that tells of a run: a 404, of which the browser writes a line.
    with open_page(server=page, others=(plain, gallery), expected="404 (Not Found)") as opened:
        yield opened


def test_a_message_is_answered_word_by_word(tab: Tab) -> None:
    tab.send("slow 200 20")

    expect(tab.page.get_by_text("word5").first).to_be_visible()
    assert "word199" not in tab.text
    expect(tab.page.get_by_text("word199").first).to_be_visible()


def test_stop_closes_the_connection_and_the_text_so_far_stays(tab: Tab) -> None:
    tab.send("slow 2000 20")
    expect(tab.page.get_by_text("word5").first).to_be_visible()

    tab.page.get_by_role("button", name="Stop").click()

    expect(tab.page.get_by_role("button", name="Send", exact=True)).to_be_visible()
    assert "word5" in tab.text
    tab.ask("And now?")
    assert "You said: And now?" in tab.text
    assert "word1999" not in tab.text


def test_an_earlier_chat_is_listed_and_opened(tab: Tab) -> None:
    tab.ask("title The earlier one")
    tab.ask("What I said in it")
    tab.page.get_by_role("button", name="New chat").first.click()
    expect(tab.page.get_by_text("What I said in it").first).not_to_be_visible()

    tab.page.get_by_role("button", name="Show chats").click()
    tab.page.get_by_role("button", name="The earlier one", exact=True).click()

    expect(tab.page.get_by_text("You said: What I said in it").first).to_be_visible()


def test_an_error_is_shown_and_its_answer_can_be_had_again(tab: Tab) -> None:
    tab.ask("error")

    alert = tab.page.get_by_role("alert").filter(has_text="The model is tired.")
    expect(alert).to_be_visible()
    with tab.answered():
        alert.get_by_role("button", name=re.compile("Try again")).click()
    expect(alert).to_be_visible()
    assert tab.text.count("Half of an ans") == 1


def test_a_client_tool_is_called_and_its_output_answered(tab: Tab) -> None:
    tab.send("tool page_title")

    expect(tab.page.get_by_text("The tool answered {'error':").first).to_be_visible()
