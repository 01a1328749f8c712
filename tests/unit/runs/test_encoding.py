"""JSON for clients: as the SDK writes it, and never broken."""

import json

from chatkit.types import ProgressUpdateEvent
from hypothesis import given
from hypothesis import strategies as st

from chatkit_backend.runs.encoding import encode


@given(st.text())
def test_any_text_has_a_form_and_nulls_are_left_out(text: str) -> None:
    event = ProgressUpdateEvent(text=text)

    assert json.loads(encode(event)) == {"type": "progress_update", "text": text}


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    assert json.loads(encode(ProgressUpdateEvent(text="a\ud83d")))["text"] == "a\ufffd"
