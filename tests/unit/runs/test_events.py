"""Every item of a run has an id of its own and a UTC time, whatever made it."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import count

from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ClientToolCallItem,
    HiddenContextItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
)

from chatkit_backend.runs.events import PLACEHOLDER_ID, EventIdentity, is_hidden

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def identity() -> EventIdentity:
    numbers = count(1)
    return EventIdentity(lambda: f"msg_{next(numbers)}")


def message(item_id: str = PLACEHOLDER_ID, created_at: datetime = NOW) -> AssistantMessageItem:
    return AssistantMessageItem(id=item_id, thread_id="thr_1", created_at=created_at, content=[])


def delta(item_id: str = PLACEHOLDER_ID) -> ThreadItemUpdatedEvent:
    return ThreadItemUpdatedEvent(
        item_id=item_id, update=AssistantMessageContentPartTextDelta(content_index=0, delta="x")
    )


def item_ids(events: list[ThreadStreamEvent]) -> list[str]:
    return [
        event.item.id
        if isinstance(event, (ThreadItemAddedEvent, ThreadItemDoneEvent))
        else event.item_id
        for event in events
        if isinstance(
            event,
            (
                ThreadItemAddedEvent,
                ThreadItemDoneEvent,
                ThreadItemUpdatedEvent,
                ThreadItemRemovedEvent,
            ),
        )
    ]


def test_the_placeholder_id_is_the_one_that_the_agents_sdk_writes() -> None:
    from agents.models.fake_id import FAKE_RESPONSES_ID

    assert PLACEHOLDER_ID == FAKE_RESPONSES_ID


def test_two_messages_with_the_placeholder_id_get_two_ids_each_the_same_over_its_events() -> None:
    own = identity()
    one_message: list[ThreadStreamEvent] = [
        ThreadItemAddedEvent(item=message()),
        delta(),
        ThreadItemDoneEvent(item=message()),
    ]

    ids = item_ids([event for given in [*one_message, *one_message] for event in own.apply(given)])

    assert ids == ["msg_1", "msg_1", "msg_1", "msg_2", "msg_2", "msg_2"]


def test_a_client_tool_call_with_the_placeholder_id_does_not_take_the_messages_id() -> None:
    own = identity()
    call = ClientToolCallItem(
        id=PLACEHOLDER_ID, thread_id="thr_1", created_at=NOW, call_id="c", name="n", arguments={}
    )

    [added] = own.apply(ThreadItemAddedEvent(item=message()))
    [called] = own.apply(ThreadItemDoneEvent(item=call))
    [done] = own.apply(ThreadItemDoneEvent(item=message()))

    assert item_ids([added, called, done]) == ["msg_1", "msg_2", "msg_1"]


def test_removing_the_placeholder_id_removes_every_item_that_had_it() -> None:
    own = identity()
    for _ in range(2):
        own.apply(ThreadItemAddedEvent(item=message()))
        own.apply(ThreadItemDoneEvent(item=message()))

    assert item_ids(own.apply(ThreadItemRemovedEvent(item_id=PLACEHOLDER_ID))) == ["msg_1", "msg_2"]


def test_an_id_that_is_the_servers_own_is_kept() -> None:
    assert item_ids(identity().apply(ThreadItemAddedEvent(item=message("msg_mine")))) == [
        "msg_mine"
    ]


def test_a_naive_time_is_local_time_and_leaves_in_utc_without_touching_the_senders_item() -> None:
    naive = datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001  what the SDK writes
    item = message("msg_1", naive)

    [event] = identity().apply(ThreadItemDoneEvent(item=item))

    assert isinstance(event, ThreadItemDoneEvent)
    assert event.item.created_at.tzinfo is UTC
    assert event.item.created_at == naive.astimezone()
    assert item.created_at is naive


def test_a_time_in_another_zone_leaves_in_utc() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=5)))

    [event] = identity().apply(ThreadItemAddedEvent(item=message("msg_1", elsewhere)))

    assert isinstance(event, ThreadItemAddedEvent)
    assert event.item.created_at.isoformat() == NOW.isoformat()


def test_only_hidden_context_is_hidden() -> None:
    hidden = HiddenContextItem(id="h", thread_id="thr_1", created_at=NOW, content="secret")

    assert is_hidden(ThreadItemDoneEvent(item=hidden))
    assert is_hidden(ThreadItemAddedEvent(item=hidden))
    assert not is_hidden(ThreadItemDoneEvent(item=message("msg_1")))
    assert not is_hidden(delta("msg_1"))
