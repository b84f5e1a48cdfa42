"""OPPS Addendum B of CMS: a csv or workbook with prose above its heading ``HCPCS Code``.

A release replaces that of the quarter before. Blank cells hold a space or a point; rates carry ``$``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

from loaders.files.faults import Tell, refuse
from loaders.files.printed_rows import PrintedRow, below_heading, each_readable, printed_rows
from terminology.claims.tables.fee_schedule import OutpatientRate

_NAME = re.compile(r"(.*addendum[ _-]?b[ _.-].*)\.(csv|xlsx|txt)", re.IGNORECASE)
_QUARTER = re.compile(
    r"(?P<year>20\d\d)[ _.-]*(?P<month>jan|apr|jul|oct)|(?P<m2>jan|apr|jul|oct)[a-z]*[ _.-]*(?P<y2>20\d\d)",
    re.I,
)
_MONTHS = {"jan": 1, "apr": 4, "jul": 7, "oct": 10}
_CODE = re.compile(r"[A-Z0-9]{5}")
_HEADINGS = (
    "HCPCS Code",
    "Short Descriptor",
    "SI",
    "APC",
    "Relative Weight",
    "Payment Rate",
    "National Unadjusted Copayment",
    "Minimum Unadjusted Copayment",
)


def rates_quarter(name: str) -> tuple[date, date] | None:
    """Return the first and last day of the quarter in a file's name, ``None`` for any other file.

    >>> rates_quarter("opps_addendum_b_2025OCT_level2.csv")[0].isoformat()
    '2025-10-01'
    """
    quarter = _QUARTER.search(name) if _NAME.fullmatch(name) else None
    return quarter_of(quarter) if quarter else None


def quarter_of(match: re.Match[str]) -> tuple[date, date]:
    """Return the quarter that groups ``year`` and ``month`` (or ``y2`` and ``m2``) of a name say."""
    year = int(match["year"] or match["y2"])
    month = _MONTHS[(match["month"] or match["m2"]).lower()]
    following = date(year + 1, 1, 1) if month == 10 else date(year, month + 3, 1)
    return date(year, month, 1), following - timedelta(days=1)


def read_outpatient_rates(file: BinaryIO, path: Path | str, tell: Tell = refuse) -> Iterator[OutpatientRate]:
    """Yield the lines of an Addendum B; ``tell`` is told of a price or row that costs itself.

    Raises :class:`ReleaseFormatError`.
    """
    rows = printed_rows(file, path)
    columns, heading = below_heading(rows, path, _HEADINGS)
    code, title, indicator, apc, *amounts = (columns[name] for name in _HEADINGS)
    note = next((at for at, cell in enumerate(heading.cells) if cell.lower() == "note"), None)

    def read(row: PrintedRow) -> OutpatientRate:
        if not _CODE.fullmatch(row.text(code)):
            raise row.error("a HCPCS code", repr(row.text(code)[:20]), "HCPCS Code")
        weight, rate, national, minimum = (
            row.amount(at, name, tell) for at, name in zip(amounts, _HEADINGS[4:], strict=True)
        )
        return OutpatientRate(
            row.number,
            row.text(code),
            row.text(title),
            row.text(indicator),
            row.text(apc).strip("."),
            weight,
            rate,
            national,
            minimum,
            "" if note is None else row.text(note),
        )

    yield from each_readable(rows, read, tell)
