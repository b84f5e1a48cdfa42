"""A list of codes as people paste it, with a day beside each code or line where there is one."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from terminology.bundle.life.code_list import ListedCode, ListStatus, codes_in, listed_on
from terminology.bundle.life.periods import days_of_change
from terminology.bundle.store import Store
from terminology.errors import InvalidRequestError
from terminology.exchange.mapping.answers import codes_of
from terminology.exchange.tables.columns import CodeColumns, code_columns, listed, role_column
from terminology.exchange.tables.days import Span, read_span
from terminology.exchange.tables.text import heading_of

_HEAD = 20


@dataclass(frozen=True, slots=True)
class PastedCode:
    """A code as it was pasted, and the days that its line or row says; ``None`` where it says none."""

    text: str
    days: Span | None = None


@dataclass(frozen=True, slots=True)
class PastedList:
    """The codes of a text in order, and what was read where: ``notice`` is empty for a list without days."""

    codes: tuple[PastedCode, ...]
    notice: str = ""

    @property
    def dated(self) -> bool:
        """Whether any code has a day of its own."""
        return any(code.days for code in self.codes)

    def text(self) -> str | None:
        """Return the list as short text that reads the same; ``None`` where a row says a year only."""
        if not self.dated:
            return " ".join(code.text for code in self.codes)
        if any(code.days and code.days[0] != code.days[1] for code in self.codes):
            return None
        return "\n".join(f"{code.text} {code.days[0]}" if code.days else code.text for code in self.codes)


def pasted_list(text: str) -> PastedList:
    """Return the codes of a text, whatever stands between them, each with the day beside it.

    A text whose first line names a column of codes and one of dates is a table: its rows are read by their
    own dates and other columns are left out, which the notice says. Of other texts a day belongs to the codes
    of its line: to those before it, or, where the line begins with a day, to those behind it.

    >>> [(code.text, code.days and str(code.days[0])) for code in pasted_list("E11.9 2026-10-01\\nI10").codes]
    [('E11.9', '2026-10-01'), ('I10', None)]
    """
    lines = text.splitlines(keepends=True)
    table = _table(lines)
    if table is not None:
        return table
    codes = tuple(code for line in lines for code in _of_line(codes_in(line)))
    return PastedList(codes, _said("the day beside it", codes) if any(c.days for c in codes) else "")


def listed_by_day(store: Store, system: str, codes: Sequence[PastedCode], given: date) -> list[ListedCode]:
    """Return what each code is on its own day, on the ``given`` one where it says none.

    A year stands for each of its days: a code that was good on one of them is good. Raises as
    :func:`~terminology.bundle.life.code_list.listed_on`.
    """
    changes = days_of_change(store)
    days = [_days(code.days, given, changes) for code in codes]
    found = listed_on(store, system, [(code.text, each[0]) for code, each in zip(codes, days, strict=True)])
    for place, each in enumerate(days):
        for day in each[1:]:
            if found[place].status is ListStatus.VALID:
                break
            found[place] = listed_on(store, system, [(codes[place].text, day)])[0]
    return found


def _days(span: Span | None, given: date, changes: Sequence[date]) -> tuple[date, ...]:
    if span is None:
        return (given,)
    first, last = span
    return (first, *(day for day in changes if first < day <= last))


def _of_line(tokens: Sequence[str]) -> Iterator[PastedCode]:
    """Pair the codes of a line with its days; a line of days alone has no code, and they stand as given."""
    spans = [_day(token) for token in tokens]
    if not any(spans) or all(spans):
        yield from map(PastedCode, tokens)
        return
    leads = spans[0] is not None
    days = [span for span in spans if span is not None]
    place = 0
    for token, span in zip(tokens, spans, strict=True):
        if span is not None:
            place += 1
        else:
            yield PastedCode(token, days[min(max(place - leads, 0), len(days) - 1)])


def _day(token: str) -> Span | None:
    span = read_span(token)
    return span if span is not None and span[0] == span[1] else None


def _table(lines: Sequence[str]) -> PastedList | None:
    place, delimiter = heading_of(lines[:_HEAD])
    if place < 0:
        return None
    rows = csv.reader(lines[place:], delimiter=delimiter)
    try:
        titles = [title.strip() for title in next(rows)]
        dated = role_column(titles, "date")
        columns = code_columns(titles) if dated is not None else None
    except (InvalidRequestError, csv.Error, StopIteration):
        return None
    if dated is None or columns is None:
        return None
    codes = tuple(_of_rows(rows, titles, columns, dated))
    left = [title for title in titles if title not in (*columns.all, dated)]
    said = _said(f"its own date, column '{dated}'", codes)
    said = f"a table: codes of {listed(columns.all)}; {said}"
    return PastedList(codes, f"{said}; left out: {listed(left)}" if left else said)


def _of_rows(
    rows: Iterator[list[str]], titles: Sequence[str], columns: CodeColumns, dated: str
) -> Iterator[PastedCode]:
    when = titles.index(dated)
    places = [titles.index(column) for column in columns.all]
    try:
        for row in rows:
            span = read_span(row[when]) if when < len(row) else None
            cells = [row[place] for place in places if place < len(row)]
            yield from (PastedCode(code, span) for cell in cells if cell.strip() for code in codes_of(cell))
    except csv.Error as fault:
        raise InvalidRequestError("codes", f"the table cannot be read as CSV: {fault}") from None


def _said(how: str, codes: Sequence[PastedCode]) -> str:
    own = [code.days for code in codes if code.days]
    when = f" ({min(s[0] for s in own)} to {max(s[1] for s in own)})" if own else ""
    without = len(codes) - len(own)
    text = f"each code is read by {how}{when}"
    return f"{text}; {without:,} without one" if without else text
