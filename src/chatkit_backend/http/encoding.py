"""ChatKit objects as JSON bytes."""

import orjson
from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
)
from pydantic import BaseModel
from pydantic_core import PydanticSerializationError


def encode(value: BaseModel) -> bytes:
    """As the SDK serialises: no nulls, no integration metadata of attachments.

    A model can stream half of a surrogate pair, which no encoding takes; it becomes a replacement
    character.
    """
    try:
        text = value.model_dump_json(
            by_alias=True, exclude_none=True, context={"exclude_metadata": True}
        )
    except (PydanticSerializationError, UnicodeError):
        plain = value.model_dump(
            by_alias=True, exclude_none=True, context={"exclude_metadata": True}
        )
        return orjson.dumps(_scrubbed(plain), default=str)
    return text.encode()


def encode_event(event: ThreadStreamEvent) -> bytes:
    """An event of a stream. Text deltas, most of them all, take a shorter way to the same bytes."""
    if isinstance(event, ThreadItemUpdatedEvent) and isinstance(
        update := event.update, AssistantMessageContentPartTextDelta
    ):
        try:
            return orjson.dumps(
                {
                    "type": event.type,
                    "item_id": event.item_id,
                    "update": {
                        "type": update.type,
                        "content_index": update.content_index,
                        "delta": update.delta,
                    },
                }
            )
        except orjson.JSONEncodeError:
            return encode(event)
    return encode(event)


def _scrubbed(value: object) -> object:
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case dict():
            return {_scrubbed(key): _scrubbed(one) for key, one in value.items()}
        case list() | tuple():
            return [_scrubbed(one) for one in value]
        case _:
            return value
