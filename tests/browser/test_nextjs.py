"""`examples/nextjs`: the page and its proxy route, as `npm run build` and `npm start` make them."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from tests.acceptance.process import COMMAND, running
from tests.browser.conftest import ROOT, OpenPage, Tab
from tests.browser.examples import Served, built, served

START = ["npm", "start", "--", "--hostname", "127.0.0.1", "--port", "{port}"]
WORDS = 300

pytestmark = pytest.mark.timeout(300)  # the first test waits for the build


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("nextjs")
    command = [*COMMAND, "serve", "tests.browser.gallery:Gallery"]
    with (
        running(folder, command, {"PYTHONPATH": str(ROOT)}) as backend,
        served(built("nextjs"), START, BACKEND=backend.url) as app,
    ):
        yield app


@pytest.fixture
def app(open_page: OpenPage, example: Served) -> Iterator[Tab]:
    with open_page(server=example) as tab:
        yield tab


def test_an_answer_comes_through_the_proxy_word_by_word(app: Tab) -> None:
    app.send(f"slow {WORDS} 20")

    expect(app.page.get_by_text("word3").first).to_be_visible()
    assert f"word{WORDS - 1}" not in app.text
    expect(app.page.get_by_text(f"word{WORDS - 1}").first).to_be_visible()


def test_an_answer_goes_on_after_a_reload(app: Tab) -> None:
    app.ask("title In Next.js")
    app.send(f"slow {WORDS} 30")
    expect(app.page.get_by_text("word3").first).to_be_visible()

    app.page.reload()
    app.page.get_by_role("button", name="Show chats").click()
    app.page.get_by_role("button", name="In Next.js", exact=True).click()

    expect(app.page.get_by_text("word3").first).to_be_visible()
    assert f"word{WORDS - 1}" not in app.text
    expect(app.page.get_by_text(f"word{WORDS - 1}").first).to_be_visible()
    assert app.text.count(" ".join(f"word{number}" for number in range(WORDS))) == 1


def test_stop_reaches_the_backend_through_the_proxy(app: Tab) -> None:
    app.send("slow 3000 20")
    expect(app.page.get_by_text("word3").first).to_be_visible()

    app.page.get_by_role("button", name="Stop").click()

    expect(app.page.get_by_role("button", name="Send", exact=True)).to_be_visible()
    app.wait_idle()
    assert "word2999" not in app.text
    app.ask("still there?")
    assert "You said: still there?" in app.text


def test_the_backend_is_told_whose_page_asks(example: Served) -> None:
    """Or a page of another site could act with the visitor's cookie."""
    url = f"{example.url}/backend/chatkit"
    from_elsewhere = {"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"}
    with httpx.Client() as visitor:
        body = {"type": "threads.list", "params": {}}
        assert visitor.post(url, json=body).status_code == 200
        assert visitor.post(url, json=body, headers=from_elsewhere).status_code == 403
