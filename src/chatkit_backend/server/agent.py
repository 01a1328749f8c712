"""`AgentServer`: a `ChatKitServer` around an Agents SDK agent."""

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from agents import Agent, ModelSettings, RunConfig, RunHooks, Runner, TResponseInputItem
from agents.models.interface import ModelTracing
from chatkit.agents import AgentContext, ResponseStreamConverter
from chatkit.errors import CustomStreamError
from chatkit.server import ChatKitServer
from chatkit.store import AttachmentStore, Store
from chatkit.types import (
    FeedbackKind,
    SDKHiddenContextItem,
    ThreadItem,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    WorkflowItem,
)
from openai.types.responses import ResponseOutputMessage, ResponseOutputText

from chatkit_backend.errors import BadRequest, Forbidden
from chatkit_backend.logs import get_logger
from chatkit_backend.models import ModelCatalog
from chatkit_backend.models.short_way import shown
from chatkit_backend.runs import current_run
from chatkit_backend.runs.pending import has_text
from chatkit_backend.store import MemoryStore, SqlStore

from .agent_context import ChatContext
from .agent_run import AgentRun, LoopRun
from .answers import Answer
from .context import RequestContext
from .context_message import context_message
from .conversation_store import ConversationStore
from .conversion import InputConverter
from .history import History, HistoryWindow
from .plain_run import PlainRun, is_plain
from .service import Prepares
from .titles import TITLE_INSTRUCTIONS, shortened, title_of

Titles: TypeAlias = Literal["message", "model", "off"]

log = get_logger(__name__)

INTERRUPTED = (
    "The connection closed before the answer above was complete. Do not go on with it unless asked."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentOptions:
    """How an `AgentServer` runs its agent. The defaults are those of the settings.

    Attributes:
        max_turns: Most model calls in one answer.
        max_context_chars: Longest description of user and page that the model is shown.
        titles: How a new thread gets its title (`TITLES`).
        replayable: Whether an answer may be begun again after a crash (`RUN_ATTEMPTS` above 1):
            then it is noted when the first tool begins.
    """

    history: HistoryWindow = field(default_factory=HistoryWindow)
    max_turns: int = 20
    max_context_chars: int = 8_000
    titles: Titles = "message"
    replayable: bool = False


class _Acting(RunHooks[AgentContext[RequestContext]]):
    """Notes, before it does, that a tool of the run begins."""

    async def on_tool_start(self, *_: object) -> None:
        run = current_run.get()
        if run is not None:
            await run.act()


class AgentServer(ChatKitServer[RequestContext], Prepares[RequestContext]):
    """Answers with an Agents SDK agent: its tools, its handoffs, its guardrails.

    Tools take `RunContextWrapper[AgentContext]`; `ctx.context.request_context` is the
    `RequestContext`. Override `respond` or any other extension point of `ChatKitServer`.
    """

    def __init__(
        self,
        agent: Agent[AgentContext[RequestContext]],
        store: Store[RequestContext],
        models: ModelCatalog,
        *,
        agents: Mapping[str, Agent[AgentContext[RequestContext]]] | None = None,
        options: AgentOptions | None = None,
        converter: InputConverter | None = None,
        images: ResponseStreamConverter | None = None,
        attachment_store: AttachmentStore[RequestContext] | None = None,
    ) -> None:
        """Serve `agent`; models that it names by a string come from `models`.

        `agents` answer in sessions whose workflow has their name; None: any name is `agent`'s.
        """
        super().__init__(store, attachment_store)
        self.agent = agent
        self.agents = dict(agents or {})
        self._one_for_all = agents is None
        self._models = models
        self._options = options or AgentOptions()
        self._history = History(store, converter or InputConverter(), self._options.history)
        self._images = images
        # What a subclass adds to a new thread before its first answer is not known.
        self._adds_nothing = type(self) is AgentServer and type(store) in (SqlStore, MemoryStore)

    def prepare(
        self, thread: ThreadMetadata, message: UserMessageItem, context: RequestContext
    ) -> None:
        """Check a message before anything is stored, and give a new thread its title.

        Raises: BadRequest (`model_not_allowed`, `unknown_tool`), Forbidden (`workflow_gone`).
        """
        agent = self._agent_of(context)
        options = message.inference_options
        if options.model is not None and not self._models.allows(options.model):
            raise BadRequest(
                "model_not_allowed",
                f"inference_options.model {options.model!r} is not one of MODEL_NAME and "
                "MODEL_CHOICES of this server.",
            )
        if options.tool_choice is not None:
            _tool_named(options.tool_choice.id, agent)
        if thread.title is None and self._titles_for(context) == "message":
            thread.title = title_of(message.content)

    async def respond(
        self,
        thread: ThreadMetadata,
        input_user_message: UserMessageItem | None,
        context: RequestContext,
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Stream the agent's answer to the thread as it is stored."""
        answer = ChatContext(thread=thread, store=self.store, request_context=context)
        if input_user_message is None:
            answer.workflow_item = await self._waiting_workflow(thread, context)
        given = await self._input(thread, input_user_message, context)
        run = self._start(input_user_message, given, answer)
        async with aclosing(Answer(answer, run, self._images).events()) as events:
            async for event in events:
                yield event
        if thread.title is None and input_user_message and self._titles_for(context) == "model":
            thread.title = await self._model_title(input_user_message)

    async def add_feedback(
        self,
        thread_id: str,
        item_ids: list[str],
        feedback: FeedbackKind,
        context: RequestContext,
    ) -> None:
        """Store the feedback, where the store can."""
        if isinstance(self.store, ConversationStore):
            await self.store.save_feedback(thread_id, item_ids, feedback, context)
        log.info("feedback", thread_id=thread_id, items=len(item_ids), kind=feedback)

    async def handle_stream_cancelled(
        self,
        thread: ThreadMetadata,
        pending_items: list[ThreadItem],
        context: RequestContext,
    ) -> None:
        """Keep the text so far and tell the model that it is not complete.

        The SDK's marker says that the user cancelled. It is written when somebody did; a closed
        connection may as well be a dropped phone.
        """
        run = current_run.get()
        if run is not None and run.stop_reason == "cancelled":
            await super().handle_stream_cancelled(thread, pending_items, context)
            return
        for item in pending_items:
            if has_text(item):
                await self.store.add_thread_item(thread.id, item, context)
        newest = await self.store.load_thread_items(thread.id, None, 1, "desc", context)
        ended = [item.type for item in newest.data] == ["assistant_message"]
        if ended and not any(has_text(item) for item in pending_items):
            return  # the answer was there already; only its end was missed
        marker = SDKHiddenContextItem(
            id=self.store.generate_item_id("sdk_hidden_context", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(UTC),
            content=INTERRUPTED,
        )
        await self.store.add_thread_item(thread.id, marker, context)

    def _start(
        self,
        message: UserMessageItem | None,
        given: list[TResponseInputItem],
        context: ChatContext,
    ) -> AgentRun:
        try:
            agent = _with_choice(self._agent_of(context.request_context), message)
        except Forbidden as exc:  # where no message was there to be refused: a tool's output, say
            raise CustomStreamError(exc.message, allow_retry=False) from exc
        chosen = message.inference_options.model if message else None
        if is_plain(agent, given):
            return PlainRun(agent, given, self._models, chosen=chosen)
        with shown(context.short_way):
            result = Runner.run_streamed(
                agent,
                given,
                context=context,
                max_turns=self._options.max_turns,
                hooks=_Acting() if self._options.replayable else None,
                run_config=RunConfig(
                    model=chosen,
                    model_provider=self._models,
                    # The Agents SDK would send traces to OpenAI; nothing leaves without being
                    # asked to.
                    tracing_disabled=True,
                ),
            )
        return LoopRun(result, context)

    async def _input(
        self,
        thread: ThreadMetadata,
        message: UserMessageItem | None,
        context: RequestContext,
    ) -> list[TResponseInputItem]:
        """The history, with the request's context before its last item.

        There it is near the question, and what is before it stays the same from turn to turn, so
        that a provider's prompt cache still matches.
        """
        if message is not None and self._opens(thread):
            items = await self._history.of_one(message)
        else:
            items = await self._history.load(thread.id, context)
        if described := context_message(context, self._options.max_context_chars):
            items.insert(max(len(items) - 1, 0), [described])
        return [part for item in items for part in item]

    def _opens(self, thread: ThreadMetadata) -> bool:
        """Whether the thread is known to hold nothing but the message that is answered.

        Once, and only if it is this server that was asked: another one that hands on to this one,
        or a tool, may have added something.
        """
        run = current_run.get()
        if run is None or run.opens_thread_for is not self or run.thread_id != thread.id:
            return False
        run.opens_thread_for = None
        return self._adds_nothing

    def _agent_of(self, context: RequestContext) -> Agent[AgentContext[RequestContext]]:
        """The agent of the session's workflow; without one, the one agent.

        Raises: Forbidden (`workflow_gone`): the session is older than a change of the workflows.
        """
        workflow = context.session.workflow if context.session is not None else None
        if workflow is None or self._one_for_all:
            return self.agent
        if workflow.id not in self.agents:
            raise Forbidden(
                "workflow_gone",
                f"The session's workflow {workflow.id!r} is not served any more; "
                "ask for a session with another.",
            )
        return self.agents[workflow.id]

    def _titles_for(self, context: RequestContext) -> Titles:
        if context.session is not None:
            titling = context.session.configuration.automatic_thread_titling
            return self._options.titles if titling.enabled else "off"
        return self._options.titles

    async def _waiting_workflow(
        self, thread: ThreadMetadata, context: RequestContext
    ) -> WorkflowItem | None:
        """The workflow that was waiting for a client tool, if that is how the thread ends."""
        page = await self.store.load_thread_items(thread.id, None, 2, "desc", context)
        match [item.type for item in page.data]:
            case ["client_tool_call", "workflow"]:
                item = page.data[1]
                return item if isinstance(item, WorkflowItem) else None
            case _:
                return None

    async def _model_title(self, message: UserMessageItem) -> str | None:
        """A title by the model; the first words if it fails, because a title is worth no error."""
        fallback = title_of(message.content)
        if fallback is None:
            return None
        try:
            response = await self._models.get_model(None).get_response(
                TITLE_INSTRUCTIONS,
                "".join(part.text for part in message.content),
                ModelSettings(max_tokens=64),
                tools=[],
                output_schema=None,
                handoffs=[],
                tracing=ModelTracing.DISABLED,
                previous_response_id=None,
                conversation_id=None,
                prompt=None,
            )
        except Exception:
            log.warning("title_failed", exc_info=True)
            return fallback
        text = " ".join(
            part.text
            for item in response.output
            if isinstance(item, ResponseOutputMessage)
            for part in item.content
            if isinstance(part, ResponseOutputText)
        )
        return shortened(text) or fallback


def _with_choice(
    agent: Agent[AgentContext[RequestContext]], message: UserMessageItem | None
) -> Agent[AgentContext[RequestContext]]:
    """The agent, made to use the tool that the user chose."""
    if message is None or message.inference_options.tool_choice is None:
        return agent
    name = _tool_named(message.inference_options.tool_choice.id, agent)
    settings = agent.model_settings.resolve(ModelSettings(tool_choice=name))
    return agent.clone(model_settings=settings)


def _tool_named(name: str, agent: Agent[AgentContext[RequestContext]]) -> str:
    names = [tool.name for tool in agent.tools]
    if name not in names:
        raise BadRequest(
            "unknown_tool",
            f"inference_options.tool_choice.id {name!r} is not a tool of the agent; "
            f"it has: {', '.join(names) or 'none'}.",
        )
    return name
