"""A measured row, and the table of all rows."""

from collections.abc import Sequence
from dataclasses import dataclass

HEADINGS = ("measure", "this server", "reference", "unit", "ratio", "must hold", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What this server did and what the reference did in the same run.

    Attributes:
        promise: What must hold, in words; empty if nothing is promised.
        holds: Whether it does; None if nothing is promised.
    """

    measure: str
    ours: float
    reference: float
    unit: str
    promise: str = ""
    holds: bool | None = None

    @property
    def ratio(self) -> float:
        """This server's figure in terms of the reference's."""
        return self.ours / self.reference if self.reference else float("nan")


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


def _cells(row: Row) -> tuple[str, ...]:
    if isinstance(row, NotMeasured):
        return (row.measure, "-", "-", "", "", "", f"not measured: {row.reason}")
    verdict = {True: "holds", False: "DOES NOT HOLD", None: ""}[row.holds]
    return (
        row.measure,
        _number(row.ours),
        _number(row.reference),
        row.unit,
        f"{row.ratio:.2f}",
        row.promise,
        verdict,
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    figures = (1, 2, 4)
    aligned = (
        cell.rjust(width) if column in figures else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(aligned).rstrip()
