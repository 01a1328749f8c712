"""Files to attach, and the options that let one."""

from typing import Any

from playwright.sync_api import FilePayload, Page

from tests.browser.conftest import Tab

TEXT_FILE: FilePayload = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Some notes."}
BIG_FILE: FilePayload = {"name": "big.txt", "mimeType": "text/plain", "buffer": b"x" * 3000}
PICTURE: FilePayload = {"name": "dot.png", "mimeType": "image/png", "buffer": b"x" * 3000}
FILES = "composer: { attachments: { enabled: true } }"


def pick(page: Page, *files: FilePayload) -> None:
    page.locator("input[type=file]").set_input_files(list(files))


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
