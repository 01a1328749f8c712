"""The short way for text deltas gives the same bytes as the SDK's serialisation."""

import json

from chatkit.types import AssistantMessageContentPartTextDelta, ThreadItemUpdatedEvent
from hypothesis import given
from hypothesis import strategies as st

from chatkit_backend.http.encoding import encode, encode_event


def delta(text: str, index: int = 0) -> ThreadItemUpdatedEvent:
    return ThreadItemUpdatedEvent(
        item_id="msg_1",
        update=AssistantMessageContentPartTextDelta(content_index=index, delta=text),
    )


@given(st.text(), st.integers(0, 9))
def test_a_text_delta_is_encoded_as_the_sdk_does(text: str, index: int) -> None:
    event = delta(text, index)
    assert json.loads(encode_event(event)) == json.loads(encode(event))


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    encoded = json.loads(encode_event(delta("a\ud83d")))
    assert encoded["update"]["delta"] == "a\ufffd"
