"""Every error of this package, by who must act on it.

```
BackendError
├── ConfigError          the operator: a setting, a schema, a missing dependency
└── RequestError         the API client: becomes the error envelope with its HTTP status
    ├── BadRequest       400
    ├── Unauthenticated  401
    ├── Forbidden        403
    ├── NotFound         404  (also: somebody else's)
    ├── TooSlow          408
    ├── Conflict         409
    ├── TooLarge         413
    ├── TooManyRequests  429
    └── Unavailable      503
```

Misuse of the Python API raises the built-in `TypeError` and `ValueError`.
"""

from typing import ClassVar

from .logs import without_secrets


class BackendError(Exception):
    """Base of every error that this package raises on purpose."""


class ConfigError(BackendError):
    """The server cannot start or work as configured. The message is one line and tells the fix."""


class RequestError(BackendError):
    """A request that is refused. Nothing was changed.

    Attributes:
        code: A stable, machine-readable name (`thread_not_found`).
        message: One or two sentences for the developer of the client; no secrets, no stack.
        details: Further members of the envelope's `error` object.
    """

    status: ClassVar[int] = 400

    def __init__(
        self, code: str, message: str, *, details: dict[str, object] | None = None
    ) -> None:
        self.code = code
        # Some messages say back what they were sent, and are logged and shown.
        self.message = without_secrets(message)
        super().__init__(self.message)
        self.details = details or {}


class BadRequest(RequestError):
    """The request itself is wrong; sending it again changes nothing."""

    status = 400


class Unauthenticated(RequestError):
    """No credential that this server accepts.

    Attributes:
        reason: What is wrong with it, for the log: it is no business of whoever sent it.
    """

    status = 401

    def __init__(self, code: str, message: str, *, reason: str | None = None) -> None:
        super().__init__(code, message)
        self.reason = reason


class Forbidden(RequestError):
    """The caller is known and may not do this."""

    status = 403


class NotFound(RequestError):
    """Not there, or not the caller's: the two are one answer."""

    status = 404


class TooSlow(RequestError):
    """The body did not come in time."""

    status = 408


class Conflict(RequestError):
    """The thing is not in a state that allows this."""

    status = 409


class TooLarge(RequestError):
    """The body is over `MAX_BODY_BYTES`."""

    status = 413


class TooManyRequests(RequestError):
    """A rate limit is used up.

    Attributes:
        limit: How many there may be in a window.
        window_s: How long a window is, in seconds.
        retry_after_s: Seconds until one more is let through.
    """

    status = 429

    def __init__(
        self, code: str, message: str, *, limit: int, window_s: int, retry_after_s: int
    ) -> None:
        super().__init__(code, message)
        self.limit = limit
        self.window_s = window_s
        self.retry_after_s = retry_after_s


class Unavailable(RequestError):
    """The server cannot take this now; try again later."""

    status = 503
