import json

import pytest

from chatkit_backend.models.text_delta import (
    DeltaParser,
    Json,
    TextDelta,
    chat_delta,
    responses_delta,
)


def chunk(delta: Json, **choice: object) -> Json:
    return {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "delta": delta, "finish_reason": None, **choice}],
    }


@pytest.mark.parametrize(
    ("delta", "field"),
    [
        ({"content": "x"}, "content"),
        ({"role": "assistant", "content": "x", "refusal": None, "tool_calls": None}, "content"),
        ({"content": "", "reasoning_content": "x"}, "reasoning_content"),
        ({"content": None, "reasoning": "x"}, "reasoning"),
        ({"refusal": "x"}, "refusal"),
    ],
)
def test_a_chunk_with_text_alone_is_a_delta(delta: Json, field: str) -> None:
    found = chat_delta(chunk(delta))
    assert found is not None
    assert (found.field, found.text) == (field, "x")


@pytest.mark.parametrize(
    "event",
    [
        chunk({}),
        chunk({"role": "assistant", "content": ""}),
        chunk({"content": "x", "tool_calls": [{"index": 0}]}),
        chunk({"content": "x", "reasoning_content": "y"}),
        chunk({"content": "x", "annotations": [{"type": "url_citation"}]}),
        chunk({"content": ["x"]}),
        chunk({"content": "x"}, finish_reason="stop"),
        chunk({"content": "x"}, logprobs={"content": []}),
        chunk({"content": "x"}, index=1),
        {**chunk({"content": "x"}), "usage": {"total_tokens": 1}},
        {**chunk({"content": "x"}), "error": {"message": "no"}},
        {**chunk({"content": "x"}), "choices": chunk({"content": "x"})["choices"] * 2},  # type: ignore[operator]
        {"choices": [None]},
        {"choices": [{"delta": None}]},
        {},
    ],
)
def test_a_chunk_with_anything_else_is_none(event: Json) -> None:
    before = json.dumps(event)
    assert chat_delta(event) is None
    assert json.dumps(event) == before


@pytest.mark.parametrize(
    "kind",
    [
        "response.output_text.delta",
        "response.refusal.delta",
        "response.reasoning_summary_text.delta",
        "response.function_call_arguments.delta",
    ],
)
def test_a_delta_of_the_responses_api_is_one(kind: str) -> None:
    event: Json = {"type": kind, "item_id": "i", "delta": "x", "sequence_number": 3}
    found = responses_delta(event)
    assert found is not None
    assert (found.text, found.own) == ("x", {"sequence_number": 3})


@pytest.mark.parametrize(
    "event",
    [
        {"type": "response.output_text.done", "text": "x"},
        {"type": "response.output_text.delta", "delta": "x", "logprobs": [{"token": "x"}]},
        {"type": "response.output_text.delta", "delta": None},
        {"type": "response.image_generation_call.partial_image", "delta": "x"},
    ],
)
def test_any_other_event_of_the_responses_api_is_none(event: Json) -> None:
    assert responses_delta(event) is None


def test_deltas_that_say_the_same_of_their_text_join() -> None:
    first, second = _delta({"content": "one"}), _delta({"content": " two"})
    assert first.joins(second)
    first.join(second)
    assert first.text == "one two"


@pytest.mark.parametrize(
    "other", [{"refusal": "x"}, {"content": "x", "role": "assistant"}, {"content": "x", "a": ""}]
)
def test_deltas_that_differ_in_anything_else_do_not(other: Json) -> None:
    assert not _delta({"content": "x"}).joins(_delta(other))


def test_a_joined_delta_has_the_last_one_s_number() -> None:
    one, two = (
        responses_delta({"type": "response.refusal.delta", "delta": "x", "sequence_number": n})
        for n in (1, 2)
    )
    assert one is not None
    assert two is not None
    assert one.joins(two)
    one.join(two)
    assert one.own == {"sequence_number": 2}


TEXTS = [
    "plain",
    'a "quoted" word',
    "back\\slash",
    "ends in a back\\",
    "line\nfeed",
    "é 🙂 \u2028",
    '"content":"',
    '"}, "finish_reason": null}',
    "",
    "last",
]


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
def test_the_texts_of_a_read_are_those_of_its_events(
    *, ascii_only: bool, separators: tuple[str, str]
) -> None:
    def event(text: str) -> bytes:
        content = chunk({"content": text})
        return json.dumps(content, ensure_ascii=ascii_only, separators=separators).encode()

    parser = DeltaParser(chat_delta)
    first = parser.parse(event("first"))
    for texts in ([text] for text in TEXTS), (TEXTS[number:] for number in range(len(TEXTS))):
        for read in texts:
            found = parser.parse_all(_events(*map(event, read)))
            assert found is not None, read
            assert (found.field, found.text) == ("content", "".join(read))
            assert first is not None
            assert first.joins(found)


@pytest.mark.parametrize(
    "behind",
    [
        b'"x","tool_calls":[1]},"finish_reason":null}]}',
        b'"x","content":"y"},"finish_reason":null}]}',
        b'"x"},"finish_reason":"stop"}]}',
        b'"x},"finish_reason":null}]}',
        b'null},"finish_reason":null}]}',
        b'["x"]},"finish_reason":null}]}',
        b'"x","y"},"finish_reason":null}]}',
        b'"\\ud83d"},"finish_reason":null}]}',
        b'"x\n"},"finish_reason":null}]}',
    ],
)
@pytest.mark.parametrize("position", range(3))
def test_what_only_begins_like_the_last_delta_is_not_taken_for_one(
    behind: bytes, position: int
) -> None:
    before = b'{"choices":[{"index":0,"delta":{"content":'
    text = before + b'"one"},"finish_reason":null}]}'
    parser = DeltaParser(chat_delta)
    assert parser.parse(text) is not None

    events = [text, text]
    events.insert(position, before + behind)

    assert parser.parse_all(_events(*events)) is None


def test_the_first_read_of_a_stream_is_like_none_before() -> None:
    assert DeltaParser(chat_delta).parse_all(_events(b'{"choices":[]}')) is None
    assert DeltaParser(chat_delta).parse_all(b"") is None


def test_an_event_with_something_of_its_own_is_no_pattern_for_others() -> None:
    parser = DeltaParser(responses_delta)
    data = b'{"type":"response.refusal.delta","delta":"x","sequence_number":1}'
    assert parser.parse(data) is not None

    assert parser.parse_all(_events(data)) is None


def _events(*data: bytes) -> bytes:
    """A read of whole events, as `EventSplitter` finds it."""
    return b"\n\n".join(b"data: " + one for one in data)


def _delta(delta: Json) -> TextDelta:
    found = chat_delta(chunk(delta))
    assert found is not None
    return found
