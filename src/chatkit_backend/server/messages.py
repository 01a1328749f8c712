"""Requests that lead to an answer: new messages, tool outputs, form answers, retries.

Each checks everything first, then stores what the user said, then starts the run. What it raises
is raised before anything is stored or streamed.
"""

from datetime import UTC, datetime
from typing import Generic

from chatkit.types import (
    Attachment,
    ClientToolCallItem,
    StructuredInputItem,
    ThreadAddClientToolOutputParams,
    ThreadAddStructuredInputParams,
    ThreadAddUserMessageParams,
    ThreadCreatedEvent,
    ThreadCreateParams,
    ThreadItemDoneEvent,
    ThreadItemReplacedEvent,
    ThreadMetadata,
    ThreadRetryAfterItemParams,
    ThreadUpdatedEvent,
    UserMessageInput,
    UserMessageItem,
)
from typing_extensions import TypeVar

from chatkit_backend.errors import BadRequest, Conflict
from chatkit_backend.logs import get_logger
from chatkit_backend.runs import Reader
from chatkit_backend.runs.events import as_thread
from chatkit_backend.store.runs import ThreadChanges

from .call import Call
from .service import Plan, Prepares, Service
from .structured_input import answered

C = TypeVar("C")

log = get_logger(__name__)

RECENT_ITEMS = 20
"""How far back a client tool call that still waits is looked for."""

ABANDONED = {"error": "The user sent a new message before the client tool reported a result."}


class Messages(Generic[C]):
    """The streaming requests but custom actions."""

    def __init__(self, service: Service[C]) -> None:
        self._service = service
        self._server = service.server
        self._store = service.store

    async def create(self, params: ThreadCreateParams, call: Call[C]) -> Reader:
        """Begin a thread with a message; both are stored in one transaction with the run."""
        context = call.context
        thread = ThreadMetadata(
            id=self._server.store.generate_thread_id(context), created_at=datetime.now(UTC)
        )

        async def plan() -> Plan:
            message = await self._user_message(params.input, thread, context)
            return Plan(
                thread=thread,
                changes=ThreadChanges(
                    thread=thread, items=[message], attachments=message.attachments
                ),
                produce=lambda: self._server.respond(thread, message, context),
                first=[
                    ThreadCreatedEvent(thread=as_thread(thread)),
                    ThreadItemDoneEvent(item=message),
                ],
                answers=message.id,
                opens_thread=True,
            )

        return await self._service.answer(thread.id, call, plan)

    async def add(self, params: ThreadAddUserMessageParams, call: Call[C]) -> Reader:
        """Add a message to a thread.

        A client tool call that still waits is completed with an error, so that neither the thread
        nor the model waits for it for ever.
        """
        context = call.context

        async def plan() -> Plan:
            thread = await self._service.open_thread(params.thread_id, context)
            before = thread.model_copy(deep=True)
            message = await self._user_message(params.input, thread, context)
            abandoned = [_abandoned(one) for one in await self._waiting_calls(thread.id, context)]
            changed = thread != before
            return Plan(
                thread=thread,
                changes=ThreadChanges(
                    thread=thread if changed else None,
                    items=[*abandoned, message],
                    attachments=message.attachments,
                ),
                produce=lambda: self._server.respond(thread, message, context),
                first=[
                    *([ThreadUpdatedEvent(thread=as_thread(thread))] if changed else []),
                    *(ThreadItemReplacedEvent(item=one) for one in abandoned),
                    ThreadItemDoneEvent(item=message),
                ],
                answers=message.id,
            )

        return await self._service.answer(params.thread_id, call, plan)

    async def add_client_tool_output(
        self, params: ThreadAddClientToolOutputParams, call: Call[C]
    ) -> Reader:
        """Complete the waiting client tool call and let the agent go on.

        The request names no call: it means the newest one that waits. Hidden items behind it do
        not matter. Raises: Conflict (`no_pending_tool_call`).
        """
        context = call.context

        async def plan() -> Plan:
            thread = await self._service.open_thread(params.thread_id, context)
            waiting = await self._waiting_calls(thread.id, context)
            if not waiting:
                raise Conflict(
                    "no_pending_tool_call", "No client tool call of this thread waits for output."
                )
            newest, *older = waiting
            done = newest.model_copy(update={"status": "completed", "output": params.result})
            return Plan(
                thread=thread,
                changes=ThreadChanges(items=[done, *map(_abandoned, older)]),
                produce=lambda: self._server.respond(thread, None, context),
            )

        return await self._service.answer(params.thread_id, call, plan)

    async def add_structured_input(
        self, params: ThreadAddStructuredInputParams, call: Call[C]
    ) -> Reader:
        """Record the answers to a form and let the agent go on.

        Raises: BadRequest (`not_a_structured_input`, `unknown_question`), Conflict
        (`structured_input_not_pending`).
        """
        context = call.context

        async def plan() -> Plan:
            thread = await self._service.open_thread(params.thread_id, context)
            item = await self._store.load_item(thread.id, params.item_id, context)
            if not isinstance(item, StructuredInputItem):
                raise BadRequest(
                    "not_a_structured_input", f"Item {item.id!r} is a {item.type}, not a form."
                )
            updated = answered(item, params.input)
            return Plan(
                thread=thread,
                changes=ThreadChanges(items=[updated]),
                produce=lambda: self._server.respond(thread, None, context),
                first=[ThreadItemReplacedEvent(item=updated)],
            )

        return await self._service.answer(params.thread_id, call, plan)

    async def retry(self, params: ThreadRetryAfterItemParams, call: Call[C]) -> Reader:
        """Answer a user message again; everything behind it is deleted as the run begins.

        Raises: BadRequest (`not_a_user_message`).
        """
        context = call.context

        async def plan() -> Plan:
            thread = await self._service.open_thread(params.thread_id, context)
            item = await self._store.load_item(thread.id, params.item_id, context)
            if not isinstance(item, UserMessageItem):
                raise BadRequest(
                    "not_a_user_message",
                    f"Item {item.id!r} is a {item.type}; only a user message is answered again.",
                )
            if isinstance(self._server, Prepares):
                # to be refused, if anything
                self._server.prepare(thread.model_copy(), item, context)
            return Plan(
                thread=thread,
                changes=ThreadChanges(after=item.id),
                produce=lambda: self._server.respond(thread, item, context),
                answers=item.id,
            )

        return await self._service.answer(params.thread_id, call, plan)

    async def _user_message(
        self, given: UserMessageInput, thread: ThreadMetadata, context: C
    ) -> UserMessageItem:
        self._check_text(given)
        store = self._server.store
        attachments = [
            await self._attachment(attachment_id, thread, context)
            for attachment_id in given.attachments
        ]
        message = UserMessageItem(
            id=store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(UTC),
            content=given.content,
            attachments=attachments,
            quoted_text=given.quoted_text,
            inference_options=given.inference_options,
        )
        if isinstance(self._server, Prepares):
            self._server.prepare(thread, message, context)
        if self._service.log_content:
            text = "".join(part.text for part in message.content)
            log.info("user_message", thread_id=thread.id, item_id=message.id, text=text)
        return message

    async def _attachment(
        self, attachment_id: str, thread: ThreadMetadata, context: C
    ) -> Attachment:
        attachment = await self._server.store.load_attachment(attachment_id, context)
        if attachment.thread_id not in {None, thread.id}:
            raise Conflict(
                "attachment_in_use", f"Attachment {attachment_id!r} belongs to another thread."
            )
        return attachment.model_copy(update={"thread_id": thread.id})

    def _check_text(self, given: UserMessageInput) -> None:
        chars = sum(len(part.text) for part in given.content) + len(given.quoted_text or "")
        if chars > self._service.max_input_chars:
            raise BadRequest(
                "input_too_long",
                f"The message has {chars} characters; at most {self._service.max_input_chars} "
                "are taken.",
            )
        if not given.attachments and not any(part.text.strip() for part in given.content):
            raise BadRequest("empty_message", "The message has neither text nor attachments.")

    async def _waiting_calls(self, thread_id: str, context: C) -> list[ClientToolCallItem]:
        """Client tool calls without output since the last user message, newest first."""
        page = await self._store.page_items(
            thread_id, limit=RECENT_ITEMS, after=None, order="desc", context=context
        )
        waiting: list[ClientToolCallItem] = []
        for item in page.data:
            if isinstance(item, UserMessageItem):
                break
            if isinstance(item, ClientToolCallItem) and item.status == "pending":
                waiting.append(item)
        return waiting


def _abandoned(call: ClientToolCallItem) -> ClientToolCallItem:
    return call.model_copy(update={"status": "completed", "output": ABANDONED})
