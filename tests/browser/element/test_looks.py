"""`locale`, `theme` and `frameTitle`."""

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.browser.chat import composer, thread
from tests.browser.element.colors import brightness, rgb
from tests.browser.own_page import OpenOwn, style_of


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
