"""Titles of new threads."""

from collections.abc import Sequence

from chatkit.types import UserMessageContent

MAX_TITLE_CHARS = 60
"""Where a title made from a message is cut, at a word where there is one."""

TITLE_INSTRUCTIONS = (
    "Write a title of at most six words for a conversation that begins with the user's message. "
    "Use the message's language. Answer with the title only, no quotes, no final full stop."
)


def title_of(content: Sequence[UserMessageContent]) -> str | None:
    """The first words of a message, or None if it has none."""
    text = " ".join(part.text for part in content)
    return shortened(text)


def shortened(text: str) -> str | None:
    """`text` on one line, cut at a word boundary; None if nothing is left."""
    line = " ".join(text.split())
    if len(line) <= MAX_TITLE_CHARS:
        return line or None
    head = line[:MAX_TITLE_CHARS]
    at_word = head.rpartition(" ")[0]
    return (at_word or head).rstrip(" ,.;:-") + "…"
