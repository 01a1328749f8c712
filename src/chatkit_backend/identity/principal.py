"""Who is asking."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A person within a tenant. Every stored row belongs to one.

    Attributes:
        user_id: Proven by an authenticator; unique within the tenant.
        tenant: Never contains a slash, so that `owner` is injective.
        scheme: How the principal was recognised (`anonymous`, `header`).
    """

    user_id: str
    tenant: str = "default"
    scheme: str = "anonymous"

    def __post_init__(self) -> None:
        if not self.user_id:
            raise ValueError("a principal needs a user_id; it was empty")
        if not self.tenant or "/" in self.tenant:
            raise ValueError(f"a tenant is a non-empty name without '/', not {self.tenant!r}")

    @property
    def owner(self) -> str:
        """The value of every row's `owner` column."""
        return f"{self.tenant}/{self.user_id}"
