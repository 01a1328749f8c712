"""How a client wants its answer, from its headers."""

from hashlib import sha256

from starlette.requests import Request

from chatkit_backend.errors import BadRequest
from chatkit_backend.server.call import Asked

MAX_KEY_CHARS = 255
"""Longest `Idempotency-Key`."""


def asked_of(request: Request, body: bytes) -> Asked:
    """Read `ChatKit-Stream` and `Idempotency-Key`.

    Raises: BadRequest (`invalid_stream`, `invalid_idempotency_key`).
    """
    stream = request.headers.get("chatkit-stream")
    if stream not in {None, "resumable"}:
        raise BadRequest(
            "invalid_stream", f"ChatKit-Stream is {stream[:40]!r}; it takes 'resumable'."
        )
    key = request.headers.get("idempotency-key")
    if key is not None and not (0 < len(key) <= MAX_KEY_CHARS and key.isprintable()):
        raise BadRequest(
            "invalid_idempotency_key",
            f"Idempotency-Key has {len(key)} characters; it takes 1 to {MAX_KEY_CHARS}, printable.",
        )
    return Asked(
        resumable=stream == "resumable",
        idempotency_key=key,
        fingerprint=None if key is None else sha256(body).hexdigest(),
    )
