"""Garbage is collected in idle moments, and not while others wait."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from chatkit_backend.cli import garbage
from chatkit_backend.cli.garbage import IdleCollector


class Load:
    """A loop that is as busy as a test says."""

    busy = 0.0


class Cycle:
    """What only a collection finds."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def only_when_asked() -> Iterator[None]:
    """Python's collector does nothing by itself."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def some_garbage(count: int) -> "weakref.ref[Cycle]":
    made = [Cycle() for _ in range(count)]
    return weakref.ref(made[0])


def test_an_idle_moment_is_for_collecting() -> None:
    found = some_garbage(garbage.WORTH_IT)
    IdleCollector(Load()).look()
    assert found() is None


@pytest.mark.parametrize(
    ("gathered", "busy"),
    [(garbage.WORTH_IT, garbage.IDLE_BUSY), (garbage.MUCH, garbage.IDLER_BUSY)],
)
def test_a_busy_one_is_not_and_much_takes_an_idler_one(gathered: int, busy: float) -> None:
    load = Load()
    collector = IdleCollector(load)
    load.busy = busy
    found = some_garbage(gathered)
    collector.look()
    assert found() is not None
    load.busy = busy - 0.01
    collector.look()
    assert found() is None


def test_a_little_is_left_where_it_is() -> None:
    found = some_garbage(garbage.WORTH_IT // 10)
    IdleCollector(Load()).look()
    assert found() is not None


def test_what_has_grown_old_is_found_by_one_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "FULL_EVERY", 2)
    collector = IdleCollector(Load())
    kept = [Cycle() for _ in range(garbage.WORTH_IT)]
    old = weakref.ref(kept[0])
    gc.collect()
    kept.clear()
    some_garbage(garbage.WORTH_IT)
    collector.look()
    assert old() is not None
    some_garbage(garbage.WORTH_IT)
    collector.look()
    assert old() is None
