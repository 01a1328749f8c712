"""Contexts for store tests."""

from dataclasses import dataclass

from chatkit_backend.identity import Principal
from chatkit_backend.store import new_id


@dataclass(frozen=True)
class Request:
    """A context that knows who is asking."""

    principal: Principal


def somebody() -> Request:
    """A request of a new owner, who has no rows yet."""
    return Request(Principal(user_id=new_id("run")))
