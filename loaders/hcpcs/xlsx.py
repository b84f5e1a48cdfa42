"""HCPCS spreadsheet: the xlsx twin of the ANWEB text, with the same fields under named columns.

Rows before the heading row are disclaimers. Headings are CMS's: ``HCPC``, ``SEQNUM``, ``RECID``,
``LONG DESCRIPTION``, ``SHORT DESCRIPTION`` and those of :data:`loaders.hcpcs.record.FIELDS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

from loaders.files.faults import Tell, refuse
from loaders.files.workbook import sheet_rows
from loaders.hcpcs.record import FIELDS, HcpcsLine, HcpcsRecord, join_lines
from terminology.errors import ReleaseFormatError

_CODE, _SEQUENCE, _KIND, _LONG, _SHORT = "HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION"
_REQUIRED = (_CODE, _SEQUENCE, _KIND, _LONG, _SHORT, "ADD DT", "ACT EFF DT", "TERM DT", "ACTION CD")
_HEADING_WITHIN = 50
_MOST_COLUMNS = 64  # CMS has 48; a cell far to the right would otherwise fill every row up to it

Row = tuple[object, ...]


def read_xlsx(file: BinaryIO, path: Path | str, tell: Tell = refuse) -> Iterator[HcpcsRecord]:
    """Yield the codes and modifiers of the first sheet in row order.

    ``file`` comes from :meth:`loaders.files.archive.SourceFile.open`, which has checked its members. Blank
    rows are skipped; ``tell`` is told of details that are left out. Raises
    :class:`ReleaseFormatError`, whose line is the row.
    """
    return join_lines(_lines(_rows(file, path), path), path, tell)


def _rows(file: BinaryIO, path: Path | str) -> Iterator[tuple[int, Row]]:
    for number, row in sheet_rows(file, path, _MOST_COLUMNS):
        if any(cell not in (None, "") for cell in row):
            yield number, row


def _lines(rows: Iterator[tuple[int, Row]], path: Path | str) -> Iterator[HcpcsLine]:
    columns = _columns(rows, path)
    for number, row in rows:
        cells = {heading: _text(row[at]) if at < len(row) else "" for heading, at in columns.items()}
        sequence = cells[_SEQUENCE]
        if not sequence.isdecimal() or int(sequence) % 10:
            raise ReleaseFormatError(
                path, number, "a sequence number by tens", repr(sequence), column=_SEQUENCE
            )
        yield HcpcsLine(
            number=number,
            code=cells[_CODE],
            sequence=int(sequence) // 10,
            kind=cells[_KIND],
            long=cells[_LONG],
            short=cells[_SHORT],
            details=_details(cells),
        )


def _columns(rows: Iterator[tuple[int, Row]], path: Path | str) -> dict[str, int]:
    for number, row in rows:
        columns = {_text(cell).upper(): at for at, cell in enumerate(row) if _text(cell)}
        if _CODE in columns:
            missing = [heading for heading in _REQUIRED if heading not in columns]
            if missing:
                raise ReleaseFormatError(path, number, f"the headings {', '.join(missing)}", "none of them")
            return columns
        if number > _HEADING_WITHIN:
            break
    raise ReleaseFormatError(
        path, None, f"a heading row with {_CODE} in the first {_HEADING_WITHIN} rows", "none"
    )


def _details(cells: dict[str, str]) -> dict[str, tuple[str, ...]]:
    details = {}
    for field in FIELDS:
        count = (field.last - field.first + 1) // field.width
        headings = [f"{field.heading}{n}" for n in range(1, count + 1)] if field.repeats else [field.heading]
        values = tuple(cells[h] for h in headings if cells.get(h))
        if values:
            details[field.name] = values
    return details


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.strftime("%Y%m%d")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
