"""Who is asking."""

from dataclasses import dataclass

DEFAULT_TENANT = "default"

ANONYMOUS_PREFIX = "anon_"
"""How the ids of browsers without a login begin, and nobody else's."""

VISITOR_PREFIX = "visitor:"
"""How the ids of those begin whom a proxy knows by its own session only, and nobody else's."""


def is_reserved(user_id: str) -> bool:
    """Whether an id is of a kind that we give out ourselves, and nobody may claim."""
    return user_id.startswith((ANONYMOUS_PREFIX, VISITOR_PREFIX))


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A person within a tenant. Every stored row belongs to one.

    Attributes:
        user_id: Proven by an authenticator; unique within the tenant.
        tenant: Never contains a slash, so that `owner` is injective.
        scheme: How the principal was recognised (`anonymous`, `jwt`, `session`, …).
        roles: What the identity provider says the person is. Of no meaning to this package.
        name: How the person is called, if the credential says so.
        locale: The person's language, such as `de-CH`, if the credential says so.
    """

    user_id: str
    tenant: str = DEFAULT_TENANT
    scheme: str = "anonymous"
    roles: tuple[str, ...] = ()
    name: str | None = None
    locale: str | None = None

    def __post_init__(self) -> None:
        if not self.user_id:
            raise ValueError("a principal needs a user_id; it was empty")
        if not self.tenant or "/" in self.tenant:
            raise ValueError(f"a tenant is a non-empty name without '/', not {self.tenant!r}")

    @property
    def owner(self) -> str:
        """The value of every row's `owner` column."""
        return f"{self.tenant}/{self.user_id}"
