"""SSE unless the client likes NDJSON better (RFC 9110, section 12.5.1)."""

import pytest
from starlette.requests import Request

from chatkit_backend.http.framing import NDJSON, SSE, media_type_for


def chosen_for(*accept: str) -> str:
    headers = [(b"accept", value.encode()) for value in accept]
    return media_type_for(Request({"type": "http", "headers": headers}))


@pytest.mark.parametrize(
    "accept",
    [
        "application/x-ndjson",
        "Application/X-NDJSON",
        "application/x-ndjson;charset=utf-8",
        "application/x-ndjson ; q=0.5 , text/html",
        "application/x-ndjson, */*",
        "application/x-ndjson, text/event-stream;q=0.9",
        "application/x-ndjson;q=0.001, text/event-stream;q=0",
        "application/*",
        "*/*, text/event-stream;q=0",
    ],
)
def test_ndjson_is_for_clients_that_like_it_better(accept: str) -> None:
    assert chosen_for(accept) == NDJSON


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "text/*",
        "text/event-stream",
        "application/json",
        "application/x-ndjson;q=0",
        "application/x-ndjson;q=0.0, */*",
        "application/x-ndjson, text/event-stream",
        "text/event-stream, application/x-ndjson;Q=0.9",
        "application/x-ndjson;q=nan",
        "application/x-ndjson;q=2, */*;q=0.1",
        "application/x-ndjson-seq",
        "application/*;q=0.5, text/*",
        ";;, ,q=1",
    ],
)
def test_everybody_else_gets_sse(accept: str) -> None:
    assert chosen_for(accept) == SSE


def test_without_the_header_it_is_sse() -> None:
    assert chosen_for() == SSE


def test_several_headers_are_one_list() -> None:
    assert chosen_for("text/event-stream;q=0.1", "application/x-ndjson") == NDJSON
