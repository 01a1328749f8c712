"""From a token's claims to the person."""

from dataclasses import dataclass

from chatkit_backend.errors import Unauthenticated

from .principal import DEFAULT_TENANT, Principal, is_reserved
from .token_rules import Claims, invalid_token

MAX_ID = 256
MAX_ROLES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimNames:
    """Which claim says what. `realm_access.roles` is the member of a member.

    Attributes:
        tenant: None: everybody is of one tenant.
    """

    user: str = "sub"
    tenant: str | None = None
    roles: str = "roles"
    name: str = "name"
    locale: str = "locale"

    def principal(self, claims: Claims, scheme: str) -> Principal:
        """Who the claims are about.

        Raises: Unauthenticated if they name no user or tenant that we can keep apart from others.
        """
        user_id = _identifier(claims, self.user)
        tenant = DEFAULT_TENANT
        if self.tenant is not None:
            tenant = _identifier(claims, self.tenant)
            if "/" in tenant:
                raise _unusable(self.tenant)
        if is_reserved(user_id):
            raise _unusable(self.user)
        return Principal(
            user_id=user_id,
            tenant=tenant,
            scheme=scheme,
            roles=_roles(_at(claims, self.roles)),
            name=_text(_at(claims, self.name)),
            locale=_text(_at(claims, self.locale)),
        )


def _at(claims: Claims, path: str) -> object:
    if path in claims:  # names of claims may be URLs, with dots of their own
        return claims[path]
    found: object = claims
    for name in path.split("."):
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found


def _identifier(claims: Claims, path: str) -> str:
    value = _at(claims, path)
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not 0 < len(text) <= MAX_ID or not text.isprintable():
        raise _unusable(path)
    return text


def _unusable(path: str) -> Unauthenticated:
    return invalid_token(f"{path} is no usable id")


def _roles(value: object) -> tuple[str, ...]:
    if isinstance(value, str):  # a list with spaces, as `scope` is
        value = value.split()
    if not isinstance(value, list):
        return ()
    return tuple(_storable(role) for role in value[:MAX_ROLES] if isinstance(role, str))


def _text(value: object) -> str | None:
    return _storable(value) if isinstance(value, str) and value else None


def _storable(text: str) -> str:
    """Cut, and without halves of surrogate pairs: whoever cuts names in UTF-16 leaves some."""
    return text[:MAX_ID].encode("utf-8", "replace").decode()
