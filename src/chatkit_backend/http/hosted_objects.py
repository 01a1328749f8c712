"""Threads, items and sessions as hosted ChatKit's API shows them (`openai.types.beta.chatkit`)."""

import json
from datetime import datetime
from typing import TypeAlias

import orjson
from chatkit.types import (
    Annotation,
    AssistantMessageItem,
    Attachment,
    ClientToolCallItem,
    CustomTask,
    FileSource,
    InferenceOptions,
    Task,
    TaskItem,
    ThoughtTask,
    ThreadItem,
    ThreadMetadata,
    URLSource,
    UserMessageItem,
    WidgetItem,
    WorkflowItem,
)

from chatkit_backend.identity.sessions import OpenSession
from chatkit_backend.runs.encoding import encode

Object: TypeAlias = dict[str, object]


def session_object(found: OpenSession, secret: str = "") -> Object:
    """A `chatkit.session`; without its secret, which nobody can look up, the member is empty."""
    session = found.session
    workflow = session.workflow
    return {
        "id": session.id,
        "object": "chatkit.session",
        "status": found.status,
        "user": found.principal.user_id,
        "client_secret": secret,
        "expires_at": _seconds(found.record.expires_at),
        "max_requests_per_1_minute": session.max_requests_per_1_minute,
        "rate_limits": {"max_requests_per_1_minute": session.max_requests_per_1_minute},
        "chatkit_configuration": session.configuration.model_dump(),
        "workflow": None if workflow is None else workflow.model_dump(),
    }


def thread_object(thread: ThreadMetadata, user_id: str) -> Object:
    """A `chatkit.thread`."""
    return {
        "id": thread.id,
        "object": "chatkit.thread",
        "created_at": _seconds(thread.created_at),
        "status": thread.status.model_dump(),
        "title": thread.title,
        "user": user_id,
    }


def list_object(
    data: list[Object], *, first_id: str | None, last_id: str | None, has_more: bool
) -> Object:
    """A page. Its ids are those to go on from, also where an item has no hosted form."""
    return {
        "object": "list",
        "data": data,
        "first_id": first_id,
        "last_id": last_id,
        "has_more": has_more,
    }


def item_object(item: ThreadItem) -> Object | None:
    """A `chatkit.thread_item`; None for items that the hosted API has no form for.

    Those are generated images, forms (structured input) and the ends of turns.
    """
    match item:
        case UserMessageItem():
            fields = _user_message(item)
        case AssistantMessageItem():
            fields = {
                "type": "chatkit.assistant_message",
                "content": [
                    {
                        "type": "output_text",
                        "text": part.text,
                        "annotations": [
                            _annotation(one) for one in part.annotations if _shown(one)
                        ],
                    }
                    for part in item.content
                ],
            }
        case WidgetItem():
            fields = {"type": "chatkit.widget", "widget": encode(item.widget).decode()}
        case ClientToolCallItem():
            fields = _client_tool_call(item)
        case TaskItem():
            task = _task(item.task)
            fields = {**task, "type": "chatkit.task", "task_type": task["type"]}
        case WorkflowItem():
            fields = {
                "type": "chatkit.task_group",
                "tasks": [_task(task) for task in item.workflow.tasks],
            }
        case _:
            return None
    return {
        "id": item.id,
        "object": "chatkit.thread_item",
        "thread_id": item.thread_id,
        "created_at": _seconds(item.created_at),
        **fields,
    }


def _user_message(item: UserMessageItem) -> Object:
    content: list[Object] = [{"type": "input_text", "text": part.text} for part in item.content]
    if item.quoted_text:
        content.insert(0, {"type": "quoted_text", "text": item.quoted_text})
    return {
        "type": "chatkit.user_message",
        "content": content,
        "attachments": [_attachment(one) for one in item.attachments],
        "inference_options": _inference_options(item.inference_options),
    }


def _inference_options(options: InferenceOptions) -> Object | None:
    if options.model is None and options.tool_choice is None:
        return None
    choice = options.tool_choice
    return {
        "model": options.model,
        "tool_choice": None if choice is None else {"id": choice.id},
    }


def _attachment(attachment: Attachment) -> Object:
    preview = getattr(attachment, "preview_url", None)
    return {
        "id": attachment.id,
        "type": attachment.type,
        "name": attachment.name,
        "mime_type": attachment.mime_type,
        "preview_url": None if preview is None else str(preview),
    }


def _shown(annotation: Annotation) -> bool:
    """Entities of an application of one's own have no hosted form."""
    return isinstance(annotation.source, FileSource | URLSource)


def _annotation(annotation: Annotation) -> Object:
    match annotation.source:
        case FileSource(filename=filename):
            return {"type": "file", "source": {"type": "file", "filename": filename}}
        case URLSource(url=url):
            return {"type": "url", "source": {"type": "url", "url": url}}
        case other:
            raise TypeError(f"{type(other).__name__} has no hosted form")


def _client_tool_call(item: ClientToolCallItem) -> Object:
    done = item.status == "completed"
    return {
        "type": "chatkit.client_tool_call",
        "status": "completed" if done else "in_progress",
        "call_id": item.call_id,
        "name": item.name,
        "arguments": json.dumps(item.arguments),
        "output": orjson.dumps(item.output).decode() if done else None,
    }


def _task(task: Task) -> Object:
    match task:
        case ThoughtTask():
            return {"type": "thought", "heading": task.title, "summary": task.content}
        case CustomTask():
            return {"type": "custom", "heading": task.title, "summary": task.content}
        case _:
            return {"type": "custom", "heading": task.title, "summary": None}


def _seconds(time: datetime) -> int:
    return int(time.timestamp())
