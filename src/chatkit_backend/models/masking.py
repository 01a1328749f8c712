"""Keys are taken out of what providers say."""

import re

from openai import APIError

MASK = "********"

MAX_CHARS = 300
"""Where a provider's message is cut; some send whole HTML pages."""

_KEY_SHAPES = re.compile(
    r"(?i:bearer)\s+\S+"
    r"|\b(?:sk|pk|rk|gsk|xai|hf|key)[-_][\w*.-]{4,}"
    r"|\bAIza[\w-]+"
    r"|\b(?=\w*\d)(?=\w*[A-Za-z])\w{24,}"
)


def masked(text: str, exc: BaseException) -> str:
    """`text` of a failed request on one line, shortened, without the key that was sent.

    The key itself is known from the request; what looks like a key goes too, because a provider
    may quote part of it, and because a failure inside a stream does not know its request.
    """
    key = sent_key(exc)
    if key is not None:
        text = text.replace(key, MASK)
    line = " ".join(_KEY_SHAPES.sub(MASK, text).split())
    return line if len(line) <= MAX_CHARS else line[:MAX_CHARS] + "…"


def sent_key(exc: BaseException) -> str | None:
    """The key with which the failed request was sent, if `exc` knows its request."""
    if not isinstance(exc, APIError):
        return None
    key = exc.request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    return key or None
