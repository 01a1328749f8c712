"""What the terminal chat shows, and how."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TextIO

from chatkit.types import (
    AssistantMessageItem,
    ClientToolCallItem,
    GeneratedImageItem,
    StructuredInputItem,
    Task,
    TaskItem,
    Thread,
    ThreadItem,
    UserMessageItem,
    WidgetItem,
    WorkflowItem,
)

DIM, RED, RESET = "\x1b[2m", "\x1b[31m", "\x1b[0m"

_CONTROLS = {
    code: None for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in {"\n", "\t"}
}
"""Text of a model or of another user must not drive the terminal."""


def printable(text: str) -> str:
    """`text` without control characters but line breaks and tabs."""
    return text.translate(_CONTROLS)


@dataclass(slots=True)
class Screen:
    """Answers go to `out`, everything said about them to `err`.

    Args:
        interactive: A person looks at it: prompts, colours, hints.
    """

    interactive: bool
    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)
    _at_line_start: bool = True

    def write(self, text: str) -> None:
        """Show a piece of an answer at once."""
        text = printable(text)
        if text:
            self.out.write(text)
            self.out.flush()
            self._at_line_start = text.endswith("\n")

    def end_line(self) -> None:
        """Begin a new line unless it is begun."""
        if not self._at_line_start:
            self.write("\n")

    def say(self, text: str) -> None:
        """Show lines that were asked for: a list, a conversation."""
        self.end_line()
        self.write(f"{text}\n")

    def note(self, text: str) -> None:
        """Show a remark: progress, what a command did."""
        self._remark(text, DIM)

    def error(self, text: str) -> None:
        """Show what went wrong, on one line."""
        self._remark(" ".join(text.split()), RED)

    def _remark(self, text: str, colour: str) -> None:
        self.end_line()
        text = printable(text)
        print(f"{colour}{text}{RESET}" if self.interactive else text, file=self.err, flush=True)


def thread_line(number: int, thread: Thread) -> str:
    """A thread in a list."""
    when = thread.created_at.astimezone().strftime("%Y-%m-%d %H:%M")
    return f"{number:3}  {when}  {thread.title or 'Untitled'}  ({thread.id})"


def transcript(items: Iterable[ThreadItem]) -> str:
    """Items as lines, oldest first as they are given."""
    return "\n".join(text for item in items if (text := _transcribed(item)))


def _transcribed(item: ThreadItem) -> str:
    if isinstance(item, UserMessageItem):
        return f"> {''.join(part.text for part in item.content)}"
    return item_text(item)


def item_text(item: ThreadItem) -> str:
    """An item as a terminal can show it; empty for what is not meant to be seen."""
    match item:
        case AssistantMessageItem():
            return "\n".join(part.text for part in item.content)
        case WidgetItem():
            return item.copy_text or "[a widget, which a terminal cannot show]"
        case GeneratedImageItem():
            return "[an image, which a terminal cannot show]"
        case ClientToolCallItem():
            return f"[{item.name} runs in a browser only]" if item.status == "pending" else ""
        case StructuredInputItem():
            questions = "; ".join(question.question for question in item.inputs)
            return f"[a form, which a terminal cannot fill in: {questions}]"
        case WorkflowItem():
            return "\n".join(text for task in item.workflow.tasks if (text := task_text(task)))
        case TaskItem():
            return task_text(item.task)
        case _:
            return ""


def task_text(task: Task) -> str:
    """A step of a workflow on one line; empty if it has no words."""
    text = task.title or getattr(task, "content", None)
    return f"· {' '.join(text.split())}" if text else ""
