"""What the server has stored of the thread that a page shows: asked for past the page's network."""

from playwright.sync_api import Page

from tests.acceptance.process import ServerProcess
from tests.protocol import Json, req


def stored(page: Page, server: ServerProcess, kind: str) -> list[Json]:
    """The items of a type, oldest first, of one page of them."""
    thread = page.url.rpartition("thread=")[2]
    question = req("items.list", thread_id=thread, limit=50, order="asc")
    # With the page's cookies, and not on its wire.
    answer = page.request.post(f"{server.url}/chatkit", data=question)
    items: list[Json] = answer.json()["data"]
    return [item for item in items if item["type"] == kind]


def user_texts(page: Page, server: ServerProcess) -> list[str]:
    """What the person has sent."""
    return [item["content"][0]["text"] for item in stored(page, server, "user_message")]


def answer_texts(page: Page, server: ServerProcess) -> list[str]:
    """What was answered."""
    return [item["content"][0]["text"] for item in stored(page, server, "assistant_message")]
