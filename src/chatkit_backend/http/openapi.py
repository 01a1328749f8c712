"""The OpenAPI description of what the endpoints read by themselves."""

from typing import cast

from chatkit.types import ChatKitReq
from fastapi import FastAPI
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaWarningKind

from .conversation import ConversationItemCreate

REF = "#/components/schemas/{model}"

ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "request_id"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "request_id": {"type": "string"},
            },
        }
    },
}

Schema = dict[str, object]


class _Quiet(GenerateJsonSchema):
    """Does not warn of the ChatKit SDK's defaults that JSON cannot express."""

    ignored_warning_kinds: set[JsonSchemaWarningKind] = {  # noqa: RUF012  as in the base class
        "skipped-choice",
        "non-serializable-default",
    }


def describe(app: FastAPI) -> None:
    """Complete `app`'s OpenAPI description, when somebody asks for it.

    The endpoints parse their bodies themselves, so FastAPI knows nothing of them; building the
    schema of all requests takes longer than starting the server.
    """
    base = app.openapi

    def openapi() -> Schema:
        if app.openapi_schema is None:
            _complete(base())
        return cast("Schema", app.openapi_schema)

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _complete(schema: dict[str, object]) -> None:
    paths = cast("dict[str, dict[str, Schema]]", schema["paths"])
    components = cast("dict[str, Schema]", schema.setdefault("components", {}))
    schemas = components.setdefault("schemas", {})
    for name, adapter in _bodies().items():
        body = adapter.json_schema(ref_template=REF, schema_generator=_Quiet)
        schemas.update(cast("Schema", body.pop("$defs", {})))
        schemas[name] = body
    schemas["Error"] = cast("Schema", ERROR)
    for path, name in _requests().items():
        operation = paths[path]["post"]
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": REF.format(model=name)}}},
        }
        operation["responses"] = _responses()
    for methods in paths.values():
        for operation in methods.values():
            responses = cast("Schema", operation["responses"])
            responses.setdefault("default", _error("Refused."))


def _bodies() -> dict[str, TypeAdapter[object]]:
    return {
        "ChatKitRequest": cast("TypeAdapter[object]", TypeAdapter(ChatKitReq)),
        "ConversationItemCreate": cast("TypeAdapter[object]", TypeAdapter(ConversationItemCreate)),
    }


def _requests() -> dict[str, str]:
    return {
        "/chatkit": "ChatKitRequest",
        "/api/chatkit": "ChatKitRequest",
        "/api/conversation": "ConversationItemCreate",
    }


def _responses() -> Schema:
    content: Schema = {
        "application/json": {"schema": {}},
        "text/event-stream": {"schema": {"type": "string"}},
        "application/x-ndjson": {"schema": {"type": "string"}},
    }
    return {"200": {"description": "An answer, or a stream of events.", "content": content}}


def _error(description: str) -> Schema:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": REF.format(model="Error")}}},
    }
