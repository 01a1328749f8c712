"""The layers of docs/architecture.md: imports point downward."""

import ast
from pathlib import Path

import pytest

import chatkit_backend

PACKAGE = Path(chatkit_backend.__file__).parent

# Each layer may import those in later rows (and itself), in the order of the flow.
LAYERS = [
    {"cli"},
    {"app"},
    {"http"},
    {"server"},
    {"runs"},
    {"models", "identity"},
    {"store"},
    {"safety"},
    {"settings", "mistakes", "errors", "logs", "signals", "client", "event_loop"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
OUTSIDE = {"__init__", "__main__", "testing"}


def imported(path: Path) -> set[str]:
    """First-level names of this package that a module imports, at its top or in a function."""
    package = ["chatkit_backend", *path.relative_to(PACKAGE).parent.parts]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            prefix = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{prefix}.{alias.name}" for alias in node.names}
    ours = (name.split(".") for name in found if name.startswith("chatkit_backend."))
    return {parts[1] for parts in ours}


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_imports_point_downward(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if own in OUTSIDE:
        return
    peers = LAYERS[LEVEL[own]] - {own} if LEVEL[own] < len(LAYERS) - 1 else set()
    for name in imported(path) - {own}:
        assert LEVEL.get(name, -1) >= LEVEL[own], f"{own} must not import {name}"
        assert name not in peers, f"{own} and {name} stand side by side"


def test_every_folder_and_module_is_in_a_layer() -> None:
    names = {path.name.removesuffix(".py") for path in PACKAGE.iterdir()} - {"__pycache__"}
    assert {name for name in names if not name.endswith(".typed")} - OUTSIDE - {"static"} == set(
        LEVEL
    )


def test_exported_names_are_there() -> None:
    for name in chatkit_backend.__all__:
        assert getattr(chatkit_backend, name).__name__ == name


def test_a_name_that_is_not_exported_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        chatkit_backend.nothing  # noqa: B018
