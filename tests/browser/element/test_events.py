"""Events of the element."""

from playwright.sync_api import expect

from tests.browser.chat import thread
from tests.browser.element.tools import TOOLS
from tests.browser.own_page import OpenOwn, events


def test_event_ready(own: OpenOwn) -> None:
    with own() as tab:
        assert events(tab.page, "ready") == [None]


def test_event_error_of_an_answer(own: OpenOwn) -> None:
    with own() as tab:
        tab.ask("error")
        assert events(tab.page, "error") == ["Error: The model is tired."]


def test_event_error_of_a_request(own: OpenOwn) -> None:
    with own("{ initialThread: 'thr_none' }", expected="404") as tab:
        expect(tab.page.get_by_role("alert").filter(has_text="could not be loaded")).to_be_visible()
        assert len(events(tab.page, "error")) == 1


def test_event_effect(own: OpenOwn) -> None:
    with own() as tab:
        tab.ask("effect")
        assert events(tab.page, "effect") == [{"name": "highlight", "data": {"id": 7}}]


def test_event_deeplink(own: OpenOwn) -> None:
    with own() as tab:
        tab.ask("say See [the order](chatkit-link://order?id=7&tab=notes).")
        thread(tab.page).get_by_role("link", name="the order").click()
        assert events(tab.page, "deeplink") == [
            {"name": "order", "data": {"id": "7", "tab": "notes"}}
        ]


def test_events_response_start_and_end_frame_each_answer(own: OpenOwn) -> None:
    with own() as tab:
        tab.ask("one")
        tab.ask("two")
        seen = tab.page.evaluate("chatkitTest.seen.map(([name]) => name)")
        framed = [name for name in seen if name.startswith("chatkit.response.")]
        assert framed == ["chatkit.response.start", "chatkit.response.end"] * 2


def test_events_history_open_and_close(own: OpenOwn) -> None:
    with own() as tab:
        tab.page.get_by_role("button", name="Show chats").click()
        assert len(events(tab.page, "history.open")) == 1
        assert events(tab.page, "history.close") == []
        tab.page.keyboard.press("Escape")
        expect(tab.page.get_by_role("dialog", name="Chats")).to_have_count(0)
        assert len(events(tab.page, "history.close")) == 1


def test_event_thread_change(own: OpenOwn) -> None:
    with own() as tab:
        tab.ask("hello")
        (change,) = events(tab.page, "thread.change")
        assert isinstance(change, dict)
        assert change["threadId"].startswith("thr_")
        tab.page.get_by_role("button", name="New chat").click()
        assert events(tab.page, "thread.change") == [change, {"threadId": None}]


def test_events_thread_load_start_and_end(own: OpenOwn) -> None:
    with own() as tab:
        tab.ask("hello")
        (change,) = events(tab.page, "thread.change")
        assert events(tab.page, "thread.load.start") == []
        tab.page.evaluate("({ threadId }) => chat.setThreadId(threadId)", change)
        expect(thread(tab.page)).to_contain_text("You said: hello")
        assert events(tab.page, "thread.load.start") == [change]
        assert events(tab.page, "thread.load.end") == [change]


def test_event_tool_change(own: OpenOwn) -> None:
    with own(TOOLS) as tab:
        tab.page.get_by_role("button", name="Search the web").click()
        tab.page.evaluate("chat.setComposerValue({ selectedToolId: null })")
        tab.page.wait_for_function("() => chatkitTest.count('chatkit.tool.change') === 2")
        assert events(tab.page, "tool.change") == [{"toolId": "search"}, {"toolId": None}]


def test_event_log_tells_of_items_that_are_not_known(own: OpenOwn) -> None:
    fetch = """async (url, init) => {
      const answer = await fetch(url, init);
      if (!String(init?.body).includes("items.list")) return answer;
      const page = await answer.json();
      const strange = { ...page.data[0], id: "msg_x", type: "hologram" };
      return Response.json({ ...page, data: [strange, ...page.data] });
    }"""
    with own(f"{{ api: {{ ...api, fetch: {fetch} }} }}") as tab:
        tab.ask("hello")
        tab.page.evaluate("chat.fetchUpdates()")
        tab.page.wait_for_function("() => chatkitTest.count('chatkit.log') === 1")
        (log,) = events(tab.page, "log")
        assert log == {"name": "item.unknown", "data": {"id": "msg_x", "type": "hologram"}}
        expect(thread(tab.page)).not_to_contain_text("hologram")
