"""`composer`."""

import re

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.asked import Asked, sent
from tests.browser.chat import composer
from tests.browser.element.files import BIG_FILE, FILES, PICTURE, TEXT_FILE, pick
from tests.browser.element.tools import TOOLS
from tests.browser.own_page import POLICY, OpenOwn

POLICY_WITH_PREVIEWS = f"{POLICY}; img-src 'self' blob:"


def test_composer_placeholder(own: OpenOwn) -> None:
    with own("{ composer: { placeholder: 'Ask away' } }") as tab:
        expect(tab.page.get_by_text("Ask away")).to_be_visible()
        expect(tab.page.get_by_role("textbox", name="Ask away")).to_be_visible()


def test_composer_attachments_are_off_unless_enabled(own: OpenOwn) -> None:
    with own() as tab:
        expect(tab.page.get_by_role("button", name="Attach files")).to_have_count(0)
        tab.page.evaluate(f"chat.setOptions({{ ...options, {FILES} }})")
        with tab.page.expect_file_chooser() as chooser:
            tab.page.get_by_role("button", name="Attach files").click()
        chooser.value.set_files([TEXT_FILE])
        expect(tab.page.get_by_role("button", name="Remove notes.txt")).to_be_visible()


@pytest.mark.parametrize(
    ("rule", "files", "refusal"),
    [
        ("maxSize: 2048", [TEXT_FILE, BIG_FILE], "big.txt is larger than 2 kB."),
        (
            "maxSize: { 'image/*': 4096, '*': 1024 }",
            [TEXT_FILE, PICTURE, BIG_FILE],
            "big.txt is larger than 1 kB.",
        ),
        ("maxCount: 1", [TEXT_FILE, BIG_FILE], "At most 1 file can be attached."),
        (
            "accept: { 'text/plain': ['.txt'] }",
            [TEXT_FILE, PICTURE],
            "dot.png is of a type that cannot be attached.",
        ),
    ],
    ids=["maxSize", "maxSize by type", "maxCount", "accept"],
)
def test_composer_attachments_rules(
    own: OpenOwn, rule: str, files: list[FilePayload], refusal: str
) -> None:
    options = f"{{ composer: {{ attachments: {{ enabled: true, {rule} }} }} }}"
    with own(options, policy=POLICY_WITH_PREVIEWS) as tab:
        pick(tab.page, *files)
        expect(tab.page.get_by_role("alert").filter(has_text=refusal)).to_be_visible()
        expect(tab.page.get_by_role("button", name=re.compile("^Remove "))).to_have_count(
            len(files) - 1
        )
        if rule.startswith("accept"):
            expect(tab.page.locator("input[type=file]")).to_have_attribute(
                "accept", "text/plain,.txt"
            )


def test_composer_tools_are_chosen_from_a_menu_for_one_message(own: OpenOwn) -> None:
    with own(TOOLS) as tab:
        asked = Asked(tab.page)
        tab.page.get_by_role("button", name="Tools").click()
        entry = tab.page.get_by_role("menuitemradio", name="Draw a picture")
        assert entry.locator("svg").count() == 1
        entry.click()
        expect(tab.page.get_by_role("textbox", name="What shall it show?")).to_be_visible()
        chosen = tab.page.get_by_role("button", name="Remove Draw")
        expect(chosen).to_have_text("Draw")
        tab.ask("A cat")
        expect(chosen).to_have_count(0)
        tab.ask("Thanks")
        options = [message["inference_options"]["tool_choice"] for message in sent(asked)]
        assert options == [{"id": "draw"}, None]


def test_composer_tools_pinned_and_persistent(own: OpenOwn) -> None:
    with own(TOOLS) as tab:
        asked = Asked(tab.page)
        pinned = tab.page.get_by_role("button", name="Search the web")
        expect(pinned).to_have_attribute("aria-pressed", "false")
        pinned.click()
        tab.ask("one")
        expect(pinned).to_have_attribute("aria-pressed", "true")
        tab.ask("two")
        pinned.click()
        tab.ask("three")
        options = [message["inference_options"]["tool_choice"] for message in sent(asked)]
        assert options == [{"id": "search"}, {"id": "search"}, None]


def test_composer_models_are_chosen_from(own: OpenOwn) -> None:
    options = """{ composer: { models: [
      { id: "small", label: "Small", description: "Fast" },
      { id: "large", label: "Large", default: true },
      { id: "huge", label: "Huge", disabled: true }] } }"""
    with own(options) as tab:
        asked = Asked(tab.page)
        tab.ask("one")
        tab.page.get_by_role("button", name="Model: Large").click()
        expect(tab.page.get_by_role("menuitemradio", name="Huge")).to_be_disabled()
        small = tab.page.get_by_role("menuitemradio", name="Small")
        expect(small).to_contain_text("Fast")
        small.click()
        expect(tab.page.get_by_role("button", name="Model: Small")).to_be_visible()
        tab.ask("two")
        models = [message["inference_options"]["model"] for message in sent(asked)]
        assert models == ["large", "small"]


MICROPHONE = """navigator.mediaDevices.getUserMedia = async () => {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const end = context.createMediaStreamDestination();
  tone.connect(end);
  tone.start();
  return end.stream;
};"""


def test_composer_dictation_writes_down_what_is_said(own: OpenOwn) -> None:
    with own("{ composer: { dictation: { enabled: true } } }", before=MICROPHONE) as tab:
        asked = Asked(tab.page)
        tab.page.get_by_role("button", name="Dictate").click()
        tab.page.get_by_role("button", name="Stop and write it down").click()
        expect(composer(tab.page)).to_have_text("I said True")
        (heard,) = asked.of("input.transcribe")
        assert heard["mime_type"].startswith("audio/")


def test_composer_dictation_is_off_unless_enabled(own: OpenOwn) -> None:
    with own("{ composer: { dictation: { enabled: false } } }") as tab:
        expect(tab.page.get_by_role("button", name="Send")).to_be_visible()
        expect(tab.page.get_by_role("button", name="Dictate")).to_have_count(0)
