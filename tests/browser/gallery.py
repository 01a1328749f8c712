"""A `ChatKitServer` that shows what it is asked for: the first word of a message names a scene.

`chatkit-backend serve tests.browser.gallery:Gallery`, then write `help`.
"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

from chatkit.actions import Action
from chatkit.server import ChatKitServer
from chatkit.store import Store
from chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageItem,
    AudioInput,
    ClientEffectEvent,
    ClientToolCallItem,
    ClosedStatus,
    CustomSummary,
    CustomTask,
    DurationSummary,
    EntitySource,
    ErrorEvent,
    FileSource,
    FileTask,
    GeneratedImage,
    GeneratedImageItem,
    GeneratedImageUpdated,
    ImageTask,
    InferenceOptions,
    LockedStatus,
    NoticeEvent,
    ProgressUpdateEvent,
    SearchTask,
    Source,
    StructuredInputFreeform,
    StructuredInputItem,
    StructuredInputMultipleChoice,
    StructuredInputMultipleChoiceOption,
    SyncCustomActionResponse,
    Task,
    TaskItem,
    ThoughtTask,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadMetadata,
    TranscriptionResult,
    URLSource,
    UserMessageItem,
    UserMessageTextContent,
    WidgetItem,
    WidgetStreamingTextValueDelta,
    Workflow,
    WorkflowItem,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)
from chatkit.widgets import DynamicWidgetRoot

from tests.browser.attachments import Files
from tests.browser.spoken import SPOKEN
from tests.browser.stage import Context, Events, Stage

MARKDOWN = """# Heading

A paragraph with **bold**, *italic*, ~~gone~~, `code`, a [link](https://example.test/page) and
https://example.test/bare.

- one
- two
  - two and a half
1. first
2. second
- [x] done
- [ ] open

> A quotation.

| Name | Number |
|:-----|-------:|
| Ada  |   1815 |
| Alan |   1912 |

```python
def greet(name: str) -> str:
    return f"Hello {name}"
```

Inline math $e^{i\\pi} + 1 = 0$ and a block:

$$\\int_0^1 x^2\\,dx = \\frac{1}{3}$$

---
The end."""

MOST_WORDS = 10_000
"""Of an answer that nobody releases."""

PIXEL = (
    "data:image/png;base64,"
    + base64.b64encode(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
            "0000000c49444154789c63f8ffff3f0005fe02fea7355a1b0000000049454e44ae426082"
        )
    ).decode()
)


class Gallery(ChatKitServer[Context]):
    """Scenes by name."""

    def __init__(self, store: Store[Context]) -> None:
        super().__init__(store, Files())
        self._released = set[str]()

    def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Context
    ) -> Events:
        return self._scene(thread, input_user_message, context)

    async def _scene(
        self, thread: ThreadMetadata, message: UserMessageItem | None, context: Context
    ) -> Events:
        if message is None:
            async for event in self._after_the_user(thread, context):
                yield event
            return
        text = "".join(part.text for part in message.content)
        name, _, rest = SPOKEN.get(text, text).partition(" ")
        scene = getattr(self, f"scene_{name}", None)
        stage = Stage(self.store, thread, context)
        if scene is None:
            async for event in stage.says(f"You said: {text}"):
                yield event
            return
        async for event in scene(stage, rest):
            yield event

    async def _after_the_user(self, thread: ThreadMetadata, context: Context) -> Events:
        page = await self.store.load_thread_items(thread.id, None, 1, "desc", context)
        last = page.data[0]
        stage = Stage(self.store, thread, context)
        if isinstance(last, ClientToolCallItem):
            said = f"The tool answered {last.output}."
        else:
            said = f"You answered {last.model_dump_json()}."
        async for event in stage.says(said):
            yield event

    async def action(
        self,
        thread: ThreadMetadata,
        action: Action[str, Any],
        sender: WidgetItem | None,
        context: Context,
    ) -> Events:
        """Say what was pressed; `slow` takes its time, `replace` changes the widget."""
        stage = Stage(self.store, thread, context)
        if action.type == "slow":
            await asyncio.sleep(1)
        if action.type == "replace" and sender is not None:
            widget = {"type": "Card", "children": [{"type": "Text", "value": "Replaced"}]}
            item = sender.model_copy(update={"widget": DynamicWidgetRoot.model_validate(widget)})
            yield ThreadItemDoneEvent(item=item)
            return
        async for event in stage.says(f"Action {action.type} with {action.payload}."):
            yield event

    async def sync_action(
        self,
        thread: ThreadMetadata,
        action: Action[str, Any],
        sender: WidgetItem | None,
        context: Context,
    ) -> SyncCustomActionResponse:
        """Change the widget without a stream."""
        del thread, context
        if sender is None:
            return SyncCustomActionResponse()
        widget = {"type": "Card", "children": [{"type": "Text", "value": f"Did {action.type}"}]}
        item = sender.model_copy(update={"widget": DynamicWidgetRoot.model_validate(widget)})
        return SyncCustomActionResponse(updated_item=item)

    async def add_feedback(self, *_: object) -> None:
        """Take it."""

    async def transcribe(self, audio_input: AudioInput, context: Context) -> TranscriptionResult:
        """Whatever was said."""
        del context
        return TranscriptionResult(text=f"I said {len(audio_input.data) > 0}")

    # scenes

    async def scene_help(self, stage: Stage, _: str) -> Events:
        names = [name.removeprefix("scene_") for name in dir(self) if name.startswith("scene_")]
        async for event in stage.says("Scenes: " + ", ".join(names)):
            yield event

    async def scene_markdown(self, stage: Stage, _: str) -> Events:
        async for event in stage.says(MARKDOWN, pause_s=0.005):
            yield event

    async def scene_say(self, stage: Stage, rest: str) -> Events:
        """The rest of the message as it is: for payloads."""
        async for event in stage.says(rest):
            yield event

    async def scene_paced(self, stage: Stage, rest: str) -> Events:
        """`paced 25 A text.`: the text, so many milliseconds between two words."""
        pause, _, text = rest.partition(" ")
        async for event in stage.says(text, pause_s=int(pause) / 1000):
            yield event

    async def scene_slow(self, stage: Stage, rest: str) -> Events:
        """`slow 200 20`: so many words, so many milliseconds apart."""
        words, _, pause = rest.partition(" ")
        text = " ".join(f"word{number}" for number in range(int(words or 100)))
        async for event in stage.says(text, pause_s=int(pause or 20) / 1000):
            yield event

    async def scene_held(self, stage: Stage, name: str) -> Events:
        """`held ada`: words, 20 ms apart, until `release ada` is said in another chat."""

        async def words() -> AsyncIterator[str]:
            for number in range(MOST_WORDS):
                if name in self._released:
                    break
                yield f"word{number} "
                await asyncio.sleep(0.02)
            self._released.discard(name)
            yield "and the last."

        async for event in stage.writes(words()):
            yield event

    async def scene_release(self, stage: Stage, name: str) -> Events:
        self._released.add(name)
        async for event in stage.says(f"Released {name}."):
            yield event

    async def scene_noted(self, stage: Stage, rest: str) -> Events:
        """As `slow`, behind a notice and an effect."""
        yield NoticeEvent(level="info", title="Noted", message="A notice before the answer.")
        yield ClientEffectEvent(name="highlight", data={"id": 7})
        async for event in self.scene_slow(stage, rest):
            yield event

    async def scene_sources(self, stage: Stage, _: str) -> Events:
        text = "The sky is blue. The file says so, and Ada agrees."
        sources: list[tuple[int, Source]] = [
            (16, URLSource(title="On the sky", url="https://example.test/sky", group="Web")),
            (33, FileSource(title="Colours", filename="colours.pdf")),
            (
                len(text),
                EntitySource(title="Ada", id="ada", interactive=True, icon="user", label="Ada"),
            ),
        ]
        async for event in stage.says(
            text, annotations=[Annotation(source=source, index=at) for at, source in sources]
        ):
            yield event

    async def scene_widget(self, stage: Stage, rest: str) -> Events:
        from tests.browser.widgets import WIDGETS

        yield stage.done(
            WidgetItem(**stage.base("message"), widget=DynamicWidgetRoot(**WIDGETS[rest or "card"]))
        )

    async def scene_json(self, stage: Stage, rest: str) -> Events:
        """`json {"type": "Card", …}`: any widget."""
        yield stage.done(
            WidgetItem(**stage.base("message"), widget=DynamicWidgetRoot.model_validate_json(rest))
        )

    async def scene_play(self, stage: Stage, rest: str) -> Events:
        """`play [{"type": "thread.item.done", …}, …]`: any events; items need no id, nor a date."""
        async for event in stage.plays(json.loads(rest)):
            yield event

    async def scene_attack(self, stage: Stage, rest: str) -> Events:
        """Everything that is malicious, in one kind of place."""
        from tests.browser.payloads import ATTACKS

        async for event in stage.plays(ATTACKS[rest]()):
            yield event

    async def scene_fill(self, stage: Stage, rest: str) -> Events:
        """`fill 200`: so many messages more, of both sides."""
        for number in range(int(rest or 100)):
            base = stage.base("message")
            item: ThreadItem
            if number % 2:
                text = f"Answer {number}.\n\n{MARKDOWN}"
                item = AssistantMessageItem(**base, content=[AssistantMessageContent(text=text)])
            else:
                question = UserMessageTextContent(text=f"Question {number}")
                item = UserMessageItem(
                    **base, content=[question], attachments=[], inference_options=InferenceOptions()
                )
            await self.store.add_thread_item(stage.thread.id, item, stage.context)
        async for event in stage.says("Filled."):
            yield event

    async def scene_streamed(self, stage: Stage, _: str) -> Events:
        """A widget whose text streams."""
        base = stage.base("message")
        text = {"type": "Markdown", "id": "text", "value": "", "streaming": True}
        widget = {"type": "Card", "children": [text]}
        item = WidgetItem(**base, widget=DynamicWidgetRoot.model_validate(widget))
        yield ThreadItemAddedEvent(item=item)
        for word in ("Text ", "that ", "**streams**"):
            yield stage.update(
                item, WidgetStreamingTextValueDelta(component_id="text", delta=word, done=False)
            )
            await asyncio.sleep(0.02)
        done = {**text, "value": "Text that **streams**", "streaming": False}
        widget = {"type": "Card", "children": [done]}
        yield stage.done(WidgetItem(**base, widget=DynamicWidgetRoot.model_validate(widget)))

    async def scene_workflow(self, stage: Stage, _: str) -> Events:
        item = WorkflowItem(
            **stage.base("workflow"), workflow=Workflow(type="custom", tasks=[], expanded=True)
        )
        yield ThreadItemAddedEvent(item=item)
        tasks: list[Task] = [
            CustomTask(title="Looked around", icon="search", status_indicator="complete"),
            SearchTask(
                title="Searched",
                title_query="sky",
                queries=["sky", "blue"],
                sources=[URLSource(title="On the sky", url="https://example.test/sky")],
            ),
            FileTask(title="Read", sources=[FileSource(title="Colours", filename="colours.pdf")]),
            ImageTask(title="Looked at a picture"),
            ThoughtTask(title="Thought", content="It is *blue*."),
        ]
        for index, task in enumerate(tasks):
            loading = task.model_copy(update={"status_indicator": "loading"})
            yield stage.update(item, WorkflowTaskAdded(task_index=index, task=loading))
            await asyncio.sleep(0.02)
            yield stage.update(item, WorkflowTaskUpdated(task_index=index, task=task))
        item.workflow.tasks = [*tasks]
        item.workflow.summary = CustomSummary(title="Looked at the sky", icon="globe")
        yield stage.done(item)
        async for event in stage.says("It is blue."):
            yield event

    async def scene_reasoning(self, stage: Stage, _: str) -> Events:
        item = WorkflowItem(**stage.base("workflow"), workflow=Workflow(type="reasoning", tasks=[]))
        yield ThreadItemAddedEvent(item=item)
        thought = ThoughtTask(title="Thinking", content="Let me **see** …")
        yield stage.update(item, WorkflowTaskAdded(task_index=0, task=thought))
        await asyncio.sleep(0.1)
        item.workflow.tasks = [thought]
        item.workflow.summary = DurationSummary(duration=3)
        yield stage.done(item)
        async for event in stage.says("Done thinking."):
            yield event

    async def scene_task(self, stage: Stage, _: str) -> Events:
        yield stage.done(
            TaskItem(
                **stage.base("task"),
                task=CustomTask(title="A task", icon="bolt", content="With **content**."),
            )
        )

    async def scene_image(self, stage: Stage, _: str) -> Events:
        item = GeneratedImageItem(**stage.base("message"))
        yield ThreadItemAddedEvent(item=item)
        image = GeneratedImage(id="img_1", url=PIXEL)
        for progress in (0.3, 0.7):
            yield stage.update(item, GeneratedImageUpdated(image=image, progress=progress))
            await asyncio.sleep(0.05)
        yield stage.done(item.model_copy(update={"image": image}))

    async def scene_questions(self, stage: Stage, _: str) -> Events:
        options = [StructuredInputMultipleChoiceOption(value=one) for one in ("Red", "Green")]
        yield stage.done(
            StructuredInputItem(
                **stage.base("message"),
                inputs=[
                    StructuredInputMultipleChoice(id="q1", question="Which?", options=options),
                    StructuredInputMultipleChoice(
                        id="q2", question="Which ones?", options=options, multiple=True
                    ),
                    StructuredInputFreeform(id="q3", question="Why?", description="In a word."),
                ],
            )
        )

    async def scene_tool(self, stage: Stage, rest: str) -> Events:
        yield stage.done(
            ClientToolCallItem(
                **stage.base("tool_call"),
                call_id="call_1",
                name=rest or "page_title",
                arguments={"n": 1},
            )
        )

    async def scene_progress(self, stage: Stage, rest: str) -> Events:
        """`progress 2`: so many seconds."""
        yield ProgressUpdateEvent(icon="search", text="Looking around")
        await asyncio.sleep(float(rest or 0.5))
        async for event in stage.says("Looked around."):
            yield event

    async def scene_notice(self, stage: Stage, _: str) -> Events:
        yield NoticeEvent(level="warning", title="Careful", message="Nearly **full**.")
        async for event in stage.says("That was a notice."):
            yield event

    async def scene_effect(self, stage: Stage, _: str) -> Events:
        yield ClientEffectEvent(name="highlight", data={"id": 7})
        async for event in stage.says("That was an effect."):
            yield event

    async def scene_error(self, stage: Stage, _: str) -> Events:
        async for event in stage.says("Half of an ans"):
            yield event
        yield ErrorEvent(message="The model is tired.", allow_retry=True)

    async def scene_lock(self, stage: Stage, _: str) -> Events:
        stage.thread.status = LockedStatus(reason="A colleague reads it.")
        async for event in stage.says("Locked."):
            yield event

    async def scene_close(self, stage: Stage, _: str) -> Events:
        stage.thread.status = ClosedStatus(reason="It is solved.")
        async for event in stage.says("Closed."):
            yield event

    async def scene_title(self, stage: Stage, rest: str) -> Events:
        stage.thread.title = rest or "A title"
        async for event in stage.says("Titled."):
            yield event

    async def scene_context(self, stage: Stage, _: str) -> Events:
        """Who asks, and what the page has said of them and of itself."""
        known = (stage.context[name] for name in ("user_id", "user_info", "page_context"))
        text = "; ".join(map(str, known))
        async for event in stage.says(text):
            yield event

    async def scene_domains(self, stage: Stage, rest: str) -> Events:
        stage.thread.allowed_image_domains = rest.split()
        async for event in stage.says("Images of those are shown."):
            yield event
