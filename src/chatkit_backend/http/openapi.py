"""The OpenAPI description of what the endpoints read by themselves."""

from typing import cast

from chatkit.types import ChatKitReq
from fastapi import FastAPI
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaWarningKind

from .conversation import ConversationItemCreate
from .hosted import SessionCreate
from .sessions import SecretToRefresh

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

HOSTED_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "param": {"type": ["string", "null"]},
                "code": {"type": "string"},
            },
        }
    },
}

Schema = dict[str, object]

REQUESTS = {
    "/chatkit": "ChatKitRequest",
    "/api/chatkit": "ChatKitRequest",
    "/api/conversation": "ConversationItemCreate",
    "/api/chatkit/refresh": "SecretToRefresh",
    "/v1/chatkit/sessions": "SessionCreate",
}
STREAMED = {"ChatKitRequest", "ConversationItemCreate"}
OPTIONAL = {"SecretToRefresh"}


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
    schemas["HostedError"] = cast("Schema", HOSTED_ERROR)
    for path, name in REQUESTS.items():
        operation = paths[path]["post"]
        operation["requestBody"] = {
            "required": name not in OPTIONAL,
            "content": {"application/json": {"schema": {"$ref": REF.format(model=name)}}},
        }
        if name in STREAMED:
            operation["responses"] = _responses()
    for path, methods in paths.items():
        error = "HostedError" if path.startswith("/v1/") else "Error"
        for operation in methods.values():
            responses = cast("Schema", operation["responses"])
            responses.setdefault("default", _error(error))


def _bodies() -> dict[str, TypeAdapter[object]]:
    return {
        "ChatKitRequest": cast("TypeAdapter[object]", TypeAdapter(ChatKitReq)),
        "ConversationItemCreate": cast("TypeAdapter[object]", TypeAdapter(ConversationItemCreate)),
        "SessionCreate": cast("TypeAdapter[object]", TypeAdapter(SessionCreate)),
        "SecretToRefresh": cast("TypeAdapter[object]", TypeAdapter(SecretToRefresh)),
    }


def _responses() -> Schema:
    content: Schema = {
        "application/json": {"schema": {}},
        "text/event-stream": {"schema": {"type": "string"}},
        "application/x-ndjson": {"schema": {"type": "string"}},
    }
    return {"200": {"description": "An answer, or a stream of events.", "content": content}}


def _error(model: str) -> Schema:
    return {
        "description": "Refused.",
        "content": {"application/json": {"schema": {"$ref": REF.format(model=model)}}},
    }
