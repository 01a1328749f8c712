"""The seam to every way of knowing who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import HTTPConnection

from chatkit_backend.errors import Unauthenticated

from .principal import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """A cookie to set with the response. Always httpOnly and SameSite=Lax.

    Attributes:
        max_age_s: How long the browser keeps it, in seconds.
    """

    name: str
    value: str
    max_age_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who asks, and what the client must keep to be recognised again."""

    principal: Principal
    cookie: Cookie | None = None


class Authenticator(Protocol):
    """One way to know who asks."""

    async def authenticate(self, connection: HTTPConnection) -> Identity | None:
        """Return the identity, or None if the request carries no credential of this kind.

        Raises: Unauthenticated if it carries one that is not valid.
        """
        ...


class AuthenticatorChain:
    """Tries authenticators in order; the first that recognises its credential decides."""

    def __init__(self, authenticators: Sequence[Authenticator]) -> None:
        self._authenticators = tuple(authenticators)

    async def authenticate(self, connection: HTTPConnection) -> Identity:
        """Return who asks. Raises: Unauthenticated."""
        for authenticator in self._authenticators:
            if identity := await authenticator.authenticate(connection):
                return identity
        raise Unauthenticated("unauthenticated", "The request carries no accepted credential.")
