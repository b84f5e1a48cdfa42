"""When the diagnoses of an upload were reported: as its user says, or guessed from the file and said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from terminology.errors import InvalidRequestError
from terminology.exchange.tables.columns import role_column
from terminology.exchange.tables.days import Span, read_span, years

_IN_NAME = re.compile(r"(?<!\d)(20[1-4]\d)(?!\d)")
_FIRST_YEAR = 2015
"""ICD-10-CM is in use in the United States since 1 October 2015."""


@dataclass(slots=True)
class FileDates:
    """The years in the date column of one file, and how many rows have them.

    ``own`` counts the rows that say a day, and not a year alone; ``without`` those that say neither.
    """

    column: str | None = None
    days: Counter[date] = field(default_factory=Counter)
    own: int = 0
    without: int = 0

    def add(self, cell: object) -> date | None:
        """Count a cell that is a day or a year; return the first day of its month for one that is a day."""
        span = read_span(cell)
        if span is None or span[0].year < _FIRST_YEAR:
            self.without += 1
            return None
        first, last = span
        self.days[first if first == last else date(first.year, 7, 1)] += 1
        if first != last:
            return None
        self.own += 1
        return first.replace(day=1)

    def said(self) -> str:
        """Say by which day rows are judged; empty where none says a day."""
        if not self.own:
            return ""
        without = f", {self.without:,} rows without a day by all of it" if self.without else ""
        return f", each row by its own day{without}"


def date_column(titles: Sequence[str]) -> int | None:
    """Return the place of the first column that holds days or years by its title."""
    column = role_column(titles, "date")
    return None if column is None else list(titles).index(column)


def guessed_span(dates: FileDates, name: str) -> tuple[Span, str] | None:
    """Return the calendar years a file is of, and how that was seen; ``None`` where nothing tells.

    Its own dates say it; without them a single year in its name does.
    """
    if dates.days:
        first, last = min(dates.days).year, max(dates.days).year
        return years(first, last), f"the column {dates.column!r} of {name}"
    named = set(_IN_NAME.findall(name))
    if len(named) == 1:
        year = int(named.pop())
        return years(year, year), f"the file's name {name}"
    return None


def asked_span(on: date | None, year: int | None) -> Span | None:
    """Return the span a user names by a day or by a calendar year.

    Raises :class:`InvalidRequestError` for both at once, or a year before ICD-10-CM was in use.
    """
    if on is not None and year is not None:
        raise InvalidRequestError("year", "give a date or a year, not both")
    if year is not None and not _FIRST_YEAR <= year <= date.max.year:
        raise InvalidRequestError(
            "year", f"ICD-10-CM is in use since {_FIRST_YEAR}; write the year like 2023"
        )
    return (on, on) if on is not None else None if year is None else years(year, year)
