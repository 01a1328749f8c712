"""What a line of input means."""

import difflib
from dataclasses import dataclass
from typing import TypeAlias

COMMANDS = {
    "threads": "list the newest conversations",
    "open": "N or ID: go on with a conversation",
    "new": "begin a new conversation",
    "history": "show this conversation",
    "rename": "TITLE: give this conversation a title",
    "retry": "answer the last message again",
    "delete": "delete this conversation",
    "help": "show this list",
    "quit": "leave (so do Ctrl-D, and Ctrl-C at the prompt)",
}
"""Every command with what it takes and does."""

NEEDS_ARGUMENT = {"open": "the number or the id of a conversation", "rename": "a title"}


@dataclass(frozen=True, slots=True)
class Message:
    """A text for the assistant."""

    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """One of `COMMANDS`."""

    name: str
    argument: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that is not sent anywhere, and why."""

    text: str


Line: TypeAlias = Message | Command | Mistake | None
"""None is an empty line."""


def parse(line: str) -> Line:
    """Understand one line.

    A line that begins with a slash and no command, nor nearly one, is a message: assistants have
    commands of their own (`/long 300` of the offline model). Two slashes make any text a message.
    """
    text = line.strip()
    if not text:
        return None
    if text.startswith("//"):
        return Message(text[1:])
    if not text.startswith("/"):
        return Message(text)
    name, _, argument = text[1:].partition(" ")
    argument = argument.strip()
    if name in COMMANDS:
        if not argument and (what := NEEDS_ARGUMENT.get(name)):
            return Mistake(f"/{name} needs {what}")
        return Command(name, argument)
    if meant := difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.75):
        return Mistake(f"/{name} is not a command; did you mean /{meant[0]}? To send it: /{text}")
    return Message(text)


def help_text() -> str:
    """The commands, one a line."""
    return "\n".join(f"  /{name:<8} {what}" for name, what in COMMANDS.items())
