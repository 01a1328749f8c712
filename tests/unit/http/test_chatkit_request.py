"""Bodies are bounded and validated before anything looks at them."""

import orjson
import pytest
from chatkit.types import ChatKitReq, ThreadsListReq
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter

from chatkit_backend.errors import BadRequest
from chatkit_backend.http.chatkit_request import MAX_DEPTH, parse_chatkit_request, parse_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def test_a_request_is_read_as_the_sdk_reads_it() -> None:
    body = b'{"type":"threads.list","params":{"limit":3},"metadata":{"a":[1]}}'

    parsed = parse_chatkit_request(body)

    assert isinstance(parsed, ThreadsListReq)
    assert parsed == TypeAdapter[ChatKitReq](ChatKitReq).validate_json(body)


@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        assert isinstance(parse_chatkit_request(body), BaseModel)
    except BadRequest as refusal:
        assert refusal.message


@given(JSON)
def test_any_json_is_read_or_refused_for_a_reason(value: object) -> None:
    try:
        parsed = parse_json(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS))
    except BadRequest as refusal:
        assert refusal.code in {"invalid_text", "too_deep", "invalid_json"}
    else:
        assert parsed == value
        assert "\0" not in str(value)


@pytest.mark.parametrize("depth", [MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1, 1000])
def test_the_deepest_body_that_is_taken(depth: int) -> None:
    body = b"[" * depth + b"1" + b"]" * depth
    if depth < MAX_DEPTH:
        assert parse_json(body) is not None
    else:
        with pytest.raises(BadRequest, match="deeper than 64"):
            parse_json(body)


def test_a_backslash_before_u0000_is_text_and_no_nul() -> None:
    assert parse_json(rb'"\\u0000"') == r"\u0000"
