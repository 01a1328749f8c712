"""`getClientSecret`: a page of another origin, whose chat has a session's secret."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from playwright.sync_api import BrowserContext, Response, expect

from tests.acceptance.process import COMMAND, ServerProcess, environment, running
from tests.browser.conftest import ROOT, OpenPage, Tab
from tests.browser.site import Site, page_with, site
from tests.protocol import req

JWT_SECRET = "of thirty-two characters or more, for tests"
REQUESTS_PER_MINUTE = 3

[SHOWN] = re.findall(r"```js\n(.*?)```", (ROOT / "docs" / "sessions.md").read_text(), re.DOTALL)
"""What the documentation tells pages to do."""


@dataclass(frozen=True)
class Estate:
    """A server with sessions, a page of another origin that uses it, and an API key."""

    backend: ServerProcess
    page: Site
    key: str

    def cancel(self, session_id: str) -> None:
        """End a session: its secret is refused from then on."""
        url = f"{self.backend.url}/v1/chatkit/sessions/{session_id}/cancel"
        answer = httpx.post(url, headers={"Authorization": f"Bearer {self.key}"})
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    folder = tmp_path_factory.mktemp("sessions")
    command = [*COMMAND, "serve", "tests.browser.gallery:Gallery"]
    with site() as page:
        variables = {
            "PYTHONPATH": str(ROOT),
            "AUTH": "session,cookie",
            "JWT_SECRET": JWT_SECRET,
            "CORS_ORIGINS": page.url,
            "SESSION_REQUESTS_PER_MINUTE": str(REQUESTS_PER_MINUTE),
        }
        with running(folder, command, variables) as backend:
            made = subprocess.run(
                [*COMMAND, "keys", "create", "--name", "test"],
                cwd=folder,
                env=environment(folder, **variables),
                capture_output=True,
                text=True,
                check=True,
                timeout=60,
            )
            script = SHOWN.replace('"/api', f'"{backend.url}/api') + (
                "window.asked = [];\n"
                "const get = options.api.getClientSecret;\n"
                "options.api.getClientSecret = (current) => {"
                " window.asked.push(current); return get(current); };\n"
                "chat.setOptions(options);\n"
            )
            page.page = page_with(backend.url, script)
            yield Estate(backend, page, made.stdout.strip())


def logged_in(context: BrowserContext) -> None:
    """Ada has the cookie of the site's login. Each test has its own: her sessions share a limit."""
    token = jwt.encode({"sub": f"ada-{uuid4().hex}", "exp": 2**32}, JWT_SECRET)
    context.add_cookies([{"name": "auth_token", "value": token, "url": "http://127.0.0.1"}])


@dataclass
class Visitor:
    """Ada on the page, and the sessions that she was given, as the server told the page."""

    tab: Tab
    sessions: list[dict[str, Any]]

    @property
    def asked(self) -> list[str | None]:
        """What `getClientSecret` was called with."""
        seen: list[str | None] = self.tab.page.evaluate("window.asked")
        return seen


@pytest.fixture
def visitor(open_page: OpenPage, estate: Estate) -> Iterator[Visitor]:
    sessions: list[dict[str, Any]] = []

    def keep(answer: Response) -> None:
        if answer.ok and re.search(r"/api/chatkit/(session|refresh)$", answer.url):
            sessions.append(json.loads(answer.body()))

    def prepare(context: BrowserContext) -> None:
        logged_in(context)
        context.on("response", keep)

    # A refusal is an error in the console, whoever expects it.
    expected = "Failed to load resource: the server responded with a status of 4"
    with open_page(
        server=estate.page, others=[estate.backend], expected=expected, prepare=prepare
    ) as tab:
        yield Visitor(tab, sessions)


def test_a_page_of_another_origin_chats_with_a_sessions_secret(visitor: Visitor) -> None:
    visitor.tab.ask("context")
    visitor.tab.ask("And again")

    assert visitor.asked == [None]
    assert re.search("ada-[0-9a-f]{32}; ", visitor.tab.text)
    assert "You said: And again" in visitor.tab.text


def test_a_secret_that_is_refused_is_asked_for_once_more_and_the_request_repeated(
    visitor: Visitor, estate: Estate
) -> None:
    visitor.tab.ask("Before")
    [first] = visitor.sessions
    estate.cancel(first["session_id"])

    visitor.tab.ask("After")

    assert visitor.asked == [None, first["client_secret"]]
    assert visitor.tab.text.count("You said: After") == 1
    thread = visitor.tab.page.evaluate(
        "window.chatkitTest.seen.findLast(([name]) => name === 'chatkit.thread.change')[1].threadId"
    )
    secret = visitor.sessions[-1]["client_secret"]
    listed = httpx.post(
        f"{estate.backend.url}/chatkit",
        json=req("items.list", thread_id=thread, limit=20),
        headers={"Authorization": f"Bearer {secret}"},
    ).json()["data"]
    said = [item["content"][0]["text"] for item in listed if item["type"] == "user_message"]
    assert sorted(said) == ["After", "Before"]


def test_many_requests_at_once_ask_for_one_secret(visitor: Visitor, estate: Estate) -> None:
    visitor.tab.ask("title Of many requests")
    [first] = visitor.sessions
    estate.cancel(first["session_id"])

    refused: list[str] = []
    visitor.tab.page.on(
        "response", lambda one: refused.append(one.url) if one.status == 401 else None
    )
    visitor.tab.page.evaluate(
        """async () => {
            const chat = document.querySelector("openai-chatkit");
            const [, change] = window.chatkitTest.seen.find(([name]) => name.includes("change"));
            await Promise.all([chat.setThreadId(change.threadId), chat.showHistory()]);
        }"""
    )

    expect(visitor.tab.page.get_by_role("button", name="Of many requests").first).to_be_visible()
    assert len(refused) >= 3, "the thread, its run, the list of threads"
    assert len(visitor.asked) == 2


def test_a_used_up_limit_is_told_and_the_message_stays_in_the_composer(visitor: Visitor) -> None:
    for number in range(REQUESTS_PER_MINUTE):
        visitor.tab.ask(f"Message {number}")

    visitor.tab.send("One too many")

    page = visitor.tab.page
    expect(page.get_by_role("alert").filter(has_text="minute")).to_be_visible()
    expect(page.get_by_role("textbox").last).to_have_text("One too many")


def test_a_page_of_an_origin_that_is_not_named_gets_no_session(
    open_page: OpenPage, estate: Estate
) -> None:
    with site() as stranger:
        stranger.page = estate.page.page
        with open_page(
            server=stranger, others=[estate.backend], expected="", prepare=logged_in
        ) as tab:
            tab.send("Hello")
            expect(tab.page.get_by_role("status").filter(has_text="No connection.")).to_be_visible()
            tab.page.get_by_role("button", name="Stop").click()
            expect(tab.page.get_by_role("textbox").last).to_have_text("Hello")
            assert "You said" not in tab.text
            blocked = [one for one in tab.problems if "CORS policy" in one or "ERR_FAILED" in one]
            assert blocked == tab.problems != []
            tab.problems.clear()
