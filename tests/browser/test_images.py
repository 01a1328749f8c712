"""Images of other sites: seen where the thread allows them and, on our page, the operator too."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.acceptance.process import COMMAND, ServerProcess, running
from tests.browser.conftest import ROOT, OpenPage
from tests.browser.site import Site

ELSEWHERE = Site("https://img.test")
SHOWN = """src => {
  const images = (root) => [...root.querySelectorAll('*')].flatMap((one) => [
    ...(one instanceof HTMLImageElement ? [one] : []),
    ...(one.shadowRoot ? images(one.shadowRoot) : [])]);
  return images(document).some((one) => one.src === src && one.naturalWidth > 0);
}"""


@pytest.fixture(scope="module")
def with_images(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A gallery whose page may show images of `img.test`."""
    folder = tmp_path_factory.mktemp("images")
    command = [*COMMAND, "serve", "tests.browser.gallery:Gallery"]
    variables = {"PYTHONPATH": str(ROOT), "IMAGE_ORIGINS": ELSEWHERE.url}
    with running(folder, command, variables) as server:
        yield server


def images_everywhere(context: BrowserContext) -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'/>"
    context.route(
        "https://*.test/*", lambda route: route.fulfill(body=svg, content_type="image/svg+xml")
    )


def test_the_page_shows_images_of_an_origin_that_operator_and_thread_allow(
    open_page: OpenPage, with_images: ServerProcess
) -> None:
    with open_page(server=with_images, others=[ELSEWHERE], prepare=images_everywhere) as tab:
        tab.ask("domains img.test")
        tab.ask("say ![x](https://img.test/x.png)")
        tab.page.wait_for_function(SHOWN, arg="https://img.test/x.png")
        assert tab.origins == {with_images.url, ELSEWHERE.url}


def test_the_page_asks_no_origin_that_only_the_operator_allows(
    open_page: OpenPage, with_images: ServerProcess
) -> None:
    with open_page(server=with_images, prepare=images_everywhere) as tab:
        tab.ask("say ![x](https://img.test/x.png)")
        expect(tab.page.get_by_title("An image of another site is not shown.")).to_have_text("x")
        assert tab.origins == {with_images.url}
