"""ChatKit objects as JSON bytes."""

import orjson
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
