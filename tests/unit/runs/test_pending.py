"""Pending items are what a reader has seen and the store has not."""

from datetime import UTC, datetime

from chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    CustomTask,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemUpdate,
    ThreadItemUpdatedEvent,
    URLSource,
    Workflow,
    WorkflowItem,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)

from chatkit_backend.runs.pending import PendingItems, has_text

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def message() -> AssistantMessageItem:
    return AssistantMessageItem(id="msg_1", thread_id="thr_1", created_at=NOW, content=[])


def pending_after(item: AssistantMessageItem | WorkflowItem, *updates: ThreadItemUpdate) -> object:
    pending = PendingItems()
    pending.apply(ThreadItemAddedEvent(item=item))
    for update in updates:
        pending.apply(ThreadItemUpdatedEvent(item_id=item.id, update=update))
    [kept] = pending.items()
    return kept


def text(delta: str, index: int = 0) -> AssistantMessageContentPartTextDelta:
    return AssistantMessageContentPartTextDelta(content_index=index, delta=delta)


def texts(item: object) -> list[str]:
    assert isinstance(item, AssistantMessageItem)
    return [part.text for part in item.content]


def test_text_deltas_add_up() -> None:
    assert texts(pending_after(message(), text("Hel"), text("lo"))) == ["Hello"]


def test_a_delta_for_a_part_that_was_not_added_makes_the_parts_up_to_it() -> None:
    assert texts(pending_after(message(), text("third", 2))) == ["", "", "third"]


def test_a_part_that_is_added_or_done_replaces_its_text() -> None:
    added = AssistantMessageContentPartAdded(
        content_index=0, content=AssistantMessageContent(text="A")
    )
    done = AssistantMessageContentPartDone(
        content_index=0, content=AssistantMessageContent(text="final")
    )

    assert texts(pending_after(message(), added, text("b"))) == ["Ab"]
    assert texts(pending_after(message(), added, text("b"), done)) == ["final"]


def test_annotations_are_kept_at_their_place() -> None:
    def annotation(url: str, at: int) -> AssistantMessageContentPartAnnotationAdded:
        return AssistantMessageContentPartAnnotationAdded(
            content_index=0,
            annotation_index=at,
            annotation=Annotation(source=URLSource(title=url, url=url)),
        )

    item = pending_after(message(), text("x"), annotation("b", 0), annotation("a", 0))

    assert isinstance(item, AssistantMessageItem)
    assert [one.source.title for one in item.content[0].annotations] == ["a", "b"]


def test_workflow_tasks_are_kept() -> None:
    item = WorkflowItem(
        id="wf_1", thread_id="thr_1", created_at=NOW, workflow=Workflow(type="custom", tasks=[])
    )

    kept = pending_after(
        item,
        WorkflowTaskAdded(task_index=0, task=CustomTask(title="one")),
        WorkflowTaskUpdated(task_index=0, task=CustomTask(title="two")),
        WorkflowTaskUpdated(task_index=9, task=CustomTask(title="nowhere")),
    )

    assert isinstance(kept, WorkflowItem)
    assert kept.workflow.tasks == [CustomTask(title="two")]


def test_a_done_or_removed_item_is_no_longer_pending() -> None:
    for end in (ThreadItemDoneEvent(item=message()), ThreadItemRemovedEvent(item_id="msg_1")):
        pending = PendingItems()
        pending.apply(ThreadItemAddedEvent(item=message()))
        pending.apply(end)
        assert pending.items() == []


def test_the_servers_own_item_is_not_changed() -> None:
    item = message()
    pending_after(item, text("x"))
    assert item.content == []


def test_only_a_message_with_something_to_read_has_text() -> None:
    blank = message().model_copy(update={"content": [AssistantMessageContent(text=" \n")]})
    full = message().model_copy(update={"content": [AssistantMessageContent(text="x")]})

    assert [has_text(message()), has_text(blank), has_text(full)] == [False, False, True]


def test_events_stay_as_they_were_and_so_do_items_that_were_handed_out() -> None:
    added = AssistantMessageContentPartAdded(
        content_index=0, content=AssistantMessageContent(text="Hel")
    )
    annotated = AssistantMessageContentPartAnnotationAdded(
        content_index=0,
        annotation_index=0,
        annotation=Annotation(source=URLSource(title="T", url="https://a.test")),
    )
    pending = PendingItems()
    for event in (
        ThreadItemAddedEvent(item=message()),
        ThreadItemUpdatedEvent(item_id="msg_1", update=added),
    ):
        pending.apply(event)
    [before] = pending.items()
    pending.apply(ThreadItemUpdatedEvent(item_id="msg_1", update=annotated))

    assert added.content.annotations == []
    assert isinstance(before, AssistantMessageItem)
    assert before.content[0].annotations == []
    [after] = pending.items()
    assert isinstance(after, AssistantMessageItem)
    assert len(after.content[0].annotations) == 1


def test_a_workflow_that_was_handed_out_stays_as_it_was() -> None:
    item = WorkflowItem(
        id="wf_1", thread_id="thr_1", created_at=NOW, workflow=Workflow(type="custom", tasks=[])
    )
    pending = PendingItems()
    pending.apply(ThreadItemAddedEvent(item=item))
    [before] = pending.items()
    added = WorkflowTaskAdded(task=CustomTask(title="One"), task_index=0)
    pending.apply(ThreadItemUpdatedEvent(item_id="wf_1", update=added))

    assert isinstance(before, WorkflowItem)
    assert before.workflow.tasks == []
