"""The seam to every way of knowing who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import HTTPConnection

from chatkit_backend.errors import Unauthenticated

from .principal import Principal
from .session import Session
from .token_rules import UNCLAIMED


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
    """Who asks, and what the client must keep to be recognised again.

    Attributes:
        session: The session whose secret the request carries.
        explicit: Whether the credential is a header that a page must set itself, as a bearer token
            is. Browsers add cookies to what any site's page sends, and a proxy that knows its users
            by a cookie adds its headers to that; such requests must come from a page of ours
            (`CrossSiteGuard`).
    """

    principal: Principal
    cookie: Cookie | None = None
    session: Session | None = None
    explicit: bool = False


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
        raise Unauthenticated(
            "unauthenticated",
            "The request carries no accepted credential.",
            reason=UNCLAIMED if "authorization" in connection.headers else None,
        )
