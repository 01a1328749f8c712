"""What the offline model answers: a pure function of the call."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from agents import FunctionTool

from .call import ModelCall
from .conversation import Conversation, ToolOutput, read

MAX_LONG_WORDS = 10_000
"""Most words that `/long` writes."""

QUOTE_CHARS = 400
"""How much of a message is quoted."""

OUTPUT_CHARS = 4_000
"""How much of a tool's output is shown."""

NOTICE = """\
**No language model is configured**, so this is the built-in offline model. To talk to a real one, \
put a key into `.env` and restart:

```
OPENAI_API_KEY=...
```

`OPENROUTER_API_KEY`, `GEMINI_API_KEY` and `ANTHROPIC_API_KEY` work too, and so do local servers \
with `OLLAMA_BASE_URL` or `OPENAI_BASE_URL`.

"""

COMMANDS = """\

Try:

- `/call tool {"argument": "value"}` to call one of the agent's tools; `/call` lists them
- `/long 500` for a long answer
"""

_NAME = re.compile(r"\bmy name is ([^\W\d_][\w'-]*)", re.IGNORECASE)
_ASKS_NAME = re.compile(r"\b(?:what(?:'s| is) my name|who am i)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Text:
    """An answer in Markdown."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of one of the agent's tools; `arguments` is a JSON object as text."""

    name: str
    arguments: str


def reply_to(call: ModelCall) -> Text | ToolCall:
    """Answer a call: the tools' outputs if there are new ones, else the user's last message.

    A call whose instructions ask to "write a title" gets one.
    """
    conversation = read(call.input)
    message = conversation.user_messages[-1].strip() if conversation.user_messages else ""
    if (call.system_instructions or "").lower().startswith("write a title"):
        return Text(" ".join(message.split()[:6]))
    notice = "" if conversation.answers else NOTICE
    if conversation.outputs:
        return Text(notice + _report(conversation.outputs))
    command, _, rest = message.partition(" ")
    match command:
        case "/call":
            answer = _call(rest, _tools(call))
        case "/long":
            answer = Text(_long(rest))
        case _:
            answer = Text(_remembering(conversation))
    return Text(notice + answer.text) if isinstance(answer, Text) else answer


def _remembering(conversation: Conversation) -> str:
    messages = conversation.user_messages
    if not messages:
        return "There is no message to answer yet.\n" + COMMANDS
    names = [found[1] for message in messages if (found := _NAME.search(message))]
    if _ASKS_NAME.search(messages[-1]):
        return f"Your name is **{names[-1]}**.\n" if names else "You have not told me your name.\n"
    greeting = f", {names[-1]}" if names else ""
    lines = [f"Message {len(messages)} of this conversation{greeting}. You wrote:\n"]
    lines.append(_quoted(messages[-1]))
    if len(messages) == 1:
        return "\n".join(lines) + COMMANDS
    lines.append(f"\nThe conversation began with:\n\n{_quoted(messages[0])}")
    return "\n".join(lines)


def _quoted(message: str) -> str:
    short = message if len(message) <= QUOTE_CHARS else message[:QUOTE_CHARS] + "…"
    return "".join(f"> {line}\n" for line in short.splitlines())


def _report(outputs: tuple[ToolOutput, ...]) -> str:
    return "\n".join(
        f"The tool `{tool.name}` returned:\n\n{_fenced(tool.output)}" for tool in outputs
    )


def _fenced(text: str) -> str:
    short = text if len(text) <= OUTPUT_CHARS else text[:OUTPUT_CHARS] + "…"
    longest = max((len(run) for run in re.findall("`+", short)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{short}\n{fence}\n"


def _long(argument: str) -> str:
    if not argument.strip().isdecimal():
        return f"`/long` takes a number of words, such as `/long 500`, not `{argument[:40]}`.\n"
    asked = int(argument)
    words = " ".join(f"word{number}" for number in range(1, min(asked, MAX_LONG_WORDS) + 1))
    if asked <= MAX_LONG_WORDS:
        return words
    return f"`/long` writes {MAX_LONG_WORDS} words at most.\n\n{words}"


def _call(argument: str, tools: Mapping[str, str]) -> Text | ToolCall:
    name, _, given = argument.strip().partition(" ")
    if name not in tools:
        unknown = f"There is no tool `{name[:80]}`. " if name else ""
        return Text(unknown + _listed(tools))
    try:
        arguments = json.loads(given or "{}")
    except ValueError as exc:
        return Text(f"The arguments are not JSON ({exc}). Write it like `{tools[name]}`.\n")
    if not isinstance(arguments, dict):
        return Text(f"The arguments must be a JSON object. Write it like `{tools[name]}`.\n")
    return ToolCall(name, json.dumps(arguments, ensure_ascii=False))


def _listed(tools: Mapping[str, str]) -> str:
    if not tools:
        return "This agent has no tools that can be called here.\n"
    return "The tools are:\n\n" + "".join(f"- `{example}`\n" for example in tools.values())


def _tools(call: ModelCall) -> dict[str, str]:
    """The function tools and handoffs by name, each with an example of its call."""
    schemas = {
        tool.name: tool.params_json_schema for tool in call.tools if isinstance(tool, FunctionTool)
    }
    schemas |= {handoff.tool_name: handoff.input_json_schema for handoff in call.handoffs}
    return {name: f"/call {name} {_example(schema)}" for name, schema in schemas.items()}


def _example(schema: Mapping[str, object]) -> str:
    properties = schema.get("properties")
    if not isinstance(properties, Mapping):
        return "{}"
    members = {
        str(name): str(kind.get("type", "…")) if isinstance(kind, Mapping) else "…"
        for name, kind in properties.items()
    }
    return json.dumps(members, ensure_ascii=False)
