"""The audit log: who made, used up or took away a credential. One line an event.

The lines are log lines of the logger `chatkit_backend.audit`, so that they can be sent where nobody
can change them. They name ids and never secrets.
"""

from contextvars import ContextVar
from typing import Literal, TypeAlias

from chatkit_backend.logs import get_logger

AuditEvent: TypeAlias = Literal[
    "key_created",
    "key_revoked",
    "key_refused",
    "session_created",
    "session_refreshed",
    "session_cancelled",
    "session_refused",
    "token_refused",
]

_address: ContextVar[str | None] = ContextVar("chatkit_address", default=None)

log = get_logger("chatkit_backend.audit")


def audit(event: AuditEvent, **fields: object) -> None:
    """Write one line, with the address that asks where it is known."""
    address = _address.get()
    log.info(event, **fields, **({} if address is None else {"address": address}))


def asked_from(address: str) -> None:
    """Note where the request comes from that this task answers."""
    _address.set(address)
