"""`X-Request-ID`: comes in or is made, goes out, and is in every log line."""

import re

import structlog
from starlette.requests import Request
from uuid_utils import uuid7

from chatkit_backend.logs import without_secrets

REQUEST_ID_HEADER = "X-Request-ID"

_ACCEPTED = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")


def request_id_of(request: Request) -> str:
    """The request's id: the client's if it is short, plain and no secret, for logs; else ours."""
    known: str | None = getattr(request.state, "request_id", None)
    if known is None:
        given = request.headers.get(REQUEST_ID_HEADER, "")
        plain = _ACCEPTED.fullmatch(given) and given == without_secrets(given)
        known = given if plain else f"req_{uuid7().hex}"
        request.state.request_id = known
        structlog.contextvars.bind_contextvars(request_id=known)
    return known
