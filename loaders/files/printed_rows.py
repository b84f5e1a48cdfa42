"""Rows of a publisher's table, whether it came as a workbook, as comma-separated or as tab-separated text.

CMS prints the same table as xlsx and as text, with disclaimers above it and headings that break over
lines. A row knows its place, so that whatever is wrong with a cell is said with file, line and column.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TypeVar

from loaders.files.faults import Tell, refuse
from loaders.files.workbook import sheet_rows
from terminology.errors import ReleaseFormatError

LONGEST_CELL = 16 * 2**20
"""Characters of one cell: articles of the Medicare Coverage Database hold whole pages of HTML."""
MOST_COLUMNS = 512
"""The widest table known is the ASP crosswalk's text, whose rows trail hundreds of empty cells."""

_SHEET_COLUMNS = 64
_HEADING_WITHIN = 60
_NO_SIGNS = re.compile(r"[^a-z0-9]+")
_AMOUNT = re.compile(r"-?\d*\.?\d+")
_DAYS = ("%Y%m%d", "%m/%d/%Y", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%m/%d/%Y %H:%M:%S")
MOST_FAULTS = 5
"""Rows that cannot be read, of a table that is otherwise read."""
T = TypeVar("T")
_BLANK_DAYS = ("", "*", "N/A", "n/a")


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One row: where it stands and its cells, stripped. Lines and rows count from 1."""

    path: str
    number: int
    cells: tuple[str, ...]

    def text(self, at: int) -> str:
        """Return a cell, ``""`` where the row ends before it."""
        return self.cells[at] if at < len(self.cells) else ""

    def error(self, expected: str, found: str, column: str | None = None) -> ReleaseFormatError:
        """Return an error about this row."""
        return ReleaseFormatError(self.path, self.number, expected, found, column=column)

    def whole(self, at: int, column: str) -> int:
        """Return a cell as a whole number of at least 0."""
        text = self.text(at).removesuffix(".0")
        if not text.isdecimal():
            raise self.error("a whole number", repr(self.text(at)[:40]), column)
        return int(text)

    def amount(self, at: int, column: str, tell: Tell = refuse) -> float | None:
        """Return a cell as a number; ``$`` and thousands commas are taken off, a blank is ``None``.

        ``tell`` is told of a cell that is no number, which is then left out: ``None`` too.
        """
        text = self.text(at).replace("$", "").replace(",", "").strip()
        if text in ("", ".", "N/A"):
            return None
        if not _AMOUNT.fullmatch(text):
            tell(self.error("a number", repr(self.text(at)[:40]), column))
            return None
        return float(text)

    def day(self, at: int, column: str) -> date | None:
        """Return a cell as a date in one of the forms CMS prints; blanks and ``*`` are ``None``."""
        text = self.text(at).split(".")[0]
        if text in _BLANK_DAYS:
            return None
        for form in _DAYS:
            try:
                return datetime.strptime(text, form).date()
            except ValueError:
                continue
        raise self.error("a date", repr(text[:40]), column)

    def ordinal_day(self, at: int, column: str) -> date | None:
        """Return a cell ``YYYYDDD`` (year and day of the year) as a date, a blank as ``None``."""
        text = self.text(at).split(".")[0]
        if not text:
            return None
        if not re.fullmatch(r"(19|20)\d\d[0-3]\d\d", text) or not 1 <= int(text[4:]) <= 366:
            raise self.error("a date YYYYDDD", repr(text[:40]), column)
        return date(int(text[:4]), 1, 1) + timedelta(days=int(text[4:]) - 1)


def each_readable(rows: Iterable[PrintedRow], make: Callable[[PrintedRow], T], tell: Tell) -> Iterator[T]:
    """Yield what ``make`` reads of each row; a row that cannot be read costs itself, and ``tell`` is told.

    Where that goes on (over :data:`MOST_FAULTS` rows and one in a hundred) the file has another layout, and
    the last fault is raised.
    """
    faults = 0
    for number, row in enumerate(rows, 1):
        try:
            yield make(row)
        except ReleaseFormatError as error:
            faults += 1
            if faults > MOST_FAULTS and faults * 100 > number:
                raise
            tell(error)


def printed_rows(file: BinaryIO, path: Path | str) -> Iterator[PrintedRow]:
    """Yield the rows of a table that are not blank; the name's ending says whether it is xlsx, csv or txt.

    Text is read as UTF-8 or, where it is none, as Windows-1252; ``.txt`` is tab-separated. ``file`` comes
    from :meth:`loaders.files.archive.SourceFile.open`. Raises :class:`ReleaseFormatError`.
    """
    name = str(path).lower().removesuffix(".gz")
    if name.endswith(".xlsx"):
        return _sheet_rows(file, str(path))
    return _text_rows(file, str(path), "," if name.endswith(".csv") else "\t")


def below_heading(
    rows: Iterator[PrintedRow], path: Path | str, headings: Sequence[str]
) -> tuple[Mapping[str, int], PrintedRow]:
    """Read on to the heading row and return the column of each heading asked for, and the row itself.

    Headings are compared by their letters and digits alone; one asked for may be the beginning of the one
    printed. Raises :class:`ReleaseFormatError` when no row of the first 60 has them all.
    """
    nearest: list[str] = list(headings)
    for row in rows:
        printed = [_letters(cell) for cell in row.cells]
        found = {heading: _column(_letters(heading), printed) for heading in headings}
        missing = [heading for heading, at in found.items() if at is None]
        if not missing:
            return {heading: at for heading, at in found.items() if at is not None}, row
        if len(missing) < len(nearest):
            nearest = missing
        if row.number > _HEADING_WITHIN:
            break
    raise ReleaseFormatError(
        path, None, f"a heading row with {', '.join(headings)}", f"none: {', '.join(nearest)} missing"
    )


def _column(wanted: str, printed: Sequence[str]) -> int | None:
    if wanted in printed:
        return printed.index(wanted)
    return next((at for at, cell in enumerate(printed) if cell.startswith(wanted)), None)


def _letters(text: str) -> str:
    return _NO_SIGNS.sub("", text.lower())


def _text_rows(file: BinaryIO, path: str, delimiter: str) -> Iterator[PrintedRow]:
    csv.field_size_limit(LONGEST_CELL)
    text = TextIOWrapper(file, _encoding(file), newline="")
    if delimiter == ",":
        rows = csv.reader(text, strict=True)
    else:
        rows = csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_NONE, strict=True)
    try:
        for row in rows:
            if any(row):
                if len(row) > MOST_COLUMNS:
                    raise ReleaseFormatError(
                        path, rows.line_num, f"at most {MOST_COLUMNS} columns", str(len(row))
                    )
                yield PrintedRow(path, rows.line_num, tuple(cell.strip() for cell in row))
    except csv.Error as error:
        raise ReleaseFormatError(path, rows.line_num, "a whole row (cut off?)", str(error)) from None
    except UnicodeDecodeError as error:
        found = f"byte 0x{error.object[error.start]:02x}"
        raise ReleaseFormatError(path, rows.line_num + 1, "UTF-8 or Windows-1252 text", found) from None
    finally:
        with suppress(ValueError):  # a reader that stops early may find the file closed
            text.detach()


def _encoding(file: BinaryIO) -> str:
    """UTF-8 if the whole file is, else Windows-1252: CMS writes either and does not say which."""
    tail = b""
    try:
        while chunk := file.read(2**20):
            chunk = tail + chunk
            cut = chunk.rfind(b"\n") + 1
            chunk[:cut].decode()
            tail = chunk[cut:]
        tail.decode()
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        file.seek(0)
    return "utf-8-sig"


def _sheet_rows(file: BinaryIO, path: str) -> Iterator[PrintedRow]:
    for number, cells in sheet_rows(file, path, _SHEET_COLUMNS):
        row = tuple(_cell(cell) for cell in cells)
        if any(row):
            yield PrintedRow(path, number, row)


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y%m%d")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
