"""Events of the Responses API as thread events. Chat completions arrive in the same form."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

from agents.items import TResponseStreamEvent
from chatkit.agents import ResponseStreamConverter
from chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    GeneratedImage,
    GeneratedImageItem,
    GeneratedImageUpdated,
    ThoughtTask,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdate,
    ThreadItemUpdatedEvent,
    ThreadStreamEvent,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)
from openai.types import responses as api
from openai.types.responses.response_output_item import ImageGenerationCall
from openai.types.responses.response_output_text import Annotation as ApiAnnotation
from pydantic import TypeAdapter

from chatkit_backend.models.short_way import MoreText

from .agent_context import ChatContext


@dataclass(slots=True)
class _Thought:
    """A reasoning summary that is being written, and its place in the workflow."""

    task: ThoughtTask
    index: int


@dataclass(slots=True)
class _Message:
    """An assistant message that is being written: our item, and the annotations of its parts."""

    item: AssistantMessageItem
    annotations: dict[int, list[Annotation]] = field(default_factory=dict)


class ResponseEvents:
    """Converts one run's model events, in order. Items get ids of our own."""

    def __init__(self, context: ChatContext, images: ResponseStreamConverter) -> None:
        self._context = context
        self._images = images
        # Keyed by the model's item id; on chat completions every message has the same one, and
        # the entry is that of the latest.
        self._messages: dict[str, _Message] = {}
        self._thoughts: dict[tuple[str, int], _Thought] = {}

    async def convert(self, event: TResponseStreamEvent) -> Sequence[ThreadStreamEvent]:
        """The thread events of one model event: none, one or two."""
        match event:
            case api.ResponseTextDeltaEvent() | api.ResponseRefusalDeltaEvent():
                return self._delta(event)
            case api.ResponseOutputItemAddedEvent():
                return self._item_added(event)
            case api.ResponseOutputItemDoneEvent():
                return await self._item_done(event)
            case (
                api.ResponseContentPartAddedEvent()
                | api.ResponseTextDoneEvent()
                | api.ResponseRefusalDoneEvent()
                | api.ResponseOutputTextAnnotationAddedEvent()
            ):
                return await self._content_update(event)
            case api.ResponseReasoningSummaryTextDeltaEvent():
                return self._thought(event, event.delta, whole=False)
            case api.ResponseReasoningSummaryTextDoneEvent():
                return self._thought(event, event.text, whole=True)
            case api.ResponseImageGenCallPartialImageEvent():
                return await self._partial_image(event)
            case _:
                return ()

    def _delta(
        self, event: api.ResponseTextDeltaEvent | api.ResponseRefusalDeltaEvent
    ) -> Sequence[ThreadStreamEvent]:
        message = self._messages.get(event.item_id)
        if message is None:
            return ()
        return [_text(message, event.content_index, event.delta)]

    def more(self, more: MoreText) -> Sequence[ThreadStreamEvent]:
        """The thread event of text that took the short way."""
        message = self._messages.get(more.event.item_id)
        return () if message is None else (_text(message, more.event.content_index, more.text),)

    def _item_added(self, event: api.ResponseOutputItemAddedEvent) -> Sequence[ThreadStreamEvent]:
        context, item = self._context, event.item
        if isinstance(item, api.ResponseReasoningItem) and context.workflow_item is None:
            return [context.open_reasoning()]
        if isinstance(item, api.ResponseOutputMessage):
            closed = [context.finish_workflow()] if context.workflow_item else []
            message = AssistantMessageItem(
                id=context.generate_id("message"),
                thread_id=context.thread.id,
                created_at=datetime.now(UTC),
                content=[],
            )
            self._messages[item.id] = _Message(message)
            return [*closed, ThreadItemAddedEvent(item=message)]
        if isinstance(item, ImageGenerationCall):
            context.generated_image_item = GeneratedImageItem(
                id=context.generate_id("message"),
                thread_id=context.thread.id,
                created_at=datetime.now(UTC),
            )
            return [ThreadItemAddedEvent(item=context.generated_image_item)]
        return []

    async def _item_done(
        self, event: api.ResponseOutputItemDoneEvent
    ) -> Sequence[ThreadStreamEvent]:
        item, context = event.item, self._context
        if isinstance(item, api.ResponseOutputMessage):
            message = self._messages.pop(item.id, None)
            if message is None:
                return ()
            content = [await self._content(part) for part in item.content]
            return [ThreadItemDoneEvent(item=message.item.model_copy(update={"content": content}))]
        image = context.generated_image_item
        if isinstance(item, ImageGenerationCall) and item.result and image is not None:
            url = await self._images.base64_image_to_url(item.id, item.result)
            context.generated_image_item = None
            done = image.model_copy(update={"image": GeneratedImage(id=item.id, url=url)})
            return [ThreadItemDoneEvent(item=done)]
        return ()

    async def _content_update(
        self,
        event: api.ResponseContentPartAddedEvent
        | api.ResponseTextDoneEvent
        | api.ResponseRefusalDoneEvent
        | api.ResponseOutputTextAnnotationAddedEvent,
    ) -> Sequence[ThreadStreamEvent]:
        message = self._messages.get(event.item_id)
        if message is None:
            return ()
        index = event.content_index
        annotations = message.annotations.setdefault(index, [])
        update: ThreadItemUpdate
        match event:
            case api.ResponseContentPartAddedEvent():
                if isinstance(event.part, api.ResponseOutputText | api.ResponseOutputRefusal):
                    content = await self._content(event.part)
                    update = AssistantMessageContentPartAdded(content_index=index, content=content)
                else:  # reasoning text is not for the user
                    return ()
            case api.ResponseOutputTextAnnotationAddedEvent():
                annotation = await self._convert_annotation(event.annotation)
                if annotation is None:
                    return ()
                annotations.append(annotation)
                update = AssistantMessageContentPartAnnotationAdded(
                    content_index=index,
                    annotation_index=len(annotations) - 1,
                    annotation=annotation,
                )
            case _:
                text = event.text if isinstance(event, api.ResponseTextDoneEvent) else event.refusal
                update = AssistantMessageContentPartDone(
                    content_index=index,
                    content=AssistantMessageContent(text=text, annotations=list(annotations)),
                )
        return [_updated(message.item.id, update)]

    async def _content(
        self, part: api.ResponseOutputText | api.ResponseOutputRefusal
    ) -> AssistantMessageContent:
        if isinstance(part, api.ResponseOutputRefusal):
            return AssistantMessageContent(text=part.refusal)
        converted = [await self._convert_annotation(one) for one in part.annotations or ()]
        return AssistantMessageContent(
            text=part.text, annotations=[one for one in converted if one is not None]
        )

    async def _convert_annotation(self, raw: object) -> Annotation | None:
        # The client sometimes leaves a streamed annotation as a dict or parses it as another kind.
        annotation = _annotations().validate_python(raw, from_attributes=True)
        match annotation.type:
            case "file_citation":
                return await self._images.file_citation_to_annotation(annotation)
            case "container_file_citation":
                return await self._images.container_file_citation_to_annotation(annotation)
            case "url_citation":
                return await self._images.url_citation_to_annotation(annotation)
            case _:
                return None

    def _thought(
        self,
        event: api.ResponseReasoningSummaryTextDeltaEvent
        | api.ResponseReasoningSummaryTextDoneEvent,
        text: str,
        *,
        whole: bool,
    ) -> Sequence[ThreadStreamEvent]:
        workflow = self._context.workflow_item
        if workflow is None:
            return []
        key = (event.item_id, event.summary_index)
        thought = self._thoughts.get(key)
        tasks = workflow.workflow.tasks
        if (
            thought is None
            or thought.index >= len(tasks)
            or tasks[thought.index] is not thought.task
        ):
            thought = self._thoughts[key] = _Thought(ThoughtTask(content=text), len(tasks))
            tasks.append(thought.task)
            added = WorkflowTaskAdded(task=thought.task.model_copy(), task_index=thought.index)
            return [_updated(workflow.id, added)]
        thought.task.content = text if whole else thought.task.content + text
        # A copy, because the event may wait in a queue while the thought goes on.
        update = WorkflowTaskUpdated(task=thought.task.model_copy(), task_index=thought.index)
        return [_updated(workflow.id, update)]

    async def _partial_image(
        self, event: api.ResponseImageGenCallPartialImageEvent
    ) -> Sequence[ThreadStreamEvent]:
        image = self._context.generated_image_item
        if image is None:
            return ()
        index = event.partial_image_index
        url = await self._images.base64_image_to_url(event.item_id, event.partial_image_b64, index)
        update = GeneratedImageUpdated(
            image=GeneratedImage(id=event.item_id, url=url),
            progress=self._images.partial_image_index_to_progress(index),
        )
        return [_updated(image.id, update)]


@cache
def _annotations() -> TypeAdapter[ApiAnnotation]:
    # Building it for every answer was 5% of a turn's CPU.
    return TypeAdapter(ApiAnnotation)


def _text(message: _Message, content_index: int, text: str) -> ThreadItemUpdatedEvent:
    return _updated(
        message.item.id,
        AssistantMessageContentPartTextDelta(content_index=content_index, delta=text),
    )


def _updated(item_id: str, update: ThreadItemUpdate) -> ThreadItemUpdatedEvent:
    return ThreadItemUpdatedEvent(item_id=item_id, update=update)
