"""What was read is remembered for a moment, and no longer than that."""

import asyncio

from chatkit_backend.identity import remembered
from chatkit_backend.identity.remembered import Remembered


class Table:
    """Rows that are counted when they are read, and time."""

    def __init__(self) -> None:
        self.rows: dict[str, str] = {"a": "first"}
        self.reads: list[str] = []
        self.time = 0.0
        self.gate: asyncio.Event | None = None

    async def read(self, name: str) -> str | None:
        self.reads.append(name)
        found = self.rows.get(name)
        if self.gate is not None:
            await self.gate.wait()
        return found

    def remembered(self, for_s: float = 2.0) -> Remembered[str]:
        return Remembered(self.read, for_s=for_s, clock=lambda: self.time)


async def test_a_row_is_read_once_in_its_time() -> None:
    table = Table()
    known = table.remembered()
    assert await known.get("a") == "first"
    table.rows["a"] = "second"
    table.time = 1.9
    assert await known.get("a") == "first"
    table.time = 2.0
    assert await known.get("a") == "second"
    assert table.reads == ["a", "a"]


async def test_for_no_time_it_is_read_each_time() -> None:
    table = Table()
    known = table.remembered(for_s=0)
    assert [await known.get("a") for _ in range(3)] == ["first"] * 3
    assert len(table.reads) == 3


async def test_what_is_not_there_is_asked_for_again() -> None:
    table = Table()
    known = table.remembered()
    assert await known.get("b") is None
    table.rows["b"] = "new"
    assert await known.get("b") == "new"


async def test_what_will_not_do_is_read_again_and_once() -> None:
    table = Table()
    known = table.remembered()
    await known.get("a")
    table.rows["a"] = "second"

    assert await known.get("a", if_=lambda row: row == "second") == "second"
    assert await known.get("a", if_=lambda row: row == "second") == "second"
    assert table.reads == ["a", "a"]


async def test_what_was_just_read_is_what_there_is() -> None:
    table = Table()
    assert await table.remembered().get("a", if_=lambda row: row == "second") == "first"
    assert table.reads == ["a"]


async def test_what_is_forgotten_is_read_again() -> None:
    table = Table()
    known = table.remembered()
    await known.get("a")
    table.rows["a"] = "second"
    known.forget("a")
    assert await known.get("a") == "second"


async def test_what_was_forgotten_while_it_was_read_is_not_remembered() -> None:
    # Otherwise a session that is cancelled just then would be taken for a little longer.
    table = Table()
    known = table.remembered()
    table.gate = asyncio.Event()
    reading = asyncio.create_task(known.get("a"))
    while not table.reads:
        await asyncio.sleep(0)
    table.rows["a"] = "second"
    known.forget("a")
    table.gate.set()

    assert await reading == "first"
    assert await known.get("a") == "second"


async def test_its_age_counts_from_when_it_was_asked_for() -> None:
    table = Table()
    known = table.remembered()
    table.gate = asyncio.Event()
    reading = asyncio.create_task(known.get("a"))
    while not table.reads:
        await asyncio.sleep(0)
    table.time = 5.0
    table.gate.set()
    await reading

    table.rows["a"] = "second"
    assert await known.get("a") == "second"


async def test_it_is_bounded() -> None:
    table = Table()
    table.rows = {str(n): "row" for n in range(remembered.MAX_REMEMBERED + 1)}
    known = table.remembered()
    for name in table.rows:
        await known.get(name)
    table.reads.clear()

    await known.get(str(remembered.MAX_REMEMBERED))
    assert table.reads == []
    await known.get("0")
    assert table.reads == ["0"], "the oldest made way"
