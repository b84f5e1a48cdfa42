"""By which day each row of a table is read: its own, where a column says one, else the day that was given."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from terminology.exchange.tables.columns import named_column, role_column
from terminology.exchange.tables.days import read_span

GIVEN = ""
"""The period of a row that says no day: that of the day that was given."""
_KEPT = 65_536
_BETWEEN = ";"


@dataclass(slots=True)
class RowDays:
    """The date column of a table (``None``: every row is read by ``given``) and what its cells say.

    ``starts`` are the days on which a code begins or ends: between two of them all days are alike, and a row
    is read by the first day of its period. ``ignored`` is a column of dates that is not read because a day
    was given; ``own`` and ``without`` count the rows that say a day and those that do not.
    """

    column: str | None
    given: date
    starts: Sequence[date]
    ignored: str | None = None
    own: int = 0
    without: int = 0
    first: date | None = None
    last: date | None = None
    unread: str = ""

    def period(self, cell: object, count: int = 1) -> str:
        """Return the period of rows with one cell of the date column, and count them; see :func:`days_of`."""
        span = read_span(cell)
        if span is None:
            self.without += count
            self.unread = self.unread or str(cell or "").strip()[:40]
            return GIVEN
        self.own += count
        self.first = min(self.first or span[0], span[0])
        self.last = max(self.last or span[1], span[1])
        low, high = (max(bisect_right(self.starts, day) - 1, -1) for day in span)
        return _BETWEEN.join(
            (self.starts[place] if place >= 0 else span[0]).isoformat() for place in range(low, high + 1)
        )

    def days(self, period: str) -> tuple[date, ...]:
        """Return the days that stand for a period: one, or one for each period of a year that said no day."""
        return (self.given,) if period == GIVEN else days_of(period)

    def said(self) -> str:
        """Say in a sentence by which days the rows were read; empty where all are read by the given day."""
        if self.ignored is not None:
            return (
                f"every row is read as of {self.given}; the dates in the column '{self.ignored}' are not "
                "read because a day was given: --date-column reads each row by its own"
            )
        if self.column is None:
            return ""
        when = "" if self.first is None else f" ({self.first} to {self.last})"
        text = f"each row is read by its own date, column '{self.column}'{when}"
        if not self.without:
            return text
        shown = f", such as {self.unread!r}," if self.unread else ""
        return f"{text}; {self.without:,} rows say none{shown} and are read as of {self.given}"


@lru_cache(maxsize=_KEPT)
def days_of(period: str) -> tuple[date, ...]:
    """Return the days that a period's name says.

    >>> days_of("2026-10-01")
    (datetime.date(2026, 10, 1),)
    """
    return tuple(date.fromisoformat(day) for day in period.split(_BETWEEN))


def row_days(columns: Sequence[str], wanted: str | None, on: date | None, starts: Sequence[date]) -> RowDays:
    """Return by which day the rows of a table are read.

    ``wanted`` names the date column; a column with a usual name for dates is found without it. A day that is
    given (``on``) rules every row, unless a column is named too: then it rules the rows that say no day.
    Raises :class:`InvalidRequestError` for a column that is not there.
    """
    given = on or date.today()
    if wanted is not None:
        return RowDays(named_column(columns, wanted), given, starts)
    found = role_column(columns, "date")
    return RowDays(None, given, starts, found) if on is not None else RowDays(found, given, starts)
