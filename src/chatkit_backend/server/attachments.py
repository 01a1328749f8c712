"""Attachments and dictation: what the server's attachment store and `transcribe` offer."""

import base64
from typing import Generic

from chatkit.server import ChatKitServer
from chatkit.store import AttachmentStore
from chatkit.types import (
    Attachment,
    AttachmentCreateParams,
    AttachmentDeleteParams,
    AudioInput,
    InputTranscribeParams,
    TranscriptionResult,
)
from typing_extensions import TypeVar

from chatkit_backend.errors import BadRequest

from .service import Service

C = TypeVar("C")


class Attachments(Generic[C]):
    """`attachments.create` and `attachments.delete`."""

    def __init__(self, service: Service[C]) -> None:
        self._server = service.server

    async def create(self, params: AttachmentCreateParams, context: C) -> Attachment:
        """Register a file and return where to upload it."""
        if params.size < 0:
            raise BadRequest("invalid_request", f"params.size is {params.size}; it is in bytes.")
        attachment = await self._store().create_attachment(params, context)
        await self._server.store.save_attachment(attachment, context)
        return attachment

    async def delete(self, params: AttachmentDeleteParams, context: C) -> None:
        """Delete a file and its record. Raises: NotFoundError."""
        files = self._store()
        await self._server.store.load_attachment(params.attachment_id, context)
        await files.delete_attachment(params.attachment_id, context)
        await self._server.store.delete_attachment(params.attachment_id, context)

    def _store(self) -> AttachmentStore[C]:
        if self._server.attachment_store is None:
            raise BadRequest("not_supported", "This server takes no attachments.")
        return self._server.attachment_store


class Dictation(Generic[C]):
    """`input.transcribe`."""

    def __init__(self, service: Service[C]) -> None:
        self._server = service.server

    async def transcribe(self, params: InputTranscribeParams, context: C) -> TranscriptionResult:
        """Turn speech into text."""
        if type(self._server).transcribe is ChatKitServer.transcribe:
            raise BadRequest("not_supported", "This server does not transcribe speech.")
        try:
            audio = base64.b64decode(params.audio_base64, validate=True)
        except ValueError as exc:  # binascii.Error is one; text beyond ASCII another
            raise BadRequest(
                "invalid_base64", f"params.audio_base64 is not base64: {exc}."
            ) from None
        return await self._server.transcribe(
            AudioInput(data=audio, mime_type=params.mime_type), context
        )
