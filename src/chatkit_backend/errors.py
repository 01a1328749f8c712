"""Every error of this package, by who must act on it.

```
BackendError
├── ConfigError          the operator: a setting, a schema, a missing dependency
└── RequestError         the API client: becomes the error envelope with its HTTP status
    ├── BadRequest       400
    ├── Unauthenticated  401
    ├── NotFound         404  (also: somebody else's)
    ├── Conflict         409
    ├── TooLarge         413
    └── Unavailable      503
```

Misuse of the Python API raises the built-in `TypeError` and `ValueError`.
"""

from typing import ClassVar


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
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details or {}


class BadRequest(RequestError):
    """The request itself is wrong; sending it again changes nothing."""

    status = 400


class Unauthenticated(RequestError):
    """No credential that this server accepts."""

    status = 401


class NotFound(RequestError):
    """Not there, or not the caller's: the two are one answer."""

    status = 404


class Conflict(RequestError):
    """The thing is not in a state that allows this."""

    status = 409


class TooLarge(RequestError):
    """The body is over `MAX_BODY_BYTES`."""

    status = 413


class Unavailable(RequestError):
    """The server cannot take this now; try again later."""

    status = 503
