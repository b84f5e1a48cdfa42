"""Days and years as cells of tables say them."""

from __future__ import annotations

import re
from datetime import date, datetime

Span = tuple[date, date]
"""First and last day."""

_ISO = re.compile(r"((?:19|20)\d\d)(?:-(\d\d)-(\d\d)(?:[T ].*)?)?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)")
_MONTH = re.compile(r"(\d\d)-([A-Za-z]{3})-((?:19|20)\d\d)")


def read_span(cell: object) -> Span | None:
    """Return the days a cell says: a day twice, or the first and last of a year; ``None`` for anything else.

    >>> [day.isoformat() for day in read_span("10/01/2026")], [day.isoformat() for day in read_span("2023")]
    (['2026-10-01', '2026-10-01'], ['2023-01-01', '2023-12-31'])
    """
    if isinstance(cell, datetime):
        return cell.date(), cell.date()
    if isinstance(cell, date):
        return cell, cell
    text = str(cell or "").strip().removesuffix(".0")
    try:
        if match := _ISO.fullmatch(text):
            if match[2] is None:
                return years(int(match[1]), int(match[1]))
            day = date(int(match[1]), int(match[2]), int(match[3]))
        elif match := _COMPACT.fullmatch(text):
            day = date(int(match[1]), int(match[2]), int(match[3]))
        elif match := _AMERICAN.fullmatch(text):
            day = date(int(match[3]), int(match[1]), int(match[2]))
        elif _MONTH.fullmatch(text):
            day = datetime.strptime(text.title(), "%d-%b-%Y").date()
        else:
            return None
    except ValueError:
        return None
    return day, day


def years(first: int, last: int) -> Span:
    """Return the span of whole calendar years."""
    return date(first, 1, 1), date(last, 12, 31)
