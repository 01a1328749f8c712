"""A digest leaves a client where the whole log would, in few events."""

import json
from datetime import UTC, datetime

from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ErrorEvent,
    ProgressUpdateEvent,
    StreamOptions,
    StreamOptionsEvent,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
)

from chatkit_backend.runs.digest import digest, pending_of
from chatkit_backend.runs.entries import RETOLD, entry_of


def message(text: str = "", item: str = "msg_1") -> AssistantMessageItem:
    content = [AssistantMessageContent(text=text)] if text else []
    created_at = datetime(2026, 1, 1, tzinfo=UTC)
    return AssistantMessageItem(id=item, thread_id="thr_1", created_at=created_at, content=content)


def deltas(count: int, item: str = "msg_1") -> list[ThreadStreamEvent]:
    part = AssistantMessageContentPartAdded(
        content_index=0, content=AssistantMessageContent(text="")
    )
    update = AssistantMessageContentPartTextDelta(content_index=0, delta="word ")
    return [
        ThreadItemUpdatedEvent(item_id=item, update=part),
        *[ThreadItemUpdatedEvent(item_id=item, update=update) for _ in range(count)],
    ]


def digested(events: list[ThreadStreamEvent]) -> list[tuple[int, dict[str, object]]]:
    entries = [entry_of(number, event) for number, event in enumerate(events, start=1)]
    return [(entry.seq, json.loads(entry.data)) for entry in digest(entries)]


def test_a_thousand_deltas_become_one_event_with_the_text_so_far() -> None:
    [options, (seq, event)] = digested([ThreadItemAddedEvent(item=message()), *deltas(1000)])

    assert options[0] == RETOLD
    assert seq == 1002
    assert event["type"] == "thread.item.added"
    assert event["item"]["content"][0]["text"] == "word " * 1000  # type: ignore[index]


def test_a_finished_item_is_said_once() -> None:
    done = ThreadItemDoneEvent(item=message("All of it."))

    [_, (_, event)] = digested([ThreadItemAddedEvent(item=message()), *deltas(10), done])

    assert (event["type"], event["item"]["content"][0]["text"]) == (  # type: ignore[index]
        "thread.item.done",
        "All of it.",
    )


def test_a_removed_item_stays_removed() -> None:
    removed = ThreadItemRemovedEvent(item_id="msg_1")

    [_, (_, event)] = digested([ThreadItemAddedEvent(item=message()), *deltas(1), removed])

    assert event == {"type": "thread.item.removed", "item_id": "msg_1"}


def test_of_progress_only_the_last_counts_and_of_errors_each() -> None:
    error = ErrorEvent(code="custom", message="No.", allow_retry=True)

    _, *events = digested(
        [ProgressUpdateEvent(text="one"), ProgressUpdateEvent(text="two"), error, error]
    )

    assert [event.get("text", event.get("message")) for _, event in events] == ["two", "No.", "No."]


def test_it_begins_with_the_stream_options_in_force() -> None:
    options = StreamOptionsEvent(stream_options=StreamOptions(allow_cancel=False))

    [first, last] = digested([options])

    assert [first[0], last[0]] == [RETOLD, 1]
    assert first[1] == last[1] == json.loads(options.model_dump_json())


def test_only_the_last_event_has_a_number_to_go_on_from() -> None:
    done = [ThreadItemDoneEvent(item=message("x", item=f"msg_{number}")) for number in range(3)]

    assert [seq for seq, _ in digested(list(done))] == [RETOLD, RETOLD, RETOLD, 3]


def test_even_nothing_is_told_anew() -> None:
    [(seq, event)] = digested([])

    assert (seq, event["type"]) == (RETOLD, "stream_options")


def test_unfinished_items_are_known_from_the_log() -> None:
    events = [
        ThreadItemDoneEvent(item=message("whole", item="msg_0")),
        ThreadItemAddedEvent(item=message()),
        *deltas(2),
    ]
    entries = [entry_of(number, event) for number, event in enumerate(events, start=1)]

    [item] = pending_of(entries).items()

    assert isinstance(item, AssistantMessageItem)
    assert item.content[0].text == "word word "
