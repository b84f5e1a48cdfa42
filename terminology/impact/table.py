"""A finished answer: a table of values, already rounded, so that every output prints the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Value = str | int | float | None


class Certainty(StrEnum):
    """What stands behind a share, a ratio or a mean; every output says it."""

    COUNTED = "counted"
    """Arithmetic on the file and on published tables: nothing is estimated."""
    MEASURED = "measured"
    """An estimate whose range by measured errors stands beside it."""
    RANGE = "range"
    """An end of a range."""
    BOUND = "bound"
    """An end that follows from the crosswalk's own confidence: a bound, no interval."""
    UNMEASURED = "unmeasured"
    """An estimate without a range: the column says why."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``kind`` is ``text``, ``count``, ``share`` (0 to 1) or ``number``.

    A share or number has a ``certainty``. ``ends`` are the columns of the low and the high end of a measured
    one, ``why`` says why there is no range.
    """

    name: str
    kind: str = "text"
    certainty: Certainty | None = None
    ends: tuple[str, str] | None = None
    why: str = ""


def counted(name: str, kind: str = "share") -> Column:
    """A share or number that is arithmetic alone."""
    return Column(name, kind, Certainty.COUNTED)


def measured(name: str, kind: str = "share", ends: str | None = None) -> tuple[Column, Column, Column]:
    """An estimate and the columns of its range, ``NAME, low`` and ``NAME, high``; ``ends`` is another NAME.

    >>> [column.name for column in measured("kept share", ends="kept")]
    ['kept share', 'kept, low', 'kept, high']
    """
    low, high = f"{ends or name}, low", f"{ends or name}, high"
    return (
        Column(name, kind, Certainty.MEASURED, (low, high)),
        Column(low, kind, Certainty.RANGE),
        Column(high, kind, Certainty.RANGE),
    )


def unmeasured(name: str, why: str, kind: str = "share") -> Column:
    """An estimate whose error nobody could measure, and why."""
    return Column(name, kind, Certainty.UNMEASURED, why=why)


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

    def how(self, words: Callable[[str], str] = str) -> str:
        """Return how it is measured, and how sure its shares, ratios and means are.

        ``words`` says how a column's name is written.
        """
        return " ".join([self.note, *self._certainties(words)])

    def _certainties(self, words: Callable[[str], str]) -> list[str]:
        reasons = dict.fromkeys(c.why for c in self.columns if c.certainty is Certainty.UNMEASURED)
        kinds = (
            (Certainty.MEASURED, "Range from measured errors"),
            (Certainty.COUNTED, "Counted, nothing estimated"),
            (Certainty.BOUND, "Bounds by the crosswalk's own confidence"),
        )
        named = [(text, self._named(kind, words)) for kind, text in kinds]
        return [
            *(f"{text}: {names}." for text, names in named if names),
            *(f"No range: {self._named(Certainty.UNMEASURED, words, why)}; {why}." for why in reasons),
        ]

    def _named(self, certainty: Certainty, words: Callable[[str], str], why: str = "") -> str:
        return ", ".join(words(c.name) for c in self.columns if (c.certainty, c.why) == (certainty, why))


def share(part: float, whole: float) -> float:
    """Return part of whole, rounded to a hundredth of a percent; 0 of nothing is 0."""
    return round(part / whole, 4) if whole else 0.0
