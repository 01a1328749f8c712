"""`examples/react`: OpenAI's own React package from npm drives the element, unchanged."""

import re
from collections.abc import Iterator

import httpx
import jwt
import pytest
from playwright.sync_api import Locator, expect

from tests.acceptance.process import COMMAND, ServerProcess, running
from tests.browser.conftest import ROOT, OpenPage, Tab
from tests.browser.examples import Served, built, served
from tests.protocol import req

JWT_SECRET = "of thirty-two characters or more, for tests"
PREVIEW = ["npm", "run", "preview", "--", "--host", "127.0.0.1", "--port", "{port}", "--strictPort"]

pytestmark = pytest.mark.timeout(300)  # the first test waits for the build


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A gallery that believes the cookie of the example's login."""
    folder = tmp_path_factory.mktemp("react")
    command = [*COMMAND, "serve", "tests.browser.gallery:Gallery"]
    variables = {"PYTHONPATH": str(ROOT), "AUTH": "cookie", "JWT_SECRET": JWT_SECRET}
    with running(folder, command, variables) as server:
        yield server


@pytest.fixture(scope="module")
def example(backend: ServerProcess) -> Iterator[Served]:
    with served(built("react"), PREVIEW, BACKEND=backend.url, JWT_SECRET=JWT_SECRET) as running_one:
        yield running_one


@pytest.fixture
def app(open_page: OpenPage, example: Served) -> Iterator[Tab]:
    with open_page(server=example) as tab:
        yield tab


def events(app: Tab) -> Locator:
    """What the application was told: its own list of the wrapper's callbacks."""
    return app.page.get_by_role("list", name="Events").get_by_role("listitem")


def told(app: Tab, event: str) -> Locator:
    return events(app).filter(has_text=re.compile(f"^{re.escape(event)} "))


def button(app: Tab, name: str) -> Locator:
    return app.page.get_by_role("button", name=name, exact=True)


def test_a_message_is_answered_word_by_word(app: Tab) -> None:
    app.send("slow 200 20")

    expect(app.page.get_by_text("word5").first).to_be_visible()
    assert "word199" not in app.text
    expect(app.page.get_by_text("word199").first).to_be_visible()


def test_stop_ends_the_answer_and_keeps_what_is_there(app: Tab) -> None:
    app.send("slow 2000 20")
    expect(app.page.get_by_text("word5").first).to_be_visible()

    button(app, "Stop").click()

    expect(told(app, "response.end")).to_have_count(1)
    expect(button(app, "Send")).to_be_visible()
    assert "word5" in app.text
    assert "word1999" not in app.text


def test_a_client_tool_runs_on_the_page_and_the_answer_knows_its_result(app: Tab) -> None:
    app.send("tool page_title")

    answer = app.page.get_by_text("The tool answered {'title': 'ChatKit in React'}.")
    expect(answer.first).to_be_visible()
    expect(told(app, "clientTool")).to_have_text(
        'clientTool {"name":"page_title","params":{"n":1}}'
    )


def test_a_widget_acts_on_the_server(app: Tab) -> None:
    app.ask("widget actions")

    button(app, "auto button").click()

    expect(app.page.get_by_text("Action slow with None.").first).to_be_visible()
    assert told(app, "widgetAction").count() == 0


def test_a_widget_acts_on_the_page(app: Tab) -> None:
    app.ask("widget actions")

    button(app, "On the page").click()

    expect(told(app, "widgetAction")).to_contain_text('"type":"open","payload":{"id":7}')
    assert "Action open" not in app.text


def test_feedback_reaches_the_server(app: Tab) -> None:
    app.ask("Hello")

    with app.page.expect_response(
        lambda one: "items.feedback" in str(one.request.post_data)
    ) as got:
        button(app, "Good answer").click()

    assert got.value.ok
    expect(button(app, "Good answer")).to_have_attribute("aria-pressed", "true")


def test_the_page_writes_begins_a_chat_and_goes_back_to_another(app: Tab) -> None:
    app.ask("title The first chat")
    button(app, "Send a message").click()
    expect(app.page.get_by_text("You said: Hello from a button").first).to_be_visible()

    button(app, "New chat").first.click()
    expect(app.page.get_by_text("How can I help?")).to_be_visible()
    assert "You said" not in app.text

    button(app, "Chats").click()
    button(app, "The first chat").click()
    expect(app.page.get_by_text("You said: Hello from a button").first).to_be_visible()


def test_the_login_says_who_asks_and_the_interceptor_what_the_page_knows(
    app: Tab, backend: ServerProcess
) -> None:
    app.ask("title Of Ada")
    app.ask("context")

    for known in ("ada; ", "name='Ada'", "plan='pro'", "title='ChatKit in React'", "path='/'"):
        assert known in app.text
    token = jwt.encode({"sub": "ada", "exp": 2**32}, JWT_SECRET)
    cookies = {"auth_token": token}
    listed = httpx.post(f"{backend.url}/chatkit", json=req("threads.list"), cookies=cookies).json()
    assert "Of Ada" in [thread.get("title") for thread in listed["data"]]


def test_every_event_of_the_element_reaches_the_application(app: Tab) -> None:
    app.ask("title With events")
    app.ask("say [Report](chatkit-link://report?id=7)")
    app.page.get_by_role("link", name="Report").click()
    app.ask("effect")
    app.ask("error")
    app.ask('json {"type": "Card", "children": [{"type": "Hologram"}]}')
    button(app, "Search the web").click()
    button(app, "New chat").first.click()
    button(app, "Chats").click()
    button(app, "With events").click()

    expect(told(app, "thread.load.end")).to_have_count(1)
    for event, detail in {
        "ready": "null",
        "response.start": "null",
        "response.end": "null",
        "thread.change": '{"threadId":',
        "thread.load.start": '{"threadId":',
        "thread.load.end": '{"threadId":',
        "tool.change": '{"toolId":"search"}',
        "effect": '{"name":"highlight","data":{"id":7}}',
        "deeplink": '{"name":"report","data":{"id":"7"}}',
        "history.open": "null",
        "history.close": "null",
        "log": '{"name":',
        "error": '"The model is tired."',
    }.items():
        expect(told(app, event).first).to_contain_text(detail)
