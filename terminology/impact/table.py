"""A finished answer: a table of values, already rounded, so that every output prints the same numbers."""

from __future__ import annotations

from dataclasses import dataclass

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``kind`` is ``text``, ``count``, ``share`` (0 to 1) or ``number``."""

    name: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart of one column by another. ``where`` keeps the rows whose first cell is this text."""

    title: str
    label: str
    value: str
    where: str | None = None
    most: int = 15


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to one question. ``note`` says how it is measured, with its source."""

    id: str
    title: str
    question: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    charts: tuple[Chart, ...] = ()

    def column(self, name: str) -> int:
        """Return the position of a column."""
        return [c.name for c in self.columns].index(name)


def share(part: float, whole: float) -> float:
    """Return part of whole, rounded to a hundredth of a percent; 0 of nothing is 0."""
    return round(part / whole, 4) if whole else 0.0
