"""Every option, method and event of `@openai/chatkit` has a row in docs/ui.md, and tests."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TYPES = ROOT / "ui/node_modules/@openai/chatkit/types/index.d.ts"
OPAQUE = {"Entity", "Command", "Attachment", "UserMessageContent", "ToolChoice"}
"""What is passed on as it is: no options."""


def split(body: str) -> Iterator[str]:
    """The members of a type's body, apart from what is within their own brackets."""
    depth, start = 0, 0
    for at, letter in enumerate(body):
        before = body[at - 1 : at]
        depth += (letter in "{([<") - (letter in "})]" or (letter == ">" and before != "="))
        if letter == ";" and depth == 0:
            yield body[start:at].strip()
            start = at + 1


def body_of(text: str, head: str) -> str | None:
    """What is between the braces of a declaration."""
    found = re.search(re.escape(head) + r"\s*(?:extends \w+ )?(?:= )?\{", text)
    if found is None:
        return None
    depth = 1
    for at in range(found.end(), len(text)):
        depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0:
            return text[found.end() : at]
    raise AssertionError(f"{head} does not end")


class Types:
    """The declarations of the package, by the names that a page writes."""

    def __init__(self, source: str) -> None:
        self._text = re.sub(r"/\*.*?\*/|//[^\n]*", "", source, flags=re.DOTALL)

    @property
    def options(self) -> Iterator[str]:
        return self._within(body_of(self._text, "export type ChatKitOptions") or "", "")

    @property
    def methods(self) -> Iterator[str]:
        for member in split(body_of(self._text, "export interface OpenAIChatKit") or ""):
            name = re.match(r"\w+", member)
            assert name is not None
            yield f"{name[0]}()"
            params = re.search(r"\(params: \{(.*)\}\)", member, re.DOTALL)
            if params is not None:
                yield from self._within(params[1], name[0])

    @property
    def events(self) -> Iterator[str]:
        for member in split(body_of(self._text, "export type ChatKitEvents") or ""):
            yield member.split(":")[0].strip("'")

    def _within(self, body: str, path: str) -> Iterator[str]:
        for member in split(body):
            name, kind = re.fullmatch(r"(\w+)\??:\s*(.*)", member, re.DOTALL).groups()  # type: ignore[union-attr]
            full = f"{path}.{name}" if path else name
            inner = list(self._inside(kind, full))
            yield from inner or [full]

    def _inside(self, kind: str, full: str) -> Iterator[str]:
        if kind.startswith("{"):
            yield from self._within(kind[1 : kind.rindex("}")], full)
            return
        if "=>" in kind:
            return
        for name, many in re.findall(r"\b([A-Z]\w+)\b(\[\])?", kind):
            body = None if name in OPAQUE else body_of(self._text, f"export type {name}")
            if body is not None:
                yield from self._within(body, f"{full}{many}")


@pytest.fixture(scope="module")
def declared() -> set[str]:
    if not TYPES.exists():
        reason = "ui/node_modules is not there; run make, with Node.js"
        if os.environ.get("CI"):
            pytest.fail(f"not run, {reason}")
        pytest.skip(f"not run, {reason}")
    types = Types(TYPES.read_text())
    return {*types.options, *types.methods, *types.events}


def rows() -> dict[str, list[str]]:
    """Names of docs/ui.md with their tests."""
    table = re.findall(
        r"^\| (`[^|]+) \| [^|]+ \| (`[^|]+) \|$", (ROOT / "docs/ui.md").read_text(), re.MULTILINE
    )
    return {
        name: re.findall(r"`(\w+)`", tests)
        for names, tests in table
        for name in re.findall(r"`([^`]+)`", names)
    }


def test_the_types_are_read(declared: set[str]) -> None:
    examples = {
        "api.uploadStrategy",
        "theme.typography.fontSources[].unicodeRange",
        "header.leftAction.icon",
        "composer.tools[].pinned",
        "sendUserMessage.newThread",
        "fetchUpdates()",
        "chatkit.thread.load.end",
    }
    assert examples <= declared
    assert len(declared) > 100


def test_every_option_method_and_event_has_a_row(declared: set[str]) -> None:
    assert declared - set(rows()) == set()


def test_every_row_is_of_something_that_is_there(declared: set[str]) -> None:
    assert set(rows()) - declared == set()


def test_the_tests_that_the_table_names_exist() -> None:
    modules = (ROOT / "tests/browser/element").glob("test_*.py")
    nodes = (node for module in modules for node in ast.parse(module.read_text()).body)
    tests = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    assert {test for named in rows().values() for test in named} - tests == set()
    assert all(rows().values())
