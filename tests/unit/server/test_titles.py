"""A thread's title is the first words of its first message."""

import pytest
from chatkit.types import UserMessageTextContent

from chatkit_backend.server.titles import MAX_TITLE_CHARS, title_of


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Hello", "Hello"),
        ("  several\n\n lines\tof text ", "several lines of text"),
        ("", None),
        (" \n ", None),
        ("word " * 30, "word word word word word word word word word word word word…"),
        ("x" * 200, "x" * MAX_TITLE_CHARS + "…"),
    ],
)
def test_titles(text: str, title: str | None) -> None:
    assert title_of([UserMessageTextContent(text=text)]) == title


def test_a_message_without_text_gives_no_title() -> None:
    assert title_of([]) is None
