"""Delimited text with a heading: rows as dictionaries with their line, checked against the heading."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import BinaryIO, NamedTuple

from loaders.files.text_lines import text_lines
from terminology.errors import ReleaseFormatError

_DAY = re.compile(r"\d{8}|\d{4}-\d\d-\d\d")
_SHOWN = 80


class DelimitedRow(NamedTuple):
    """One row: where it stands and its cells by column, without blanks around them."""

    path: str
    line: int
    cells: dict[str, str]

    def fault(self, column: str, expected: str) -> ReleaseFormatError:
        """Return the error that names a cell and what should stand in it."""
        found = repr(self.cells[column][:_SHOWN])
        return ReleaseFormatError(self.path, self.line, expected, found, column=column)

    def day(self, column: str) -> date | None:
        """Return the day in a cell, as ``YYYY-MM-DD`` or ``YYYYMMDD``; ``None`` for an empty one."""
        text = self.cells[column]
        if not text:
            return None
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:  # no day of the calendar
            pass
        raise self.fault(column, "a day")


def delimited_rows(
    file: BinaryIO, path: Path | str, columns: Sequence[str], delimiter: str = ","
) -> Iterator[DelimitedRow]:
    """Yield the rows below a heading that begins with ``columns``; further columns are passed over.

    Empty lines are skipped. Raises :class:`ReleaseFormatError` for another heading and for a row of another
    width.
    """
    rows = csv.reader((line.text + "\n" for line in text_lines(file, path)), delimiter=delimiter)
    heading = [name.strip() for name in next(rows, [])]
    if heading[: len(columns)] != list(columns):
        expected = f"the heading {delimiter.join(columns)}"
        raise ReleaseFormatError(path, 1, expected, repr(delimiter.join(heading)[:_SHOWN]))
    for row in rows:
        if not row:
            continue
        if len(row) != len(heading):
            raise ReleaseFormatError(path, rows.line_num, f"{len(heading)} columns", f"{len(row)}")
        cells = {name: cell.strip() for name, cell in zip(columns, row, strict=False)}
        yield DelimitedRow(str(path), rows.line_num, cells)
