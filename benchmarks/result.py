"""A measured row, and the table of all rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

HEADINGS = ("measure", "ours", "reference", "ratio", "unit", "must reach", "aim", "holds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What this server did and what the reference did in the same run.

    Attributes:
        must: What must be reached, in words; empty if nothing is promised.
        holds: Whether it is; None if nothing is promised.
        aim: What is aimed at, in words.
    """

    measure: str
    ours: float
    reference: float
    unit: str
    must: str = ""
    holds: bool | None = None
    aim: str = ""

    @property
    def ratio(self) -> float:
        """This server's figure in terms of the reference's."""
        return self.ours / self.reference if self.reference else float("nan")


class Bound(TypedDict):
    """The part of a `Result` that says what its figure must reach."""

    must: str
    holds: bool
    aim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMeasured:
    """A row that is missing, and why."""

    measure: str
    reason: str


Row = Result | NotMeasured


def table(rows: Sequence[Row]) -> str:
    """The rows as aligned text."""
    cells = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    lines = [_line(line, widths) for line in cells]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def at_least(value: float, reference: float, *, must: float, aim: float) -> Bound:
    """More is better: so many times the reference's."""
    return Bound(must=f">= {must:g} x", holds=value >= must * reference, aim=f">= {aim:g} x")


def at_most(value: float, reference: float, *, must: float, aim: float) -> Bound:
    """Less is better: no more than this share of the reference's."""
    return Bound(must=f"<= {must:g} x", holds=value <= must * reference, aim=f"<= {aim:g} x")


def _cells(row: Row) -> tuple[str, ...]:
    if isinstance(row, NotMeasured):
        return (row.measure, "-", "-", "", "", "", "", f"not measured: {row.reason}")
    return (
        row.measure,
        _number(row.ours),
        _number(row.reference),
        f"{row.ratio:.2f}",
        row.unit,
        row.must,
        row.aim,
        {True: "yes", False: "NO", None: ""}[row.holds],
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    figures = (1, 2, 3)
    aligned = (
        cell.rjust(width) if column in figures else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(aligned).rstrip()
