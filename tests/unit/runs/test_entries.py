"""Entries: adjacent deltas join, everything else stays as it is, and storing loses nothing."""

import json

import pytest
from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    ProgressUpdateEvent,
    ThreadItemUpdatedEvent,
)
from hypothesis import given
from hypothesis import strategies as st

from chatkit_backend.runs.encoding import encode
from chatkit_backend.runs.entries import (
    MAX_JOINED_CHARS,
    Entry,
    chunk_of,
    entries_of,
    entry_of,
    joined,
)


def delta(seq: int, text: str, item: str = "msg_1", index: int = 0) -> Entry:
    update = AssistantMessageContentPartTextDelta(content_index=index, delta=text)
    return entry_of(seq, ThreadItemUpdatedEvent(item_id=item, update=update))


def progress(seq: int) -> Entry:
    return entry_of(seq, ProgressUpdateEvent(text="Thinking"))


def said(entries: list[Entry]) -> list[tuple[int, str | None]]:
    return [(one.seq, one.delta.text if one.delta else None) for one in entries]


@given(st.text(), st.integers(0, 9))
def test_a_delta_is_encoded_as_every_event_is(text: str, index: int) -> None:
    update = AssistantMessageContentPartTextDelta(content_index=index, delta=text)
    event = ThreadItemUpdatedEvent(item_id="msg_1", update=update)

    assert json.loads(entry_of(1, event).data) == json.loads(encode(event))


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    assert json.loads(delta(1, "a\ud83d").data)["update"]["delta"] == "a\ufffd"


def test_so_does_one_in_an_id() -> None:
    assert json.loads(delta(1, "a", item="msg_\ud83d").data)["item_id"] == "msg_\ufffd"


def test_adjacent_deltas_of_one_text_join_under_the_last_number() -> None:
    assert said(joined([delta(1, "a"), delta(2, "b"), delta(3, "c")])) == [(3, "abc")]


@pytest.mark.parametrize(
    "between",
    [progress(2), delta(2, "x", item="msg_2"), delta(2, "x", index=1)],
    ids=["another event", "another item", "another part"],
)
def test_what_comes_between_keeps_its_place(between: Entry) -> None:
    entries = [delta(1, "a"), between, delta(3, "b")]

    assert joined(entries) == entries


def test_joined_deltas_have_a_longest_text() -> None:
    half = "x" * (MAX_JOINED_CHARS // 2)

    lengths = [
        len(one.delta.text) for one in joined([delta(n, half) for n in range(1, 6)]) if one.delta
    ]

    assert lengths == [MAX_JOINED_CHARS, MAX_JOINED_CHARS, MAX_JOINED_CHARS // 2]


def test_a_stored_chunk_gives_back_what_it_was_made_of() -> None:
    entries = [progress(5), delta(6, "line\nbreak"), delta(7, " and more"), progress(8)]

    chunk = chunk_of(entries)

    assert (chunk.first_seq, chunk.last_seq) == (5, 8)
    assert entries_of([chunk]) == joined(entries)
    assert entries_of([chunk], after=7) == [progress(8)]


def test_a_text_that_names_the_delta_type_is_no_delta() -> None:
    entry = entry_of(1, ProgressUpdateEvent(text='"assistant_message.content_part.text_delta"'))

    assert entries_of([chunk_of([entry])]) == [entry]
