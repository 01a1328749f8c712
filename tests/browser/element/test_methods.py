"""Methods of the element."""

from playwright.sync_api import expect

from tests.browser.asked import Asked, sent
from tests.browser.chat import composer, thread
from tests.browser.element.files import FILES, registered
from tests.browser.own_page import OpenOwn, called, calls, events


def test_set_options_replaces_all_options(own: OpenOwn) -> None:
    with own("{ startScreen: { greeting: 'One' }, disclaimer: { text: 'Two' } }") as tab:
        expect(tab.page.get_by_text("Two")).to_be_visible()
        tab.page.evaluate("chat.setOptions({ api: options.api, locale: 'en' })")
        expect(tab.page.get_by_role("heading", name="What can I help with today?")).to_be_visible()
        expect(tab.page.get_by_text("Two")).to_have_count(0)


def test_set_options_says_what_is_missing(own: OpenOwn) -> None:
    with own() as tab:
        said = tab.page.evaluate(
            "() => { try { chat.setOptions({}); } catch (error) { return String(error); } }"
        )
        assert said.startswith("TypeError: ChatKit options need api: { url, domainKey }")


def test_focus_composer(own: OpenOwn) -> None:
    with own() as tab:
        tab.page.evaluate("chat.focusComposer()")
        tab.page.keyboard.type("typed at once")
        expect(composer(tab.page)).to_have_text("typed at once")


def test_set_thread_id(own: OpenOwn) -> None:
    with own() as tab:
        tab.ask("hello")
        (change, *_) = [one for one in events(tab.page, "thread.change") if one]
        assert isinstance(change, dict)
        tab.page.evaluate("chat.setThreadId(null)")
        expect(tab.page.get_by_role("heading", name="What can I help with today?")).to_be_visible()
        tab.page.evaluate("id => chat.setThreadId(id)", change["threadId"])
        expect(thread(tab.page)).to_contain_text("You said: hello")


def test_send_custom_action(own: OpenOwn) -> None:
    with own() as tab:
        tab.ask("widget card")
        tab.page.evaluate("chat.sendCustomAction({ type: 'mine', payload: { n: 2 } })")
        expect(thread(tab.page)).to_contain_text("Action mine with {'n': 2}.")
        listed = tab.page.evaluate(
            """async ({ threadId }) => (await (await fetch("/chatkit", {
              method: "POST", headers: { "Content-Type": "application/json" },
              body: JSON.stringify({ type: "items.list",
                params: { thread_id: threadId, limit: 9, order: "asc" } }) })).json()).data""",
            events(tab.page, "thread.change")[-1],
        )
        (widget,) = [item["id"] for item in listed if item["type"] == "widget"]
        tab.page.evaluate("id => chat.sendCustomAction({ type: 'replace' }, id)", widget)
        expect(thread(tab.page)).to_contain_text("Replaced")


def test_send_user_message(own: OpenOwn) -> None:
    with own() as tab:
        asked = Asked(tab.page)
        tab.page.evaluate("chat.sendUserMessage({ text: 'one' })")
        expect(thread(tab.page)).to_contain_text("You said: one")
        attachment = registered(tab)
        tab.page.evaluate(
            """attachment => chat.sendUserMessage({
              content: [{ type: "input_text", text: "Ask " },
                { type: "input_tag", id: "ada", text: "Ada" }],
              reply: "What was said", attachments: [attachment], newThread: true,
              toolChoice: { id: "draw" }, model: "large" })""",
            attachment,
        )
        expect(thread(tab.page)).to_contain_text("You said: Ask Ada")
        expect(thread(tab.page)).to_contain_text("What was said")
        expect(thread(tab.page)).to_contain_text("notes.txt")
        expect(thread(tab.page)).not_to_contain_text("You said: one")
        assert len(asked.of("threads.create")) == 2, "newThread"
        message = sent(asked)[1]
        assert message["quoted_text"] == "What was said"
        assert message["attachments"] == [attachment["id"]]
        assert message["inference_options"] == {"tool_choice": {"id": "draw"}, "model": "large"}


def test_set_composer_value(own: OpenOwn) -> None:
    options = """{ composer: { attachments: { enabled: true },
      tools: [{ id: "draw", label: "Draw", icon: "images" }],
      models: [{ id: "small", label: "Small" }, { id: "large", label: "Large" }] } }"""
    with own(options) as tab:
        page = tab.page
        asked = Asked(page)
        page.evaluate("chat.setComposerValue({ text: 'A draft' })")
        expect(composer(page)).to_have_text("A draft")
        tab.ask("first")
        page.evaluate(
            """attachment => chat.setComposerValue({
              content: [{ type: "input_text", text: "Ask " },
                { type: "input_tag", id: "ada", text: "Ada" }],
              reply: "Quoted", attachments: [attachment],
              selectedToolId: "draw", selectedModelId: "large" })""",
            registered(tab),
        )
        expect(composer(page)).to_contain_text("Ask Ada")
        expect(page.get_by_role("group", name="Quoted text")).to_contain_text("Quoted")
        expect(page.get_by_role("button", name="Remove notes.txt")).to_be_visible()
        expect(page.get_by_role("button", name="Remove Draw")).to_be_visible()
        expect(page.get_by_role("button", name="Model: Large")).to_be_visible()
        page.evaluate("chat.setComposerValue({ selectedToolId: null })")
        expect(page.get_by_role("button", name="Remove Draw")).to_have_count(0)
        expect(composer(page)).to_contain_text("Ask Ada")
        assert len(sent(asked)) == 1, "nothing is sent"


def test_set_composer_value_uploads_files(own: OpenOwn) -> None:
    with own(f"{{ {FILES} }}") as tab:
        with tab.page.expect_request("**/uploads/*") as uploaded:
            tab.page.evaluate(
                """chat.setComposerValue({
                  files: [new File(["x"], "a.txt", { type: "text/plain" })] })"""
            )
        assert uploaded.value.method == "PUT"
        expect(tab.page.get_by_role("button", name="Remove a.txt")).to_be_visible()


def test_show_history_and_hide_history(own: OpenOwn) -> None:
    with own("{ header: { enabled: false } }") as tab:
        tab.page.evaluate("chat.showHistory()")
        expect(tab.page.get_by_role("dialog", name="Chats")).to_be_visible()
        tab.page.evaluate("chat.hideHistory()")
        expect(tab.page.get_by_role("dialog", name="Chats")).to_have_count(0)


def test_fetch_updates(own: OpenOwn) -> None:
    with own() as tab:
        tab.ask("hello")
        tab.page.evaluate(
            """async ({ threadId }) => (await fetch("/chatkit", {
              method: "POST", headers: { "Content-Type": "application/json" },
              body: JSON.stringify({ type: "threads.add_user_message", params: {
                thread_id: threadId, input: { content: [{ type: "input_text", text: "elsewhere" }],
                attachments: [], inference_options: {} } } }) })).text()""",
            events(tab.page, "thread.change")[-1],
        )
        expect(thread(tab.page)).not_to_contain_text("elsewhere")
        tab.page.evaluate("chat.fetchUpdates()")
        expect(thread(tab.page)).to_contain_text("You said: elsewhere")


def test_add_event_listener_and_remove_event_listener(own: OpenOwn) -> None:
    before = """window.heard = ({ type }) => called("heard", type);
      chat.addEventListener("chatkit.history.open", window.heard);"""
    with own(before=before) as tab:
        tab.page.evaluate("chat.showHistory()")
        assert called(tab.page, "heard") == [["chatkit.history.open"]]
        tab.page.evaluate(
            """async () => { chat.removeEventListener("chatkit.history.open", window.heard);
              await chat.hideHistory(); await chat.showHistory(); }"""
        )
        assert len(events(tab.page, "history.open")) == 2
        assert len(calls(tab.page, "heard")) == 1
