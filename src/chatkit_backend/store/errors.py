"""Errors of stores beyond the SDK's `NotFoundError`."""

from chatkit.store import NotFoundError

from chatkit_backend.errors import BackendError


class CursorNotFoundError(NotFoundError):
    """The `after` of a page is not an id of this list; starting from the top would repeat it."""


class StoreUnavailableError(BackendError):
    """The database did not answer, or not in time. The operation may be tried again.

    Nothing was changed, unless the connection broke while a commit was under way: then either
    everything or nothing was. `__cause__` is the driver's error.
    """


class UnstorableError(ValueError):
    """A value that JSON cannot hold: an object without a JSON form, or one nested too deep."""
