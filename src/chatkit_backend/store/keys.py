"""Keys: ids and owners as databases can hold them."""

from chatkit.store import NotFoundError

from .payloads import SURROGATE


def is_key(text: str) -> bool:
    """Whether a row can have `text` as an id or owner.

    PostgreSQL refuses NUL in text, and half a surrogate pair has no UTF-8 form.
    """
    return "\0" not in text and (text.isascii() or SURROGATE.search(text) is None)


def key(text: str) -> str:
    """Return `text`. Raises: NotFoundError if no row can have it as an id or owner."""
    if not is_key(text):
        raise NotFoundError(f"no id or owner has NUL or half a surrogate pair: {text!r}")
    return text
