"""Files of the gallery's server."""

from typing import Any

from chatkit.store import AttachmentStore
from chatkit.types import (
    Attachment,
    AttachmentCreateParams,
    AttachmentUploadDescriptor,
    FileAttachment,
    ImageAttachment,
)
from pydantic import AnyUrl

from tests.browser.stage import Context


class Files(AttachmentStore[Context]):
    """Knows of files; their bytes go to an address that the page under test answers."""

    async def create_attachment(
        self, input: AttachmentCreateParams, context: Context
    ) -> Attachment:
        attachment_id = self.generate_attachment_id(input.mime_type, context)
        address = f"{context['request'].base_url}uploads/{attachment_id}"
        known: dict[str, Any] = {
            "id": attachment_id,
            "name": input.name,
            "mime_type": input.mime_type,
        }
        descriptor = AttachmentUploadDescriptor(url=AnyUrl(address), method="PUT")
        if input.mime_type.startswith("image/"):
            return ImageAttachment(
                **known, upload_descriptor=descriptor, preview_url=AnyUrl(address)
            )
        return FileAttachment(**known, upload_descriptor=descriptor)

    async def delete_attachment(self, attachment_id: str, context: Context) -> None:
        """Forget it."""
