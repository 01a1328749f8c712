"""`initialThread` and `onClientTool`: threads, and tools of the page."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.asked import Asked
from tests.browser.chat import thread
from tests.browser.own_page import OpenOwn, calls, events


def test_initial_thread_is_shown_first(own: OpenOwn) -> None:
    with own("{ initialThread: thread }") as tab:
        expect(tab.page.get_by_role("heading", name="What can I help with today?")).to_be_visible()
        tab.ask("title Mine")
        (change,) = [one for one in events(tab.page, "thread.change") if one]
        assert isinstance(change, dict)
        tab.page.goto(tab.page.url + f"?thread={change['threadId']}")
        expect(tab.page.get_by_role("heading", name="Mine")).to_be_visible()
        expect(thread(tab.page)).to_contain_text("Titled.")


@pytest.mark.parametrize(
    ("tool", "said"),
    [
        (
            "({ name, params }) => { called('tool', name, params); return { title: 'Mine' }; }",
            "Mine",
        ),
        ("async ({ name, params }) => { called('tool', name, params); return { n: 7 }; }", "7"),
        (
            "({ name, params }) => { called('tool', name, params); throw new Error('Secret'); }",
            "The client tool page_title failed.",
        ),
    ],
    ids=["at once", "later", "failing"],
)
def test_on_client_tool_answers_the_server(own: OpenOwn, tool: str, said: str) -> None:
    with own(f"{{ onClientTool: {tool} }}") as tab:
        asked = Asked(tab.page)
        tab.send("tool page_title")
        expect(thread(tab.page)).to_contain_text("The tool answered")
        expect(thread(tab.page)).to_contain_text(said)
        assert calls(tab.page, "tool") == [["page_title", {"n": 1}]]
        assert len(asked.of("threads.add_client_tool_output")) == 1
        assert "Secret" not in json.dumps(asked.bodies)
