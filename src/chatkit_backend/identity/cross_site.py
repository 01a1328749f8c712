"""Requests that another site's page makes in our user's name (CSRF).

A browser says on whose behalf it asks: `Sec-Fetch-Site` (Fetch Metadata) and `Origin` (RFC 6454).
Pages can set neither. A request without both comes from no browser, or from a server that passes a
cookie on, and nobody can make those send what they do not want to.

It concerns every credential that the page need not know: a cookie of ours, of the operator's own
login, or of the proxy that then names the user (`Identity.explicit`). It concerns newcomers, too: a
form on another site's page sends no SameSite=Lax cookie, and the browser would take the one in the
answer: the person would be another, without their threads.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from chatkit_backend.errors import Forbidden

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
DEFAULT_PORTS = {"http": 80, "https": 443}


class CrossSiteGuard:
    """Lets state be changed only from our own pages and the allowed origins."""

    def __init__(self, allowed_origins: Sequence[str]) -> None:
        """Allow `scheme://host[:port]`. `*` allows nobody here, nor does a sandbox's `null`."""
        self._allowed = frozenset(allowed_origins) - {"*", "null"}

    def check(self, connection: HTTPConnection) -> None:
        """Raises: Forbidden (`cross_site`)."""
        if not self.allows(connection):
            origin = connection.headers.get("origin") or "another site"
            raise Forbidden(
                "cross_site",
                f"A page of {origin[:200]!r} may not do this in the user's name; name its "
                "origin in CORS_ORIGINS if it may.",
            )

    def allows(self, connection: HTTPConnection) -> bool:
        """Whether it changes nothing, or comes from no other site's page."""
        if connection.scope.get("method", "GET") in SAFE_METHODS:
            return True
        site = connection.headers.get("sec-fetch-site")
        origin = connection.headers.get("origin")
        if site in {"same-origin", "none"} or (site is None and origin is None):
            return True
        return origin is not None and (
            origin in self._allowed or (site is None and _is_own(origin, connection))
        )


def _is_own(origin: str, connection: HTTPConnection) -> bool:
    """Whether the page's host is the one that it asks; TLS may end at a proxy before us."""
    try:
        parts = urlsplit(origin)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return False
    host = connection.headers.get("host", "").lower()
    name = (parts.hostname or "").lower()
    name = f"[{name}]" if ":" in name else name
    return bool(name) and host in {
        f"{name}:{port}",
        *({name} if port == DEFAULT_PORTS.get(parts.scheme) else ()),
    }
