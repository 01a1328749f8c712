"""Every option, method and event of `@openai/chatkit`, on a page that uses the element by hand.

`docs/ui.md` has a table of them with the names of these tests.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, Route, expect

from tests.browser.asked import Asked
from tests.browser.chat import composer, thread
from tests.browser.conftest import OpenPage, Tab
from tests.browser.own_page import (
    POLICY,
    OpenOwn,
    called,
    calls,
    events,
    own_page,
    style_of,
)

ADA = """{ id: "ada", title: "Ada", icon: "user", interactive: true, group: "People",
  data: { born: "1815" } }"""
TEXT_FILE: FilePayload = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Some notes."}
BIG_FILE: FilePayload = {"name": "big.txt", "mimeType": "text/plain", "buffer": b"x" * 3000}
PICTURE: FilePayload = {"name": "dot.png", "mimeType": "image/png", "buffer": b"x" * 3000}
POLICY_WITH_PREVIEWS = f"{POLICY}; img-src 'self' blob:"
FILES = "composer: { attachments: { enabled: true } }"


@pytest.fixture
def own(open_page: OpenPage) -> OpenOwn:
    return own_page(open_page)


def pick(page: Page, *files: FilePayload) -> None:
    page.locator("input[type=file]").set_input_files(list(files))


def sent(asked: Asked) -> list[dict[str, Any]]:
    """The messages that the page has sent."""
    requests = asked.of("threads.create") + asked.of("threads.add_user_message")
    return [request["input"] for request in requests]


def registered(tab: Tab, name: str = "notes.txt", kind: str = "text/plain") -> dict[str, Any]:
    """A file that the page's server has taken already."""
    made: dict[str, Any] = tab.page.evaluate(
        """async (params) => (await fetch("/chatkit", {
          method: "POST", headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ type: "attachments.create", params }),
        })).json()""",
        {"name": name, "size": 11, "mime_type": kind},
    )
    return made


# api


def test_api_url_is_where_requests_go(own: OpenOwn) -> None:
    def proxied(context: BrowserContext) -> None:
        def onward(route: Route) -> None:
            route.continue_(url=route.request.url.replace("/my/chatkit", "/chatkit"))

        context.route(re.compile("/my/chatkit"), onward)

    with own("{ api: { url: 'my/chatkit', domainKey: 'local' } }", prepare=proxied) as tab:
        asked = Asked(tab.page)
        tab.ask("hello")
        expect(thread(tab.page)).to_contain_text("You said: hello")
        assert asked.paths
        assert all("/my/chatkit" in path for path in asked.paths)


def test_api_fetch_makes_every_request(own: OpenOwn) -> None:
    fetch = """(url, init) => {
      called("fetch", String(url), init?.method ?? "GET");
      const headers = new Headers(init?.headers);
      headers.set("X-Mine", "yes");
      return fetch(url, { ...init, headers });
    }"""
    with own(f"{{ api: {{ ...api, fetch: {fetch} }} }}") as tab:
        asked = Asked(tab.page)
        with tab.page.expect_request("**/chatkit") as request:
            tab.ask("hello")
        assert request.value.headers["x-mine"] == "yes"
        assert len(calls(tab.page, "fetch")) == len(asked.paths)


def test_api_domain_key_is_told_to_nobody(own: OpenOwn) -> None:
    with own("{ api: { ...api, domainKey: 'domain_pk_secret' } }") as tab:
        told = []
        tab.page.on("request", lambda one: told.append(f"{one.url} {one.headers} {one.post_data}"))
        tab.ask("hello")
        assert told
        assert not any("domain_pk_secret" in one for one in told)


def test_api_upload_strategy_two_phase_registers_a_file_then_sends_it(own: OpenOwn) -> None:
    with own(f"{{ api: {{ ...api, uploadStrategy: {{ type: 'two_phase' }} }}, {FILES} }}") as tab:
        asked = Asked(tab.page)
        with tab.page.expect_request("**/uploads/*") as uploaded:
            pick(tab.page, TEXT_FILE)
        assert uploaded.value.method == "PUT"
        assert uploaded.value.headers["content-type"] == "text/plain"
        (params,) = asked.of("attachments.create")
        assert params == {"name": "notes.txt", "size": 11, "mime_type": "text/plain"}
        tab.ask("Read this.")
        (message,) = sent(asked)
        assert uploaded.value.url.endswith(message["attachments"][0])
        expect(thread(tab.page)).to_contain_text("notes.txt")


def test_api_upload_strategy_direct_sends_a_file_in_one_request(own: OpenOwn) -> None:
    taken: list[dict[str, Any]] = []

    def prepare(context: BrowserContext) -> None:
        context.route("**/files", lambda route: route.fulfill(json=taken[0]))

    strategy = "{ type: 'direct', uploadUrl: '/files' }"
    options = f"{{ api: {{ ...api, uploadStrategy: {strategy} }}, {FILES} }}"
    with own(options, prepare=prepare) as tab:
        tab.ask("hello")  # from now on the server knows this browser
        attachment = registered(tab)
        taken.append(attachment)
        asked = Asked(tab.page)
        with tab.page.expect_request("**/files") as uploaded:
            pick(tab.page, TEXT_FILE)
        assert uploaded.value.method == "POST"
        assert uploaded.value.headers["content-type"].startswith("multipart/form-data")
        tab.page.get_by_role("button", name="Remove notes.txt").wait_for()
        tab.ask("Read this.")
        (message,) = sent(asked)
        assert message["attachments"] == [attachment["id"]]
        assert asked.of("attachments.create") == []


def test_api_get_client_secret_is_asked_and_asked_again_when_refused(own: OpenOwn) -> None:
    def prepare(context: BrowserContext) -> None:
        def guard(route: Route) -> None:
            if route.request.headers.get("authorization") == "Bearer secret-2":
                headers = {**route.request.headers}
                del headers["authorization"]
                route.continue_(headers=headers)
            else:
                route.fulfill(status=401, json={"error": {"code": "expired", "message": "Expired"}})

        context.route("**/chatkit", guard)

    options = """{ api: { getClientSecret: async (current) => {
      called("secret", current);
      return current === null ? "secret-1" : "secret-2";
    } } }"""
    with own(options, prepare=prepare, expected="401") as tab:
        tab.ask("hello")
        assert calls(tab.page, "secret") == [[None], ["secret-1"]]
        expect(thread(tab.page)).to_contain_text("You said: hello")


# locale, theme, frameTitle


@pytest.mark.parametrize(
    ("options", "browser_locale", "language", "direction", "greeting"),
    [
        ("{ locale: 'de-DE' }", "en-US", "de", "ltr", "Womit kann ich heute helfen?"),
        ("{ locale: 'ar' }", "en-US", "ar", "rtl", "كيف يمكنني مساعدتك اليوم؟"),
        ("{ locale: 'sw' }", "de-DE", "en", "ltr", "What can I help with today?"),
        ("{ locale: undefined }", "de-DE", "de", "ltr", "Womit kann ich heute helfen?"),
    ],
)
def test_locale(
    own: OpenOwn,
    options: str,
    browser_locale: str,
    language: str,
    direction: str,
    greeting: str,
) -> None:
    with own(options, locale=browser_locale) as tab:
        expect(tab.page.get_by_role("heading", name=greeting)).to_be_visible()
        shell = tab.page.locator("chatkit-shell")
        expect(shell).to_have_attribute("lang", language)
        assert style_of(shell, "direction") == direction


@pytest.mark.parametrize(
    ("theme", "background"),
    [
        ("undefined", "rgb(255, 255, 255)"),
        ("'light'", "rgb(255, 255, 255)"),
        (
            "{ color: { surface: { background: '#fff0f5', foreground: '#fff' } } }",
            "rgb(255, 240, 245)",
        ),
    ],
)
def test_theme_surface(own: OpenOwn, theme: str, background: str) -> None:
    with own(f"{{ theme: {theme} }}", color_scheme="dark") as tab:
        assert style_of(tab.page.locator("openai-chatkit"), "backgroundColor") == background


@pytest.mark.parametrize("theme", ["'dark'", "{ colorScheme: 'dark' }"])
def test_theme_color_scheme(own: OpenOwn, theme: str) -> None:
    with own(f"{{ theme: {theme} }}", color_scheme="light") as tab:
        element = tab.page.locator("openai-chatkit")
        assert style_of(element, "colorScheme") == "dark"
        assert brightness(style_of(element, "backgroundColor")) < 60
        assert brightness(style_of(element, "color")) > 200


def test_theme_color_accent_and_grayscale(own: OpenOwn) -> None:
    plain, coloured = (
        "{ }",
        """{ theme: { color: {
      accent: { primary: "#c00000", level: 2 },
      grayscale: { hue: 120, tint: 9, shade: -2 } } } }""",
    )
    with own(plain) as tab:
        element = tab.page.locator("openai-chatkit")

        def colours() -> tuple[tuple[int, ...], tuple[int, ...]]:
            composer(tab.page).fill("hello")
            send = tab.page.get_by_role("button", name="Send")
            bubble = tab.page.locator("chatkit-composer .box")
            return rgb(style_of(send, "backgroundColor")), rgb(style_of(bubble, "backgroundColor"))

        before = colours()
        tab.page.evaluate(f"chat.setOptions({{ ...options, ...{coloured} }})")
        expect(tab.page.get_by_role("button", name="Send")).to_have_css(
            "background-color", "rgb(192, 0, 0)"
        )
        accent, gray = colours()
        assert accent != before[0]
        assert gray != before[1]
        assert gray[1] >= max(gray[0], gray[2]), "hue 120 is green"
        assert element.count() == 1


def test_theme_radius(own: OpenOwn) -> None:
    corners = []
    with own() as tab:
        for radius in ("pill", "round", "soft", "sharp"):
            tab.page.evaluate(f"chat.setOptions({{ ...options, theme: {{ radius: '{radius}' }} }})")
            box = tab.page.locator("chatkit-composer .box")
            corners.append(float(style_of(box, "borderTopLeftRadius").removesuffix("px")))
    assert corners == sorted(corners, reverse=True)
    assert len(set(corners)) == 4
    assert corners[-1] == 0


def test_theme_density(own: OpenOwn) -> None:
    heights = []
    with own() as tab:
        for density in ("compact", "normal", "spacious"):
            tab.page.evaluate(
                f"chat.setOptions({{ ...options, theme: {{ density: '{density}' }} }})"
            )
            box = tab.page.locator("chatkit-header").bounding_box()
            assert box is not None
            heights.append(box["height"])
    assert heights == sorted(heights)
    assert len(set(heights)) == 3


def test_theme_typography(own: OpenOwn) -> None:
    fonts: list[str] = []

    def prepare(context: BrowserContext) -> None:
        def font(route: Route) -> None:
            fonts.append(route.request.url)
            route.fulfill(body="no font", content_type="font/woff2")

        context.route("**/mine.woff2", font)

    options = """{ theme: { typography: { baseSize: 18, fontFamily: "Mine", fontFamilyMono: "Typed",
      fontSources: [{ family: "Mine", src: "/mine.woff2", weight: 500, style: "italic",
        display: "block", unicodeRange: "U+41-5A" }] } } }"""
    with own(options, prepare=prepare) as tab:
        tab.ask("markdown")
        text = thread(tab.page).get_by_role("paragraph").first
        assert style_of(text, "fontSize") == "18px"
        assert style_of(text, "fontFamily").startswith("Mine,")
        code = thread(tab.page).get_by_role("code").filter(has_text="def greet")
        assert style_of(code, "fontFamily").startswith("Typed,")
        (face,) = tab.page.evaluate(
            """[...document.fonts].map(({ family, weight, style, display, unicodeRange }) =>
              ({ family, weight, style, display, unicodeRange }))"""
        )
        assert face == {
            "family": "Mine",
            "weight": "500",
            "style": "italic",
            "display": "block",
            "unicodeRange": "U+41-5A",
        }
        assert len(fonts) == 1


def test_frame_title_names_the_chat(own: OpenOwn) -> None:
    with own("{ frameTitle: 'Support' }") as tab:
        expect(tab.page.get_by_role("region", name="Support")).to_be_visible()


# initialThread, onClientTool


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


# header


def test_header_enabled_shows_it_or_not(own: OpenOwn) -> None:
    with own("{ header: { enabled: false } }") as tab:
        expect(tab.page.get_by_role("button", name="Show chats")).to_have_count(0)
        tab.page.evaluate("chat.setOptions({ ...options, header: {} })")
        expect(tab.page.get_by_role("button", name="Show chats")).to_be_visible()


def test_header_title(own: OpenOwn) -> None:
    with own() as tab:
        tab.ask("title Of the thread")
        header = tab.page.locator("chatkit-header")
        expect(header.get_by_role("heading", name="Of the thread")).to_be_visible()
        tab.page.evaluate("chat.setOptions({ ...options, header: { title: { text: 'Mine' } } })")
        expect(header.get_by_role("heading", name="Mine")).to_be_visible()
        tab.page.evaluate("chat.setOptions({ ...options, header: { title: { enabled: false } } })")
        expect(header.get_by_role("heading")).to_have_count(0)


def test_header_actions_are_buttons_of_the_page(own: OpenOwn) -> None:
    options = """{ header: {
      leftAction: { icon: "home", onClick: () => called("left") },
      rightAction: { icon: "settings-cog", onClick: () => called("right") } } }"""
    with own(options) as tab:
        left = tab.page.get_by_role("button", name="Home")
        right = tab.page.get_by_role("button", name="Settings")
        left.click()
        assert calls(tab.page, "left") == [[]]
        right.click()
        assert calls(tab.page, "right") == [[]]
        places = [one.bounding_box() for one in (left, right)]
        assert places[0] is not None
        assert places[1] is not None
        assert places[0]["x"] < places[1]["x"]
        assert left.locator("svg").count() == 1


# history


def test_history_enabled_offers_the_list_or_not(own: OpenOwn) -> None:
    with own("{ history: { enabled: false } }") as tab:
        expect(tab.page.get_by_role("button", name="Show chats")).to_have_count(0)
        tab.page.evaluate("chat.showHistory()")
        expect(tab.page.get_by_role("dialog", name="Chats")).to_have_count(0)
        assert events(tab.page, "history.open") == []


@pytest.mark.parametrize(
    ("option", "missing", "there"),
    [("showDelete", "Delete Mine", "Rename Mine"), ("showRename", "Rename Mine", "Delete Mine")],
)
def test_history_show_delete_and_show_rename(
    own: OpenOwn, option: str, missing: str, there: str
) -> None:
    with own(f"{{ history: {{ {option}: false }} }}") as tab:
        tab.ask("title Mine")
        tab.page.evaluate("chat.showHistory()")
        expect(tab.page.get_by_role("button", name=there)).to_have_count(1)
        expect(tab.page.get_by_role("button", name=missing)).to_have_count(0)


# startScreen


def test_start_screen_greeting(own: OpenOwn) -> None:
    with own("{ startScreen: { greeting: 'Good morning' } }") as tab:
        expect(tab.page.get_by_role("heading", name="Good morning")).to_be_visible()


def test_start_screen_prompts_are_sent_when_pressed(own: OpenOwn) -> None:
    options = """{ startScreen: { prompts: [
      { label: "Weather", prompt: "How is the weather?", icon: "globe" },
      { label: "Of Ada", prompt: [{ type: "input_text", text: "Who is " },
        { type: "input_tag", id: "ada", text: "Ada" }] }] } }"""
    with own(options) as tab:
        asked = Asked(tab.page)
        weather = tab.page.get_by_role("button", name="Weather")
        assert weather.locator("svg").count() == 1
        weather.click()
        expect(thread(tab.page)).to_contain_text("You said: How is the weather?")
        tab.page.get_by_role("button", name="New chat").click()
        tab.page.get_by_role("button", name="Of Ada").click()
        expect(thread(tab.page)).to_contain_text("You said: Who is Ada")
        first, second = sent(asked)
        assert first["content"] == [{"type": "input_text", "text": "How is the weather?"}]
        assert second["content"][1]["id"] == "ada"


# threadItemActions


@pytest.mark.parametrize(
    ("option", "names"),
    [("feedback", ("Good answer", "Bad answer")), ("retry", ("Try again",))],
)
def test_thread_item_actions_are_there_if_wanted(
    own: OpenOwn, option: str, names: Sequence[str]
) -> None:
    with own() as tab:
        tab.ask("hello")
        for name in names:
            expect(tab.page.get_by_role("button", name=name)).to_have_count(0)
        tab.page.evaluate(
            f"chat.setOptions({{ ...options, threadItemActions: {{ {option}: true }} }})"
        )
        for name in names:
            expect(tab.page.get_by_role("button", name=name)).to_have_count(1)
        expect(thread(tab.page)).to_contain_text("You said: hello")


# composer


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


TOOLS = """{ composer: { tools: [
  { id: "draw", label: "Draw a picture", shortLabel: "Draw", icon: "images",
    placeholderOverride: "What shall it show?" },
  { id: "search", label: "Search the web", icon: "globe", pinned: true, persistent: true }] } }"""


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


# disclaimer


def test_disclaimer(own: OpenOwn) -> None:
    text = "AI can be **wrong**. [More](https://example.test/)"
    with own(f"{{ disclaimer: {{ text: {json.dumps(text)} }} }}") as tab:
        shown = tab.page.locator("chatkit-disclaimer")
        expect(shown.get_by_role("strong")).to_have_text("wrong")
        expect(shown.get_by_role("link", name="More")).to_be_visible()
        faint = brightness(style_of(shown.locator("div").first, "color"))
        tab.page.evaluate(
            "chat.setOptions({ ...options, disclaimer: { text: 'Mind.', highContrast: true } })"
        )
        expect(shown).to_have_text("Mind.")
        assert brightness(style_of(shown.locator("div").first, "color")) < faint


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
        assert calls(tab.page, "search")[-1] == ["ad"]


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


# widgets, thread


def test_widgets_on_action_gets_what_the_page_handles_itself(own: OpenOwn) -> None:
    options = """{ widgets: { onAction: async (action, item) => {
      called("action", action, item.id, item.widget.type);
      await chat.sendCustomAction({ type: "seen", payload: action.payload }, item.id);
    } } }"""
    with own(options) as tab:
        tab.ask("widget actions")
        tab.page.get_by_role("button", name="On the page").click()
        expect(thread(tab.page)).to_contain_text("Action seen with {'id': 7}.")
        ((action, item_id, kind),) = calls(tab.page, "action")
        assert action == {"type": "open", "payload": {"id": 7}}
        assert isinstance(item_id, str)
        assert kind == "Card"


@pytest.mark.parametrize("follows", [True, False])
def test_thread_auto_scroll(own: OpenOwn, follows: bool) -> None:
    with own(f"{{ thread: {{ autoScroll: {json.dumps(follows)} }} }}") as tab:
        tab.ask("slow 1500 0")
        end = tab.page.get_by_role("button", name="Copy", exact=True)
        question = thread(tab.page).get_by_text("slow 1500 0")
        if follows:
            expect(end).to_be_in_viewport()
            expect(question).not_to_be_in_viewport()
        else:
            expect(question).to_be_in_viewport()
            expect(end).not_to_be_in_viewport()
            tab.page.get_by_role("button", name="Scroll to the newest message").click()
            expect(end).to_be_in_viewport()


# methods


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


# events


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


def composer_or_combobox(page: Page) -> Any:
    """While a list is open, the text is a combobox."""
    return page.locator("chatkit-editor #text")


def rgb(color: str) -> tuple[int, ...]:
    return tuple(round(float(part)) for part in re.findall(r"[\d.]+", color)[:3])


def brightness(color: str) -> float:
    return sum(rgb(color)) / 3
