"""Every code that a request can be refused with is in docs/protocol.md, beside its status."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from chatkit_backend import errors
from chatkit_backend.errors import RequestError

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/chatkit_backend"

STATUSES = {
    name: kind.status
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, RequestError) and kind is not RequestError
}
LIMIT = "_take"
"""What is called with the code of the limit that it may find used up (`identity/limits.py`)."""

COMPUTED = {
    "f'thread_{thread.status.type}'": {"thread_locked", "thread_closed"},
    "code": set[str](),  # that of a `LIMIT`
}
"""What a first argument can be that is no literal."""

OTHERS = {(405, "method_not_allowed"), (500, "internal_error")}
"""What `http/envelope.py` makes of exceptions that are not ours."""

HOSTED = "InvalidParameter"
"""The hosted API's own class, whose shape and code are OpenAI's."""

Codes = set[tuple[int, str]]


def codes_in(source: str) -> Iterator[tuple[int, str]]:
    """The codes, with their statuses, that a module raises."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(args=[ast.Constant(value=str(code)), *_]) if called(node) == LIMIT:
                yield errors.TooManyRequests.status, code
            case ast.Call(args=[argument, *_]) if called(node) in STATUSES:
                for code in values_of(argument):
                    yield STATUSES[called(node)], code


def called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def values_of(argument: ast.expr) -> set[str]:
    if isinstance(argument, ast.Constant):
        return {str(argument.value)}
    written = ast.unparse(argument)
    assert written in COMPUTED, f"{written}: write the code as a literal, or add it to COMPUTED"
    return COMPUTED[written]


def raised() -> Codes:
    modules = (path.read_text() for path in sorted(SOURCE.rglob("*.py")))
    return {found for module in modules for found in codes_in(module)} | OTHERS


def documented() -> Codes:
    """The rows of the table; what is in brackets says more about a code and is none."""
    text = (ROOT / "docs/protocol.md").read_text()
    rows = re.findall(r"^\| (\d{3})[^|]*\| (.*) \|$", text, re.MULTILINE)
    return {
        (int(status), code)
        for status, codes in rows
        for code in re.findall(r"`([a-z0-9_]+)`", re.sub(r"\(.*?\)", "", codes))
    }


def test_every_code_that_is_raised_is_documented_with_its_status() -> None:
    assert raised() - documented() == set()


def test_nothing_is_documented_that_is_not_raised() -> None:
    assert documented() - raised() == set()


def test_each_code_has_one_status() -> None:
    statuses: defaultdict[str, set[int]] = defaultdict(set)
    for status, code in documented():
        statuses[code].add(status)
    assert not {code: found for code, found in statuses.items() if len(found) > 1}


def test_every_class_of_refusals_is_looked_for() -> None:
    classes = (
        node.name
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        and {ast.unparse(base) for base in node.bases} & {"RequestError", *STATUSES}
    )
    assert set(classes) == {HOSTED, *STATUSES}


def test_a_new_code_is_noticed() -> None:
    source = 'def refuse():\n    raise errors.Conflict("brand_new", "Not now.")\n'

    assert set(codes_in(source)) - documented() == {(409, "brand_new")}
