"""A list of codes as people paste or send it, with a day beside each code or line where there is one."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any

from terminology.bundle.life.code_list import ListedCode, ListStatus, codes_in, listed_on, shaped_like_a_code
from terminology.bundle.life.periods import days_of_change
from terminology.bundle.store import Store
from terminology.errors import InvalidRequestError
from terminology.exchange.mapping.answers import codes_of
from terminology.exchange.mapping.icd_version import stated_system
from terminology.exchange.tables.columns import CodeColumns, code_columns, listed, role_column
from terminology.exchange.tables.days import Span, read_span
from terminology.exchange.tables.read import read_table, unpacked
from terminology.exchange.tables.text import encoding_of, heading_of, text_lines
from terminology.systems import ICD10CM

_HEAD = 20


@dataclass(frozen=True, slots=True)
class PastedCode:
    """A code as it was pasted, and the days that its line or row says; ``None`` where it says none.

    ``system`` is the code system that a column of versions names.
    """

    text: str
    days: Span | None = None
    system: str | None = None


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


def read_list(content: bytes, name: str) -> PastedList:
    """Return the codes of a file that people send: a table in any format that is read, or text.

    ``name`` is for messages. Text is decoded as in :mod:`terminology.exchange.tables.text`. Raises as
    :func:`~terminology.exchange.tables.read.read_table`.
    """
    file, is_text = unpacked(BytesIO(content), name)
    if is_text:
        encoding = encoding_of(file, name)
        pasted = pasted_list("".join(text_lines(file, name, encoding.name)))
        return replace(pasted, notice="; ".join(filter(None, (encoding.notice, pasted.notice))))
    table = read_table(file, name)
    return _of_table(list(table.columns), table.rows, code_columns(table.columns))


def pasted_list(text: str) -> PastedList:
    """Return the codes of a text, whatever stands between them, each with the day beside it.

    A text whose first line names a column of codes is a table: its rows are read by their own dates and
    versions, where it has them, and other columns are left out, which the notice says. Of other texts a day
    belongs to the codes of its line: to those before it, or, where the line begins with a day, to those
    behind it.

    >>> [(code.text, code.days and str(code.days[0])) for code in pasted_list("E11.9 2026-10-01\\nI10").codes]
    [('E11.9', '2026-10-01'), ('I10', None)]
    >>> pasted_list("name;dx\\nX;E11.9").notice
    'a table: codes of dx; left out: name'
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
    asked = [_with_system(code) for code in codes]
    found = listed_on(store, system, [(code, each[0]) for code, each in zip(asked, days, strict=True)])
    for place, each in enumerate(days):
        for day in each[1:]:
            if found[place].status is ListStatus.VALID:
                break
            found[place] = listed_on(store, system, [(asked[place], day)])[0]
    return [replace(one, input=code.text) for one, code in zip(found, codes, strict=True)]


def _with_system(code: PastedCode) -> str:
    """A code as it is asked for: with the system in front that its row names."""
    return code.text if code.system in (None, ICD10CM.id) else f"{code.system}|{code.text}"


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
    """Return the codes of a table; ``None`` where the first line is no heading with a column of codes."""
    place, delimiter = heading_of(lines[:_HEAD])
    if place < 0 or any(map(shaped_like_a_code, codes_in(lines[place]))):
        return None
    rows = csv.reader(lines[place:], delimiter=delimiter)
    try:
        titles = [title.strip() for title in next(rows)]
        columns = code_columns(titles)
    except (InvalidRequestError, csv.Error, StopIteration):
        return None
    try:
        return _of_table(titles, rows, columns)
    except csv.Error as fault:
        raise InvalidRequestError("codes", f"the table cannot be read as CSV: {fault}") from None


def _of_table(titles: Sequence[str], rows: Iterable[Sequence[Any]], columns: CodeColumns) -> PastedList:
    dated = role_column(titles, "date")
    codes = tuple(_of_rows(rows, titles, columns, dated))
    read = (*columns.all, *columns.versions.values(), dated)
    left = [title for title in titles if title not in read]
    said = [f"a table: codes of {listed(columns.all)}"]
    if dated is not None:
        said.append(_said(f"its own date, column '{dated}'", codes))
    if columns.versions:
        said.append(f"which ICD they are of by {listed(list(dict.fromkeys(columns.versions.values())))}")
    if left:
        said.append(f"left out: {listed(left)}")
    return PastedList(codes, "; ".join(said))


def _of_rows(
    rows: Iterable[Sequence[Any]], titles: Sequence[str], columns: CodeColumns, dated: str | None
) -> Iterator[PastedCode]:
    when = None if dated is None else titles.index(dated)
    places = [
        (titles.index(column), titles.index(said) if (said := columns.versions.get(column)) else None)
        for column in columns.all
    ]
    for row in rows:
        span = read_span(_cell(row, when))
        for place, version in places:
            system = stated_system(_cell(row, version))
            cell = str(_cell(row, place) or "")
            if cell.strip():
                yield from (PastedCode(code, span, system) for code in codes_of(cell))


def _cell(row: Sequence[Any], place: int | None) -> Any:
    return None if place is None or place >= len(row) else row[place]


def _said(how: str, codes: Sequence[PastedCode]) -> str:
    own = [code.days for code in codes if code.days]
    when = f" ({min(s[0] for s in own)} to {max(s[1] for s in own)})" if own else ""
    without = len(codes) - len(own)
    text = f"each code is read by {how}{when}"
    return f"{text}; {without:,} without one" if without else text
