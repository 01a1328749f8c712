"""What a session's maker allows its user (`chatkit_configuration`)."""

from collections.abc import Sequence

from chatkit.types import (
    AttachmentsCreateReq,
    ChatKitReq,
    Page,
    Thread,
    ThreadsAddUserMessageReq,
    ThreadsCreateReq,
)

from chatkit_backend.errors import BadRequest, Forbidden
from chatkit_backend.identity import Session
from chatkit_backend.identity.session import FileUpload

MEGABYTE = 1024 * 1024


def refuse_forbidden(request: ChatKitReq, session: Session | None) -> None:
    """Raise Forbidden for what the session's configuration turns off."""
    if session is None:
        return
    uploads = session.configuration.file_upload
    match request:
        case AttachmentsCreateReq():
            _refuse_upload(uploads, request.params.size)
        case ThreadsCreateReq() | ThreadsAddUserMessageReq():
            _refuse_attached(uploads, len(request.params.input.attachments))


def shown_history(
    newest: Sequence[Thread], *, after: str | None, order: str, limit: int
) -> Page[Thread]:
    """A page of the newest threads of somebody who may see no others.

    Raises: BadRequest (`unknown_cursor`) if `after` is not one of them.
    """
    threads = list(newest) if order == "desc" else list(reversed(newest))
    if after is not None:
        ids = [thread.id for thread in threads]
        if after not in ids:
            raise BadRequest(
                "unknown_cursor", f"params.after {after[:80]!r} is not an id of this list."
            )
        threads = threads[ids.index(after) + 1 :]
    has_more = len(threads) > limit
    page = threads[:limit]
    return Page(data=page, has_more=has_more, after=page[-1].id if has_more else None)


def _refuse_upload(allowed: FileUpload, size: int) -> None:
    if not allowed.enabled:
        raise Forbidden("uploads_disabled", "This session takes no attachments.")
    if size > allowed.max_file_size * MEGABYTE:
        raise Forbidden(
            "file_too_large",
            f"The file has {size} bytes; this session takes {allowed.max_file_size} MB at most.",
        )


def _refuse_attached(allowed: FileUpload, number: int) -> None:
    if number and not allowed.enabled:
        raise Forbidden("uploads_disabled", "This session takes no attachments.")
    if number > allowed.max_files:
        raise Forbidden(
            "too_many_files",
            f"The message has {number} attachments; this session takes {allowed.max_files}.",
        )
