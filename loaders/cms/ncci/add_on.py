"""NCCI add-on code edits of CMS: the workbook ``AOC_V2024Q3-MCR.xlsx``, or a csv under the same headings.

CMS's columns: ``AOC_Edit_Type``, ``Add-On_Code``, ``AOC_DelDT``, ``Primary_Code``, ``Primary_Code_DelDT``,
``AOC_Edit_EffDT``, ``AOC_Edit_DelDT``, ``Special_Instruction_Notes``; dates are ``YYYYDDD``, year and day of
the year. Primary ``CCCCC`` stands for what the contractor accepts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

from loaders.files.printed_rows import PrintedRow, below_heading, printed_rows
from terminology.claims.tables.ncci import AddOn

_NAME = re.compile(r"(ncci_aoc_|AOC_V)(?P<year>20\d\d)Q(?P<quarter>[1-4]).*\.(xlsx|csv)", re.IGNORECASE)
_CODE = re.compile(r"[A-Z0-9]{5}")
_NEEDED = ("Primary_Code", "Add-On_Code", "AOC_Edit_Type")
_ENDS = ("AOC_DelDT", "Primary_Code_DelDT", "AOC_Edit_DelDT")
_EFFECTIVE, _NOTE = "AOC_Edit_EffDT", "Special_Instruction"


def add_on_quarter(name: str) -> tuple[date, date] | None:
    """Return the first and last day of the quarter a file's name states, ``None`` for any other file."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    year, first = int(match["year"]), 3 * int(match["quarter"]) - 2
    following = date(year + 1, 1, 1) if first == 10 else date(year, first + 3, 1)
    return date(year, first, 1), following - timedelta(days=1)


def read_add_ons(file: BinaryIO, path: Path | str) -> Iterator[AddOn]:
    """Yield the add-on codes, each with one primary. Raises :class:`ReleaseFormatError`."""
    rows = printed_rows(file, path)
    columns, heading = below_heading(rows, path, _NEEDED)
    optional = _optional(heading)
    for row in rows:
        primary, add_on, kind = (row.text(columns[name]) for name in _NEEDED)
        for name, code in (("Primary_Code", primary), ("Add-On_Code", add_on)):
            if not _CODE.fullmatch(code):
                raise row.error("a HCPCS code", repr(code[:20]), name)
        if kind not in ("1", "2", "3"):
            raise row.error("1, 2 or 3", repr(kind[:20]), "AOC_Edit_Type")
        yield AddOn(
            row.number,
            add_on,
            primary,
            int(kind),
            _day(row, optional, _EFFECTIVE),
            min((day for name in _ENDS if (day := _day(row, optional, name))), default=None),
            row.text(optional[_NOTE]) if _NOTE in optional else "",
        )


def _optional(heading: PrintedRow) -> Mapping[str, int]:
    """Columns that CMS's table has and a plain list of codes has not; CMS adds ``(Julian)`` in some years."""
    printed = [re.sub(r"[^a-z]", "", cell.lower()).replace("dt", "") for cell in heading.cells]
    found = {}
    for name in (*_ENDS, _EFFECTIVE, _NOTE):
        letters = re.sub(r"[^a-z]", "", name.lower()).replace("dt", "")
        at = next((at for at, cell in enumerate(printed) if cell.startswith(letters)), None)
        if at is not None:
            found[name] = at
    return found


def _day(row: PrintedRow, columns: Mapping[str, int], name: str) -> date | None:
    return row.ordinal_day(columns[name], name) if name in columns else None
