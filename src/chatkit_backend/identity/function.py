"""A function of the operator's own that knows who asks."""

from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import TypeAlias

from starlette.requests import HTTPConnection

from .authenticator import Identity
from .principal import Principal

MAX_ID = 256

Authenticate: TypeAlias = Callable[[HTTPConnection], Principal | Awaitable[Principal | None] | None]
"""Says who asks; None if the request carries nothing that it knows.

It raises `chatkit_backend.errors.Unauthenticated` for a credential that is wrong.
"""


class FunctionAuthenticator:
    """Asks a function, which may be a coroutine function."""

    def __init__(self, authenticate: Authenticate) -> None:
        self._authenticate = authenticate

    async def authenticate(self, connection: HTTPConnection) -> Identity | None:
        """See `Authenticator`. Raises: TypeError, ValueError for what is no usable Principal."""
        found = self._authenticate(connection)
        principal = await found if isawaitable(found) else found
        if principal is None:
            return None
        if not isinstance(principal, Principal):
            raise TypeError(
                f"{self._authenticate!r} returned a {type(principal).__name__}; it is to return "
                "a chatkit_backend.Principal or None"
            )
        self._refuse_unusable(principal.user_id)
        return Identity(principal=principal)

    def _refuse_unusable(self, user_id: object) -> None:
        """A mistake in the function is a 500 whose log line names it: no caller can mend it."""
        if isinstance(user_id, str) and 0 < len(user_id) <= MAX_ID and user_id.isprintable():
            return
        raise ValueError(
            f"{self._authenticate!r} returned a Principal with user_id {user_id!r:.80}; it is to "
            f"be text of 1 to {MAX_ID} printable characters"
        )
