"""`entities` and `commands`."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.asked import Asked, sent
from tests.browser.chat import composer, thread
from tests.browser.element.files import FILES
from tests.browser.own_page import OpenOwn, called, calls

ADA = """{ id: "ada", title: "Ada", icon: "user", interactive: true, group: "People",
  data: { born: "1815" } }"""


# entities

SEARCH = f"""onTagSearch: async (query) => {{
  called("search", query);
  return [{ADA}, {{ id: "bob", title: "Bob" }}].filter(
    ({{ title }}) => title.toLowerCase().startsWith(query.toLowerCase()));
}}"""


def test_entities_on_tag_search_completes_tags(own: OpenOwn) -> None:
    with own(f"{{ entities: {{ {SEARCH} }} }}") as tab:
        asked = Asked(tab.page)
        composer(tab.page).click()
        tab.page.keyboard.type("Ask @ad")
        # Until it is asked for "ad", what there was for "" is narrowed.
        tab.page.wait_for_function(
            "() => window.calls.some(([name, query]) => name === 'search' && query === 'ad')"
        )
        expect(tab.page.get_by_role("option")).to_have_text(["Ada"])
        expect(tab.page.get_by_role("group", name="People")).to_be_visible()
        tab.page.keyboard.press("Enter")
        tab.page.keyboard.type("about it")
        expect(composer(tab.page)).to_contain_text("about it")
        tab.page.keyboard.press("Enter")
        expect(thread(tab.page)).to_contain_text("You said: Ask Ada")
        (message,) = sent(asked)
        (tag,) = [part for part in message["content"] if part["type"] == "input_tag"]
        assert tag["id"] == "ada"
        assert tag["data"] == {"born": "1815"}


def test_entities_show_composer_menu(own: OpenOwn) -> None:
    with own(f"{{ entities: {{ {SEARCH} }} }}") as tab:
        button = tab.page.get_by_role("button", name="Mention something")
        expect(button).to_have_count(0)
        tab.page.evaluate(
            "chat.setOptions({ ...options,"
            " entities: { ...options.entities, showComposerMenu: true } })"
        )
        button.click()
        expect(composer_or_combobox(tab.page)).to_have_text("@")
        expect(tab.page.get_by_role("option")).to_have_text(["Ada", "Bob"])
        tab.page.get_by_role("option", name="Bob").click()
        expect(composer(tab.page)).to_contain_text("Bob")


TAGGED = """chat.sendUserMessage({ content: [{ type: "input_text", text: "Ask " },
  { type: "input_tag", id: "ada", text: "Ada", interactive: true, group: "People",
     data: { born: "1815" } }] })"""


def test_entities_on_click(own: OpenOwn) -> None:
    with own("{ entities: { onClick: (entity) => called('click', entity) } }") as tab:
        tab.page.evaluate(TAGGED)
        thread(tab.page).get_by_role("button", name="Ada").click()
        ((entity,),) = called(tab.page, "click")
        assert isinstance(entity, dict)
        assert entity["id"] == "ada"
        assert entity["title"] == "Ada"
        assert entity["data"] == {"born": "1815"}


def test_entities_on_request_preview(own: OpenOwn) -> None:
    options = """{ entities: { onRequestPreview: async (entity) => {
      called("preview", entity.id);
      return { preview: { type: "Basic", children: [{ type: "Text", value: "Born in 1815" }] } };
    } } }"""
    with own(options) as tab:
        tab.page.evaluate(TAGGED)
        thread(tab.page).get_by_role("button", name="Ada").hover()
        expect(tab.page.get_by_text("Born in 1815")).to_be_visible()
        assert calls(tab.page, "preview") == [["ada"]]


# commands


def test_commands_enabled_opens_a_menu_of_what_the_composer_can_do(own: OpenOwn) -> None:
    with own(f"{{ commands: {{ enabled: true }}, {FILES} }}") as tab:
        composer(tab.page).click()
        tab.page.keyboard.type("/")
        expect(tab.page.get_by_role("option", name="Attach files")).to_be_visible()
        tab.page.evaluate("chat.setOptions({ ...options, commands: { enabled: false } })")
        tab.page.evaluate("chat.setComposerValue({ text: '' })")
        tab.page.keyboard.type("/a")
        expect(tab.page.get_by_role("option")).to_have_count(0)


COMMANDS = f"""{{ commands: {{ enabled: true,
  onSearch: async (query) => {{
    called("search", query);
    return [
      {{ id: "who", label: "Mention Ada", description: "The first", icon: "user",
        group: "People" }},
      {{ id: "more", label: "More" }},
      {{ id: "beep", label: "Beep" }}];
  }},
  onSelect: async (command) => {{
    called("select", command.id);
    if (command.id === "who") return {{ type: "entity", entity: {ADA} }};
    if (command.id === "more")
      return {{ type: "menu", commands: [{{ id: "deep", label: "Deeper" }}] }};
  }} }} }}"""


def test_commands_on_search_and_on_select(own: OpenOwn) -> None:
    with own(COMMANDS) as tab:
        page = tab.page
        composer(page).click()
        page.keyboard.type("/")
        expect(page.get_by_role("option")).to_have_count(3)
        page.get_by_role("option", name="More").click()
        expect(page.get_by_role("option")).to_have_text(["Deeper"])
        page.get_by_role("option", name="Deeper").click()
        called(page, "select", 2)
        expect(composer(page)).to_have_text("")
        page.keyboard.type("/")
        expect(page.get_by_role("group", name="People")).to_contain_text("The first")
        page.get_by_role("option", name="Mention Ada").click()
        expect(composer(page)).to_contain_text("Ada")
        assert calls(page, "select") == [["more"], ["deep"], ["who"]]
        assert calls(page, "search")[0] == [""]


def composer_or_combobox(page: Page) -> Any:
    """While a list is open, the text is a combobox."""
    return page.locator("chatkit-editor #text")
