"""What a person does on the server's own page, and what they see."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.acceptance.process import COMMAND, running
from tests.browser.asked import Asked
from tests.browser.chat import composer, thread
from tests.browser.conftest import OpenPage, Tab

PHONE = {"width": 390, "height": 844}


def paragraph(page: Page, text: str) -> Locator:
    return thread(page).get_by_role("paragraph").filter(has_text=text)


def chats(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Chats")


def show_chats(page: Page) -> Locator:
    page.get_by_role("button", name="Show chats").click()
    return chats(page)


def begin_titled(tab: Tab, title: str) -> None:
    """A chat of its own, with a title."""
    button = tab.page.get_by_role("button", name="New chat")
    if button.count():
        button.click()
    tab.ask(f"title {title}")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).last.click()


def is_dark(page: Page) -> bool:
    color: str = page.locator("openai-chatkit").evaluate("one => getComputedStyle(one).color")
    red, *_ = (float(part) for part in color[color.index("(") + 1 : -1].split(",")[:3])
    return red > 128


# Writing and reading


def test_the_start_screen_greets_and_invites_to_write(tab: Tab) -> None:
    expect(tab.page.get_by_role("heading", name="What can I help with today?")).to_be_visible()
    expect(tab.page.get_by_role("textbox", name="Message the AI")).to_be_visible()
    expect(tab.page.get_by_role("button", name="Send")).to_be_disabled()


def test_an_answer_is_shown_while_it_is_written(tab: Tab) -> None:
    tab.send("slow 60 30")
    answer = paragraph(tab.page, "word0 ")
    expect(answer).to_contain_text("word5")
    assert "word59" not in tab.text
    expect(tab.page.get_by_role("button", name="Stop")).to_be_visible()
    expect(answer).to_contain_text("word59")
    expect(tab.page.get_by_role("button", name="Send")).to_be_visible()


def test_no_other_answer_is_offered_while_one_is_written(tab: Tab) -> None:
    again = tab.page.get_by_role("button", name="Try again")
    tab.ask("One")
    expect(again).to_have_count(1)
    tab.send("slow 2000 20")
    expect(thread(tab.page).get_by_text("word3")).to_be_visible()
    expect(again).to_have_count(0)
    tab.page.get_by_role("button", name="Stop").click()
    expect(again).to_have_count(2)


def test_enter_sends_and_shift_enter_begins_a_line(tab: Tab) -> None:
    asked = Asked(tab.page)
    composer(tab.page).click()
    tab.page.keyboard.type("one")
    tab.page.keyboard.press("Shift+Enter")
    tab.page.keyboard.type("two")
    assert asked.of("threads.create") == []
    tab.page.keyboard.press("Enter")
    tab.page.get_by_role("button", name="Copy", exact=True).wait_for()
    (created,) = asked.of("threads.create")
    assert created["input"]["content"] == [{"type": "input_text", "text": "one\ntwo"}]
    expect(composer(tab.page)).to_have_text("")


def test_a_message_is_sent_by_the_button_too(tab: Tab) -> None:
    composer(tab.page).fill("hello")
    tab.page.get_by_role("button", name="Send").click()
    expect(thread(tab.page).get_by_text("You said: hello")).to_be_visible()


def test_stop_keeps_what_was_written_and_the_server_stops(tab: Tab) -> None:
    with tab.page.expect_response(lambda answer: "/cancel" in answer.url) as cancelled:
        tab.send("slow 5000 20")
        tab.page.wait_for_function("() => window.chatkitTest.text().includes('word3 ')")
        press(tab.page, "Stop")
    assert cancelled.value.ok
    expect(tab.page.get_by_role("button", name="Send")).to_be_visible()
    run = tab.page.request.get(cancelled.value.url.removesuffix("/cancel"))
    assert run.json()["state"] == "cancelled"
    kept = paragraph(tab.page, "word0 word1").inner_text()
    assert kept.startswith("word0 word1 word2 word3")
    assert "word4999" not in kept
    tab.page.reload()
    expect(paragraph(tab.page, "word0 word1")).to_have_text(kept)


def test_escape_stops_too(tab: Tab) -> None:
    tab.send("slow 5000 20")
    tab.page.wait_for_function("() => window.chatkitTest.text().includes('word3 ')")
    with tab.page.expect_response(lambda answer: "/cancel" in answer.url):
        tab.page.keyboard.press("Escape")
    expect(tab.page.get_by_role("button", name="Send")).to_be_visible()


def test_what_is_written_during_an_answer_can_be_sent_after_it(tab: Tab) -> None:
    tab.send("slow 40 30")
    tab.page.wait_for_function("() => window.chatkitTest.text().includes('word1 ')")
    tab.send("next")
    expect(tab.page.get_by_text("Your message can be sent when the answer")).to_be_visible()
    expect(composer(tab.page)).to_have_text("next")
    tab.page.get_by_role("button", name="Send").wait_for()
    tab.page.keyboard.press("Enter")
    expect(thread(tab.page).get_by_text("You said: next")).to_be_visible()


def test_a_reload_in_the_middle_of_an_answer_shows_the_rest_of_it(tab: Tab) -> None:
    tab.send("slow 80 40")
    tab.page.wait_for_function("() => window.chatkitTest.text().includes('word3 ')")
    tab.page.reload()
    whole = " ".join(f"word{number}" for number in range(80))
    expect(paragraph(tab.page, "word0 ")).to_have_text(whole)
    expect(thread(tab.page).get_by_text("slow 80 40")).to_have_count(1)


def test_markdown_is_set(tab: Tab) -> None:
    tab.ask("markdown")
    page = tab.page
    expect(page.get_by_role("heading", name="Heading", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="link", exact=True)).to_have_attribute(
        "href", "https://example.test/page"
    )
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(3)
    expect(page.get_by_role("group", name="python")).to_contain_text("def greet")
    expect(page.get_by_role("math")).to_have_count(2)


# The chats


def test_a_chat_is_found_in_the_list_and_opened(tab: Tab) -> None:
    begin_titled(tab, "First")
    begin_titled(tab, "Second")
    listed = show_chats(tab.page)
    expect(listed.get_by_role("listitem")).to_have_count(2)
    expect(listed.get_by_role("button", name="Second", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    listed.get_by_role("button", name="First", exact=True).click()
    expect(chats(tab.page)).to_have_count(0)
    expect(tab.page.get_by_role("heading", name="First")).to_be_visible()
    expect(thread(tab.page).get_by_text("title First")).to_be_visible()
    expect(thread(tab.page).get_by_text("title Second")).to_have_count(0)


def test_a_chat_is_renamed(tab: Tab) -> None:
    begin_titled(tab, "Before")
    listed = show_chats(tab.page)
    listed.get_by_role("button", name="Before", exact=True).hover()
    listed.get_by_role("button", name="Rename Before").click()
    box = listed.get_by_role("textbox", name="New title of the chat")
    expect(box).to_have_value("Before")
    box.fill("After")
    listed.get_by_role("button", name="Save").click()
    expect(listed.get_by_role("button", name="After", exact=True)).to_be_visible()
    tab.page.reload()
    expect(tab.page.get_by_role("heading", name="After")).to_be_visible()


def test_a_chat_is_deleted_after_a_question(tab: Tab) -> None:
    begin_titled(tab, "Kept")
    begin_titled(tab, "Gone")
    listed = show_chats(tab.page)
    listed.get_by_role("button", name="Delete Gone").click()
    question = tab.page.get_by_role("alertdialog", name="Delete this chat?")
    question.get_by_role("button", name="Cancel").click()
    expect(listed.get_by_role("listitem")).to_have_count(2)
    listed.get_by_role("button", name="Delete Gone").click()
    question.get_by_role("button", name="Delete").click()
    expect(listed.get_by_role("listitem")).to_have_count(1)
    tab.page.keyboard.press("Escape")
    expect(tab.page.get_by_role("heading", name="What can I help with today?")).to_be_visible()
    expect(show_chats(tab.page).get_by_role("listitem")).to_have_count(1)


def test_a_new_chat_begins_without_the_old_one(tab: Tab) -> None:
    tab.ask("hello")
    tab.page.get_by_role("button", name="New chat").click()
    expect(thread(tab.page).get_by_text("You said: hello")).to_have_count(0)
    expect(tab.page.get_by_role("heading", name="What can I help with today?")).to_be_visible()
    tab.page.reload()
    expect(tab.page.get_by_role("heading", name="What can I help with today?")).to_be_visible()


def test_another_browser_sees_none_of_the_chats(tab: Tab, open_page: OpenPage) -> None:
    tab.ask("hello")
    with open_page() as other:
        expect(show_chats(other.page)).to_contain_text("No chats yet")


# What can be done with an answer


@pytest.mark.parametrize(
    ("button", "kind"), [("Good answer", "positive"), ("Bad answer", "negative")]
)
def test_an_answer_is_rated(tab: Tab, button: str, kind: str) -> None:
    tab.ask("hello")
    asked = Asked(tab.page)
    with tab.page.expect_response("**/chatkit") as answered:
        press(tab.page, button)
    assert answered.value.ok
    (rated,) = asked.of("items.feedback")
    assert rated["kind"] == kind
    assert len(rated["item_ids"]) == 1
    expect(tab.page.get_by_role("button", name=button, pressed=True)).to_be_visible()
    expect(tab.page.get_by_text("Thank you for your feedback")).to_have_count(1)


def test_an_answer_can_be_had_again(tab: Tab) -> None:
    tab.ask("hello")
    asked = Asked(tab.page)
    with tab.answered():
        press(tab.page, "Try again")
    assert len(asked.of("threads.retry_after_item")) == 1
    expect(thread(tab.page).get_by_text("You said: hello")).to_have_count(1)
    tab.page.reload()
    expect(thread(tab.page).get_by_text("You said: hello")).to_have_count(1)


def test_an_answer_is_copied_as_plain_text(open_page: OpenPage) -> None:
    with open_page(permissions=["clipboard-read", "clipboard-write"]) as tab:
        tab.ask("say Some **bold** and a [link](https://example.test/).")
        press(tab.page, "Copy")
        expect(tab.page.get_by_role("button", name="Copied")).to_be_visible()
        copied = tab.page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("Some bold and a link")


def test_code_is_copied_as_it_is(open_page: OpenPage) -> None:
    with open_page(permissions=["clipboard-read", "clipboard-write"]) as tab:
        tab.ask("markdown")
        press(tab.page, "Copy code")
        expect(tab.page.get_by_role("button", name="Copied")).to_be_visible()
        copied = tab.page.evaluate("navigator.clipboard.readText()")
        assert copied == 'def greet(name: str) -> str:\n    return f"Hello {name}"'


def test_after_an_error_what_was_written_stays_and_can_be_tried_again(tab: Tab) -> None:
    tab.ask("error")
    alert = tab.page.get_by_role("alert").filter(has_text="The model is tired.")
    expect(thread(tab.page).get_by_text("Half of an ans")).to_be_visible()
    asked = Asked(tab.page)
    with tab.answered():
        alert.get_by_role("button", name="Try again").click()
    assert len(asked.of("threads.retry_after_item")) == 1
    expect(thread(tab.page).get_by_text("Half of an ans")).to_have_count(1)
    expect(alert).to_have_count(1)


# What else a server shows


def test_a_locked_chat_says_why_and_takes_no_message(tab: Tab) -> None:
    tab.ask("lock")
    expect(thread(tab.page).get_by_text("A colleague reads it.")).to_be_visible()
    box = tab.page.get_by_role("textbox", name="This chat is locked.")
    expect(box).to_have_attribute("aria-disabled", "true")
    expect(tab.page.get_by_role("button", name="Send")).to_be_disabled()
    expect(tab.page.get_by_role("button", name="Try again")).to_have_count(0)


def test_a_closed_chat_says_why_and_another_can_be_begun(tab: Tab) -> None:
    tab.ask("close")
    expect(thread(tab.page).get_by_text("It is solved.")).to_be_visible()
    expect(tab.page.get_by_role("textbox", name="This chat is closed.")).to_be_visible()
    tab.page.get_by_role("button", name="New chat").click()
    tab.ask("hello")
    expect(thread(tab.page).get_by_text("You said: hello")).to_be_visible()


def test_questions_are_answered(tab: Tab) -> None:
    tab.ask("questions")
    page = tab.page
    page.get_by_role("group", name="Which?").get_by_role("radio", name="Green").check()
    for name in ("Red", "Green"):
        page.get_by_role("group", name="Which ones?").get_by_role("checkbox", name=name).check()
    page.get_by_role("textbox", name="Why?").fill("Because.")
    page.get_by_role("button", name="Submit").click()
    expect(thread(page).get_by_text("You answered")).to_be_visible()
    expect(page.get_by_role("definition")).to_have_text(["Green", "Red, Green", "Because."])
    expect(page.get_by_role("radio")).to_have_count(0)


def test_questions_that_are_not_answered_are_pointed_out(tab: Tab) -> None:
    tab.ask("questions")
    asked = Asked(tab.page)
    tab.page.get_by_role("button", name="Submit").click()
    expect(thread(tab.page).get_by_text("This is needed.")).to_have_count(3)
    assert asked.of("threads.add_structured_input") == []
    tab.page.get_by_role("button", name="Skip all").click()
    expect(tab.page.get_by_role("definition")).to_have_text(["Skipped"] * 3)


def test_a_client_tool_of_which_the_page_knows_nothing_does_not_hold_up_the_chat(tab: Tab) -> None:
    tab.send("tool colours")
    expect(thread(tab.page).get_by_text("This page has no client tools")).to_be_visible()
    tab.wait_idle()
    tab.ask("hello")
    expect(thread(tab.page).get_by_text("You said: hello")).to_be_visible()


def test_a_workflow_is_summed_up_and_unfolds(tab: Tab) -> None:
    tab.ask("workflow")
    summary = tab.page.get_by_role("button", name="Looked at the sky")
    expect(summary).to_be_visible()
    if summary.get_attribute("aria-expanded") != "true":
        summary.click()
    expect(tab.page.get_by_role("link", name="example.test")).to_be_visible()
    summary.click()
    expect(tab.page.get_by_role("link", name="example.test")).to_have_count(0)


def test_reasoning_is_folded_to_how_long_it_took(tab: Tab) -> None:
    tab.ask("reasoning")
    expect(thread(tab.page).get_by_text("Let me see")).to_have_count(0)
    press(tab.page, "Thought for 3 s")
    expect(thread(tab.page).get_by_text("Let me see")).to_be_visible()


def test_a_generated_image_is_seen_and_opens(tab: Tab) -> None:
    tab.ask("image")
    page = tab.page
    page.wait_for_function(
        """() => {
          const images = (root) => [...root.querySelectorAll('*')].flatMap((one) => [
            ...(one instanceof HTMLImageElement ? [one] : []),
            ...(one.shadowRoot ? images(one.shadowRoot) : [])]);
          return images(document).some((one) => one.complete && one.naturalWidth > 0);
        }"""
    )
    page.get_by_role("button", name="Open the image: Generated image").click()
    large = page.get_by_role("dialog", name="Generated image")
    expect(large).to_be_visible()
    large.get_by_role("button", name="Close").click()
    expect(large).not_to_be_visible()


def test_the_sources_of_an_answer_are_listed(tab: Tab) -> None:
    tab.ask("sources")
    expect(tab.page.get_by_role("button", name="Source 1: On the sky")).to_be_visible()
    tab.page.get_by_role("button", name="Sources 3").click()
    expect(tab.page.get_by_role("link", name="On the sky")).to_have_attribute(
        "href", "https://example.test/sky"
    )
    expect(thread(tab.page).get_by_text("colours.pdf")).to_be_visible()


def test_a_notice_is_shown(tab: Tab) -> None:
    tab.ask("notice")
    notice = tab.page.get_by_role("note")
    expect(notice).to_contain_text("Careful")
    expect(notice.get_by_role("strong")).to_have_text("full")


def test_progress_is_shown_until_there_is_an_answer(tab: Tab) -> None:
    tab.send("progress 2")
    expect(thread(tab.page).get_by_text("Looking around")).to_be_visible()
    expect(thread(tab.page).get_by_text("Looked around.")).to_be_visible()
    expect(thread(tab.page).get_by_text("Looking around")).to_have_count(0)


def test_a_single_task_is_shown(tab: Tab) -> None:
    tab.ask("task")
    expect(thread(tab.page).get_by_text("A task")).to_be_visible()
    expect(thread(tab.page).get_by_text("With content.")).to_be_visible()


def test_a_widget_asks_the_server_and_shows_what_comes_of_it(tab: Tab) -> None:
    tab.ask("widget card")
    press(tab.page, "Press")
    expect(thread(tab.page).get_by_text("Action press with {'n': 1}.")).to_be_visible()


# The page itself


def test_dark_and_light_are_switched_and_remembered(open_page: OpenPage) -> None:
    with open_page(color_scheme="light") as tab:
        assert not is_dark(tab.page)
        press(tab.page, "Dark mode")
        tab.page.get_by_role("button", name="Light mode").wait_for()
        assert is_dark(tab.page)
        tab.page.reload()
        tab.page.get_by_role("button", name="Light mode").wait_for()
        assert is_dark(tab.page)


def test_the_first_time_the_page_is_as_dark_as_the_system(open_page: OpenPage) -> None:
    with open_page(color_scheme="dark") as tab:
        assert is_dark(tab.page)


def test_a_switch_of_colours_does_not_disturb_an_answer(tab: Tab) -> None:
    tab.send("slow 60 30")
    tab.page.wait_for_function("() => window.chatkitTest.text().includes('word3 ')")
    tab.page.get_by_role("button", name="Dark mode").click()
    whole = " ".join(f"word{number}" for number in range(60))
    expect(paragraph(tab.page, "word0 ")).to_have_text(whole)


def test_on_a_phone_everything_is_in_reach(open_page: OpenPage) -> None:
    with open_page(viewport=PHONE, has_touch=True, is_mobile=True) as tab:
        tab.ask("markdown")
        tab.ask("widget form")
        page = tab.page
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        for button in page.get_by_role("button").all():
            box = button.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"], button
        writing = composer(page).bounding_box()
        assert writing is not None
        assert writing["y"] + writing["height"] <= PHONE["height"]
        panel = show_chats(page).bounding_box()
        assert panel is not None
        assert round(panel["width"]) == PHONE["width"]


def test_the_address_holds_the_chat(tab: Tab, open_page: OpenPage) -> None:
    tab.ask("title Mine")
    assert "#thread=thr_" in tab.page.url
    tab.page.goto(tab.page.url)
    expect(tab.page.get_by_role("heading", name="Mine")).to_be_visible()


def test_without_an_application_the_offline_model_chats(
    open_page: OpenPage, tmp_path: Path
) -> None:
    with (
        running(tmp_path, [*COMMAND, "serve"]) as server,
        open_page("/chat", server=server) as tab,
    ):
        tab.ask("Hello, my name is Ada.")
        tab.ask("What is my name?")
        answer = thread(tab.page)
        expect(answer).to_contain_text("Ada.")
        expect(answer).to_contain_text("offline")
        expect(tab.page.get_by_role("button", name="Copy", exact=True)).to_have_count(2)
