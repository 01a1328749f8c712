"""Errors of stores beyond the SDK's `NotFoundError`."""

from chatkit.store import NotFoundError


class CursorNotFoundError(NotFoundError):
    """The `after` of a page is not an id of this list; starting from the top would repeat it."""
