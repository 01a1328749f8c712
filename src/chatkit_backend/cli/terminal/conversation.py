"""The conversation that is open in the terminal."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    ErrorEvent,
    NoticeEvent,
    ProgressUpdateEvent,
    Thread,
    ThreadCreatedEvent,
    ThreadDeleteParams,
    ThreadItem,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemUpdatedEvent,
    ThreadRetryAfterItemParams,
    ThreadsDeleteReq,
    ThreadsRetryAfterItemReq,
    ThreadStreamEvent,
    ThreadsUpdateReq,
    ThreadUpdateParams,
    UserMessageItem,
    WorkflowTaskAdded,
)

from chatkit_backend.client import ChatKitClient

from .commands import Command, help_text
from .screen import Screen, item_text, task_text, thread_line, transcript

PAGE = 100
"""Items that `/history` shows and `/retry` looks through; the most that the protocol gives."""


class Conversation:
    """Sends messages, shows answers, carries out commands. Errors are the client's.

    Attributes:
        thread_id: The open thread; None until the first message of a new one is stored.
    """

    def __init__(self, client: ChatKitClient, screen: Screen) -> None:
        self._client = client
        self._screen = screen
        self._listed: list[Thread] = []
        self._shown: dict[str, str] = {}
        self.thread_id: str | None = None

    async def greet(self) -> None:
        """Say what there is. It also finds out whether there is a server."""
        page = await self._client.threads(limit=1)
        known = " /threads lists your conversations." if page.data else ""
        self._screen.note(f"Type a message, or /help.{known}")

    async def say(self, text: str) -> bool:
        """Send a message and show the answer as it comes; False if the answer failed."""
        if self.thread_id is None:
            return await self._show(self._client.create_thread(text))
        return await self._show(self._client.send(self.thread_id, text))

    async def carry_out(self, command: Command) -> bool:
        """Carry out any command but `/quit`; False if it failed."""
        match command.name:
            case "threads":
                await self._list()
            case "open":
                return await self.open(command.argument)
            case "new":
                self.thread_id = None
                self._screen.note("A new conversation.")
            case "help":
                self._screen.say(help_text())
            case _ if self.thread_id is None:
                self._screen.error(
                    f"/{command.name} needs an open conversation: send a message or /open one"
                )
                return False
            case name:
                return await self._carry_out_here(name, command.argument, self.thread_id)
        return True

    async def open(self, name: str) -> bool:
        """Go on with a thread, given by its number in the list or its id."""
        if name.isdecimal():
            if not self._listed:
                self._listed = (await self._client.threads()).data
            if not 1 <= int(name) <= len(self._listed):
                self._screen.error(f"there is no conversation {name}; /threads lists them")
                return False
            name = self._listed[int(name) - 1].id
        thread = await self._client.thread(name)
        self.thread_id = thread.id
        self._screen.note(f"{thread.title or 'Untitled'} ({thread.id})")
        if self._screen.interactive:
            self._transcribe(thread.items.data, more=thread.items.has_more)
        return True

    async def _carry_out_here(self, name: str, argument: str, thread_id: str) -> bool:
        match name:
            case "history":
                page = await self._client.items(thread_id, limit=PAGE)
                self._transcribe(page.data[::-1], more=page.has_more)
            case "rename":
                params = ThreadUpdateParams(thread_id=thread_id, title=argument)
                await self._client.request(ThreadsUpdateReq(params=params))
                self._screen.note(f"Renamed to {argument}.")
            case "retry":
                return await self._retry(thread_id)
            case "delete":
                await self._client.request(
                    ThreadsDeleteReq(params=ThreadDeleteParams(thread_id=thread_id))
                )
                self.thread_id = None
                self._listed = []
                self._screen.note("Deleted. The next message begins a new conversation.")
            case _:
                raise ValueError(f"no command {name!r}")
        return True

    async def _list(self) -> None:
        self._listed = (await self._client.threads()).data
        lines = [thread_line(number, one) for number, one in enumerate(self._listed, 1)]
        self._screen.say("\n".join(lines) or "No conversations yet.")

    async def _retry(self, thread_id: str) -> bool:
        page = await self._client.items(thread_id, limit=PAGE)
        for item in page.data:
            if isinstance(item, UserMessageItem):
                params = ThreadRetryAfterItemParams(thread_id=thread_id, item_id=item.id)
                return await self._show(
                    self._client.stream(ThreadsRetryAfterItemReq(params=params))
                )
        self._screen.error("there is no message of yours near the end of this conversation")
        return False

    def _transcribe(self, items: list[ThreadItem], *, more: bool) -> None:
        if more:
            self._screen.note("(older messages are left out)")
        self._screen.say(transcript(items))

    async def _show(self, events: AsyncGenerator[ThreadStreamEvent, None]) -> bool:
        """Show a stream to its end. Cancelling it closes the connection, which stops the answer."""
        succeeded = True
        self._shown.clear()
        async with aclosing(events):
            async for event in events:
                if isinstance(event, ErrorEvent):
                    succeeded = False
                self._show_event(event)
        self._screen.end_line()
        return succeeded

    def _show_event(self, event: ThreadStreamEvent) -> None:
        match event:
            case ThreadCreatedEvent():
                self.thread_id = event.thread.id
            case ThreadItemUpdatedEvent(
                item_id=item_id, update=AssistantMessageContentPartTextDelta(delta=delta)
            ):
                self._shown[item_id] = self._shown.get(item_id, "") + delta
                self._screen.write(delta)
            case ThreadItemUpdatedEvent(update=WorkflowTaskAdded(task=task)):
                if text := task_text(task):
                    self._screen.note(text)
            case ThreadItemDoneEvent():
                self._show_done(event.item)
            case ThreadItemRemovedEvent():
                if self._shown.pop(event.item_id, ""):
                    self._screen.note("(the text above was taken back)")
            case ProgressUpdateEvent():
                self._screen.note(event.text)
            case NoticeEvent():
                self._screen.note(": ".join(filter(None, (event.title, event.message))))
            case ErrorEvent():
                hint = " /retry tries again." if event.allow_retry else ""
                self._screen.error(f"{event.message or f'The answer failed ({event.code}).'}{hint}")
            case _:
                pass

    def _show_done(self, item: ThreadItem) -> None:
        """Complete what was streamed of an item; show one that was not streamed."""
        if isinstance(item, UserMessageItem) or item.type == "workflow":
            return  # typed by the user; shown step by step
        text, shown = item_text(item), self._shown.pop(item.id, "")
        if not text.startswith(shown):
            self._screen.end_line()
            shown = ""
        self._screen.write(text.removeprefix(shown))
        self._screen.end_line()
