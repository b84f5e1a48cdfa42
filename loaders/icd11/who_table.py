"""The tables WHO publishes ICD-11 in: the same rows as tab-separated text or as a workbook.

Text is UTF-8 with a byte order mark on some files. Records end with CR LF; a bare LF belongs to a cell
(the coding notes of the 2026-01 tabulation hold some). A cell may be quoted, with its quotes doubled. The
header's last cell is a version stamp, so it has one cell more than the columns it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import BinaryIO, NamedTuple

from loaders.files.workbook import sheet_rows
from terminology.errors import ReleaseFormatError

_BOM = b"\xef\xbb\xbf"
_MAX_RECORD_BYTES = 2**20
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STAMP = re.compile(rf"(?:Version:\s*)?(\d{{4}})[ -]({'|'.join(_MONTHS)}|\d\d)[ -]\d\d?\b")


class Row(NamedTuple):
    """One record: ``line`` is the 1-based line (text) or row (workbook) it starts at."""

    line: int
    cells: list[str]


def is_workbook(file: BinaryIO) -> bool:
    """Whether ``file`` is a zip, as every workbook is; leaves it at its start."""
    file.seek(0)
    starts = file.read(4)
    file.seek(0)
    return starts == b"PK\x03\x04"


def text_rows(file: BinaryIO, path: str) -> Iterator[Row]:
    """Yield the records of a tab-separated file, without empty lines, cells as they stand.

    Where the header is quoted, as some programs save any text, all cells are: their quotes are taken off.
    Raises :class:`ReleaseFormatError` for a file whose lines do not end with CR LF, a record of more than
    1 MiB and text that is not UTF-8.
    """
    rows = _records(file, path)
    header = next(rows, None)
    if header is None:
        return
    quoted = header.cells[0].startswith('"')
    for line, cells in chain((header,), rows):
        yield Row(line, [_bare(cell) for cell in cells] if quoted else cells)


def _records(file: BinaryIO, path: str) -> Iterator[Row]:
    file.seek(0)
    held: list[bytes] = []
    size, start, line = 0, 1, 0
    for raw in file:
        line += 1
        size += len(raw)
        if size > _MAX_RECORD_BYTES:
            raise ReleaseFormatError(path, start, "a record of at most 1 MiB", f"{size:,} bytes and no CR LF")
        if not raw.endswith(b"\r\n"):
            if line == 1:
                raise ReleaseFormatError(path, 1, "a header that ends with CR LF", _ending(raw))
            held.append(raw)
            continue
        record = raw[:-2]
        if held:
            record = b"".join(held) + record
            held.clear()
        if record:
            yield Row(start, _decoded(record, path, start).split("\t"))
        size, start = 0, line + 1
    if held:
        yield Row(start, _decoded(b"".join(held), path, start).split("\t"))


def workbook_rows(file: BinaryIO, path: str) -> Iterator[Row]:
    """Yield the rows of a workbook's first sheet as text, without empty rows.

    A date becomes ``2024-01-21``. A lone cell above the header is a remark, no row. Rows are as long as the
    first one at least: the format leaves out empty cells. Raises :class:`ReleaseFormatError` for a file that
    is no readable workbook.
    """
    width = 0
    for line, values in sheet_rows(file, path):
        cells = [value if type(value) is str else _text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if cells and (width or len(cells) > 1):
            width = width or len(cells)
            cells += [""] * (width - len(cells))
            yield Row(line, cells)


def table_rows(file: BinaryIO, path: str) -> Iterator[Row]:
    """Yield the rows of a table, text or workbook, whichever ``file`` is."""
    return workbook_rows(file, path) if is_workbook(file) else text_rows(file, path)


def unquoted(cell: str) -> str | None:
    """Return a cell without its quotes, as it stands if it has none, ``None`` if they do not balance.

    >>> unquoted('"A ""b"" c"'), unquoted("Cholera"), unquoted('"Cholera')
    ('A "b" c', 'Cholera', None)
    """
    if not cell.startswith('"'):
        return cell
    inner = cell[1:-1].replace('""', "\0")
    if len(cell) < 2 or not cell.endswith('"') or '"' in inner:
        return None
    return inner.replace("\0", '"')


def _bare(cell: str) -> str:
    bare = unquoted(cell)
    return cell if bare is None else bare


def stamped_release(stamp: str) -> str | None:
    """Return the release a version stamp stands for, year and month; ``None`` if it is no stamp.

    >>> stamped_release("Version:2025 Jan 24 - 22:30 UTC"), stamped_release("2024-Jan-21")
    ('2025-01', '2024-01')
    """
    found = _STAMP.match(stamp.strip())
    if found is None:
        return None
    year, month = found.groups()
    return f"{year}-{month if month.isdigit() else f'{_MONTHS.index(month) + 1:02}'}"


def _decoded(record: bytes, path: str, line: int) -> str:
    try:
        return record.removeprefix(_BOM).decode("utf-8") if line == 1 else record.decode("utf-8")
    except UnicodeDecodeError as error:
        bad = record[error.start]
        raise ReleaseFormatError(path, line, "UTF-8 text", f"byte 0x{bad:02x} at {error.start}") from None


def _ending(raw: bytes) -> str:
    return "a bare LF (converted file?)" if raw.endswith(b"\n") else "no line end at all"


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
