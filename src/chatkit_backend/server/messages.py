"""Requests that lead to an answer: new messages, tool outputs, form answers, retries.

Each checks everything first, then stores what the user said, then starts the run. What it raises
is raised before anything is stored or streamed.
"""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Generic

import structlog
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
    UserMessageInput,
    UserMessageItem,
)
from typing_extensions import TypeVar

from chatkit_backend.errors import BadRequest, Conflict
from chatkit_backend.runs import Run, Turn
from chatkit_backend.runs.events import as_thread

from .service import Prepares, Service
from .structured_input import answered

C = TypeVar("C")

log = structlog.stdlib.get_logger(__name__)

RECENT_ITEMS = 20
"""How far back a client tool call that still waits is looked for."""

ABANDONED = {"error": "The user sent a new message before the client tool reported a result."}


class Messages(Generic[C]):
    """The streaming requests but custom actions."""

    def __init__(self, service: Service[C]) -> None:
        self._service = service
        self._server = service.server
        self._store = service.store

    async def create(self, params: ThreadCreateParams, context: C) -> Run:
        """Begin a thread with a message; both are stored in one transaction."""
        thread = ThreadMetadata(
            id=self._server.store.generate_thread_id(context), created_at=datetime.now(UTC)
        )
        message = await self._user_message(params.input, thread, context)
        turn = await self._service.take_turn(thread.id)

        async def begin() -> Run:
            await self._store.start_thread(thread, [message], context)
            await self._save_attachments(message.attachments, context)
            return self._service.answer(
                thread,
                context,
                turn,
                lambda: self._server.respond(thread, message, context),
                first=[
                    ThreadCreatedEvent(thread=as_thread(thread)),
                    ThreadItemDoneEvent(item=message),
                ],
            )

        return await _or_release(turn, begin)

    async def add(self, params: ThreadAddUserMessageParams, context: C) -> Run:
        """Add a message to a thread.

        A client tool call that still waits is completed with an error, so that neither the thread
        nor the model waits for it for ever.
        """
        turn = await self._service.take_turn(params.thread_id)

        async def begin() -> Run:
            thread = await self._service.open_thread(params.thread_id, context)
            message = await self._user_message(params.input, thread, context)
            abandoned = [
                call.model_copy(update={"status": "completed", "output": ABANDONED})
                for call in await self._waiting_calls(thread.id, context)
            ]
            await self._store.put_items(thread.id, [*abandoned, message], context)
            await self._save_attachments(message.attachments, context)
            return self._service.answer(
                thread,
                context,
                turn,
                lambda: self._server.respond(thread, message, context),
                first=[
                    *(ThreadItemReplacedEvent(item=call) for call in abandoned),
                    ThreadItemDoneEvent(item=message),
                ],
            )

        return await _or_release(turn, begin)

    async def add_client_tool_output(
        self, params: ThreadAddClientToolOutputParams, context: C
    ) -> Run:
        """Complete the waiting client tool call and let the agent go on.

        The request names no call: it means the newest one that waits. Hidden items behind it do
        not matter. Raises: Conflict (`no_pending_tool_call`).
        """
        turn = await self._service.take_turn(params.thread_id)

        async def begin() -> Run:
            thread = await self._service.open_thread(params.thread_id, context)
            waiting = await self._waiting_calls(thread.id, context)
            if not waiting:
                raise Conflict(
                    "no_pending_tool_call", "No client tool call of this thread waits for output."
                )
            call, *older = waiting
            done = call.model_copy(update={"status": "completed", "output": params.result})
            lost = [
                one.model_copy(update={"status": "completed", "output": ABANDONED}) for one in older
            ]
            await self._store.put_items(thread.id, [done, *lost], context)
            return self._service.answer(
                thread, context, turn, lambda: self._server.respond(thread, None, context)
            )

        return await _or_release(turn, begin)

    async def add_structured_input(self, params: ThreadAddStructuredInputParams, context: C) -> Run:
        """Record the answers to a form and let the agent go on.

        Raises: BadRequest (`not_a_structured_input`, `unknown_question`), Conflict
        (`structured_input_not_pending`).
        """
        turn = await self._service.take_turn(params.thread_id)

        async def begin() -> Run:
            thread = await self._service.open_thread(params.thread_id, context)
            item = await self._store.load_item(thread.id, params.item_id, context)
            if not isinstance(item, StructuredInputItem):
                raise BadRequest(
                    "not_a_structured_input", f"Item {item.id!r} is a {item.type}, not a form."
                )
            updated = answered(item, params.input)
            await self._store.put_items(thread.id, [updated], context)
            return self._service.answer(
                thread,
                context,
                turn,
                lambda: self._server.respond(thread, None, context),
                first=[ThreadItemReplacedEvent(item=updated)],
            )

        return await _or_release(turn, begin)

    async def retry(self, params: ThreadRetryAfterItemParams, context: C) -> Run:
        """Answer a user message again; everything behind it is deleted at once.

        Raises: BadRequest (`not_a_user_message`).
        """
        turn = await self._service.take_turn(params.thread_id)

        async def begin() -> Run:
            thread = await self._service.open_thread(params.thread_id, context)
            item = await self._store.load_item(thread.id, params.item_id, context)
            if not isinstance(item, UserMessageItem):
                raise BadRequest(
                    "not_a_user_message",
                    f"Item {item.id!r} is a {item.type}; only a user message is answered again.",
                )
            await self._store.delete_items_after(thread.id, item.id, context)
            return self._service.answer(
                thread, context, turn, lambda: self._server.respond(thread, item, context)
            )

        return await _or_release(turn, begin)

    async def _user_message(
        self, given: UserMessageInput, thread: ThreadMetadata, context: C
    ) -> UserMessageItem:
        self._check_text(given)
        store = self._server.store
        attachments = [
            (await store.load_attachment(attachment_id, context)).model_copy(
                update={"thread_id": thread.id}
            )
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
            self._server.prepare(thread, message)
        text = "".join(part.text for part in message.content)
        log.info("user_message", thread_id=thread.id, item_id=message.id, text=text)
        return message

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

    async def _save_attachments(self, attachments: list[Attachment], context: C) -> None:
        for attachment in attachments:  # now that they know their thread
            await self._server.store.save_attachment(attachment, context)

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


async def _or_release(turn: Turn, begin: Callable[[], Coroutine[None, None, Run]]) -> Run:
    """Give the turn back if the run does not start; otherwise the run does."""
    try:
        return await begin()
    except BaseException:
        turn.release()
        raise
