"""Whose rows a request sees: the owner, a text taken from the request's context."""

from typing import Protocol, cast


class Owning(Protocol):
    """Somebody who owns rows, such as `chatkit_backend.identity.Principal`."""

    @property
    def owner(self) -> str:
        """The value of every row's `owner` column; unlike for any two people."""
        ...


class Owned(Protocol):
    """A request's context that knows who is asking."""

    @property
    def principal(self) -> Owning:
        """Who is asking."""
        ...


def owner_of(context: object) -> str:
    """The owner that `context.principal` stands for; what stores use unless told otherwise.

    Raises: TypeError if the context has no principal.
    """
    try:
        # Not isinstance: every operation asks, and a Protocol takes it 8 µs (Python 3.11).
        return cast("Owned", context).principal.owner
    except AttributeError as exc:
        raise TypeError(
            f"the context is a {type(context).__name__} without `principal.owner`, so the store "
            "cannot tell whose rows it may show; build the store with "
            "owner=<function from context to str>"
        ) from exc
