"""Medicare physician fee schedule of CMS: relative values (``PPRRVU2025_Oct.txt`` or ``.csv``) and GPCI.

The relative value text is fixed-width below lines that begin ``HDR`` (record layout in CMS's ``RVU25D``
documentation); the csv has ten heading lines over the same fields, in 31 columns. The GPCI file has a title,
a heading and lines per locality, with footnotes below and their asterisks on names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import BinaryIO

from loaders.files.faults import Tell, refuse
from loaders.files.printed_rows import PrintedRow, below_heading, each_readable, printed_rows
from loaders.files.text_lines import text_lines
from terminology.claims.tables.fee_schedule import Locality, RelativeValue
from terminology.errors import ReleaseFormatError

_VALUES_NAME = re.compile(
    r"PPRRVU(?P<year>20\d\d|\d\d)_?(?P<month>Jan|Apr|Jul|Oct)?\w*\.(txt|csv|xlsx)", re.I
)
_GPCI_NAME = re.compile(r"GPCI(?P<year>20\d\d).*\.(csv|xlsx)", re.IGNORECASE)
_QUARTERS = {"jan": 1, "apr": 4, "jul": 7, "oct": 10}
_CODE = re.compile(r"[A-Z0-9]{5}")
_CSV_COLUMNS = 31

#: 0-based first and last+1 column of each field of the text.
_FIXED: Mapping[str, tuple[int, int]] = {
    "code": (0, 5),
    "modifier": (5, 7),
    "description": (7, 57),
    "status": (57, 58),
    "work": (59, 65),
    "practice_non_facility": (66, 72),
    "na_non_facility": (72, 74),
    "practice_facility": (75, 81),
    "na_facility": (81, 83),
    "malpractice": (84, 89),
    "pctc": (102, 103),
    "global_days": (103, 106),
    "multiple": (115, 116),
    "bilateral": (116, 117),
    "assistant": (117, 118),
    "co_surgeon": (118, 119),
    "team": (119, 120),
    "factor": (132, 141),
}
#: The same fields in the csv. Its headings are broken over five lines, so positions name them.
_SEPARATED: Mapping[str, int] = {
    "code": 0,
    "modifier": 1,
    "description": 2,
    "status": 3,
    "work": 5,
    "practice_non_facility": 6,
    "na_non_facility": 7,
    "practice_facility": 8,
    "na_facility": 9,
    "malpractice": 10,
    "pctc": 13,
    "global_days": 14,
    "multiple": 18,
    "bilateral": 19,
    "assistant": 20,
    "co_surgeon": 21,
    "team": 22,
    "factor": 24,
}


@dataclass(frozen=True, slots=True)
class ValuesRelease:
    """What the name of a relative value file says: ``2025-10``, and the first day of its quarter.

    From 2026 on there are two files, for those who qualify for the quality programme and those who do not.
    """

    name: str
    starts: date


def values_release(name: str) -> ValuesRelease | None:
    """Return what the name of a relative value file says, ``None`` for any other file.

    >>> values_release("PPRRVU2025_Oct.txt").name
    '2025-10'
    """
    match = _VALUES_NAME.fullmatch(name)
    if match is None:
        return None
    starts = date(int(match["year"]) % 100 + 2000, _QUARTERS[(match["month"] or "Jan").lower()], 1)
    programme = next((word for word in ("nonqpp", "qpp") if word in name.lower()), "")
    return ValuesRelease(f"{starts:%Y-%m} {programme}".strip(), starts)


def locality_year(name: str) -> int | None:
    """Return the calendar year of a GPCI file, ``None`` for any other file."""
    match = _GPCI_NAME.fullmatch(name)
    return int(match["year"]) if match else None


def read_relative_values(file: BinaryIO, path: Path | str, tell: Tell = refuse) -> Iterator[RelativeValue]:
    """Yield the lines of a relative value file; ``tell`` is told of a line that costs itself.

    A value that is no number cannot be taken for 0. Raises :class:`ReleaseFormatError`.
    """
    if str(path).lower().removesuffix(".gz").endswith(".txt"):
        at = {name: at for at, name in enumerate(_FIXED)}
        return each_readable(_from_text(file, path), lambda row: _value(row, at), tell)
    return each_readable(_from_table(file, path), lambda row: _value(row, _SEPARATED), tell)


def _from_text(file: BinaryIO, path: Path | str) -> Iterator[PrintedRow]:
    found = False
    for number, text, _ in text_lines(file, path):
        if text.startswith("HDR") or not text.strip():
            continue
        found = True
        cells = tuple(text[first:last].strip() for first, last in _FIXED.values())
        yield PrintedRow(str(path), number, cells)
    if not found:
        raise ReleaseFormatError(path, None, "relative values below the HDR lines", "none")


def _from_table(file: BinaryIO, path: Path | str) -> Iterator[PrintedRow]:
    rows = printed_rows(file, path)
    headed = next((row for row in rows if [c.upper() for c in row.cells[:2]] == ["HCPCS", "MOD"]), None)
    if headed is None or len(headed.cells) < _CSV_COLUMNS:
        raise ReleaseFormatError(path, None, f"a heading HCPCS, MOD, ... of {_CSV_COLUMNS} columns", "none")
    yield from rows


def _value(row: PrintedRow, at: Mapping[str, int]) -> RelativeValue:
    code = row.text(at["code"])
    if not _CODE.fullmatch(code):
        raise row.error("a HCPCS code", repr(code[:20]), "HCPCS")

    def number(name: str) -> float:
        return row.amount(at[name], name.replace("_", " ")) or 0.0

    return RelativeValue(
        row=row.number,
        code=code,
        modifier=row.text(at["modifier"]),
        description=row.text(at["description"]),
        status=row.text(at["status"]),
        work=number("work"),
        practice_non_facility=number("practice_non_facility"),
        practice_non_facility_na=row.text(at["na_non_facility"]) == "NA",
        practice_facility=number("practice_facility"),
        practice_facility_na=row.text(at["na_facility"]) == "NA",
        malpractice=number("malpractice"),
        pctc=row.text(at["pctc"]),
        global_days=row.text(at["global_days"]),
        multiple=row.text(at["multiple"]),
        bilateral=row.text(at["bilateral"]),
        assistant=row.text(at["assistant"]),
        co_surgeon=row.text(at["co_surgeon"]),
        team=row.text(at["team"]),
        conversion_factor=number("factor"),
    )


def read_localities(file: BinaryIO, path: Path | str, tell: Tell = refuse) -> Iterator[Locality]:
    """Yield the localities of a GPCI table; footnotes end it.

    ``tell`` is told of a row that costs itself. Raises :class:`ReleaseFormatError`.
    """
    rows = printed_rows(file, path)
    headings = ("Medicare Administrative Contractor", "State", "Locality Number", "Locality Name")
    columns, heading = below_heading(rows, path, headings)
    indices = [at for at, cell in enumerate(heading.cells) if "GPCI" in cell]
    if len(indices) != 3:
        raise heading.error("three GPCI columns: PW, PE, MP", str(len(indices)))
    contractor, state, locality, name = (columns[text] for text in headings)

    def read(row: PrintedRow) -> Locality:
        work, practice, malpractice = (row.amount(at, heading.cells[at]) for at in indices)
        if work is None or practice is None or malpractice is None:
            raise row.error("three indices", "a blank")
        return Locality(
            row.number,
            row.text(contractor).zfill(5),
            row.text(state),
            row.text(locality).zfill(2),
            row.text(name).rstrip("* "),
            work,
            practice,
            malpractice,
        )

    stated = takewhile(lambda row: re.fullmatch(r"\d{4,5}", row.text(contractor)), rows)
    yield from each_readable(stated, read, tell)
