"""Payloads: threads, items and attachments as the JSON text that a row holds.

Text and not PostgreSQL's JSONB, which refuses the NUL that a model may well produce; JSON writes it
as an escape. Half a surrogate pair has no UTF-8 form at all, so U+FFFD takes its place.
"""

import re
from typing import Any, TypeVar

from chatkit.types import Attachment, ThreadItem, ThreadMetadata, WorkflowItem
from pydantic import BaseModel, TypeAdapter
from pydantic_core import PydanticSerializationError, to_json

from .errors import UnstorableError
from .times import WorkflowTime, to_utc

M = TypeVar("M", bound=BaseModel)

SURROGATE = re.compile("[\ud800-\udfff]")

ITEM: TypeAdapter[ThreadItem] = TypeAdapter(ThreadItem)
ATTACHMENT: TypeAdapter[Attachment] = TypeAdapter(Attachment)


def thread_payload(thread: ThreadMetadata) -> str:
    """Write a thread; of a `Thread` without its `items`. Raises: UnstorableError."""
    created_at = to_utc(thread.created_at)
    exclude = set(type(thread).model_fields) - set(ThreadMetadata.model_fields)
    return _text(thread.model_copy(update={"created_at": created_at}), exclude)


def item_payload(item: ThreadItem) -> str:
    """Write an item. Raises: UnstorableError."""
    return _text(item.model_copy(update={"created_at": to_utc(item.created_at)}))


def attachment_payload(attachment: Attachment) -> str:
    """Write an attachment with its private metadata. Raises: UnstorableError."""
    return _text(attachment)


def read_thread(payload: str) -> ThreadMetadata:
    """Read what `thread_payload` wrote."""
    return ThreadMetadata.model_validate_json(payload)


def read_item(payload: str) -> ThreadItem:
    """Read what `item_payload` wrote."""
    item = ITEM.validate_json(payload)
    if isinstance(item, WorkflowItem):
        item.created_at = WorkflowTime.of(item.created_at)
    return item


def read_attachment(payload: str) -> Attachment:
    """Read what `attachment_payload` wrote."""
    return ATTACHMENT.validate_json(payload)


def _text(model: BaseModel, exclude: set[str] | None = None) -> str:
    try:
        return model.model_dump_json(exclude=exclude or None)
    except PydanticSerializationError as exc:
        if "surrogates not allowed" not in str(exc):
            raise _unstorable(model, exc) from exc
    try:
        return to_json(_scrubbed(model.model_dump(mode="json", exclude=exclude or None))).decode()
    except (PydanticSerializationError, RecursionError) as exc:
        raise _unstorable(model, exc) from exc


def _unstorable(model: BaseModel, exc: Exception) -> UnstorableError:
    name = type(model).__name__
    return UnstorableError(f"{name} {getattr(model, 'id', '')!r} has no JSON form: {exc}")


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_scrubbed(part) for part in value]
    if isinstance(value, dict):
        return {_scrubbed(key): _scrubbed(part) for key, part in value.items()}
    return value


__all__ = [
    "attachment_payload",
    "item_payload",
    "read_attachment",
    "read_item",
    "read_thread",
    "thread_payload",
]
