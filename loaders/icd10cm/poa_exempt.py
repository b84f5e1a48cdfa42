"""NCHS's list of ICD-10-CM codes exempt from present-on-admission reporting.

Tab-separated text: order number, code with its dot, description; the heading names the two-digit fiscal
year. Source: the zip that accompanies each fiscal year's ICD-10-CM release.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from loaders.files.delimited import delimited_rows
from loaders.files.text_lines import text_lines
from terminology.claims.tables.poa_exempt import POA_EXEMPT, PoaExempt
from terminology.codes import code_key
from terminology.edit_table import LoadedTable, loaded_table
from terminology.errors import ReleaseFormatError
from terminology.release import fiscal_year_dates

_CODE = re.compile(r"[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?")
_HEADING = re.compile(r"Ord\w*\d\d")
_YEAR = re.compile(r"FY(\d\d)", re.IGNORECASE)


def read_poa_exempt(file: BinaryIO, path: Path | str) -> Iterator[PoaExempt]:
    """Yield the codes of the list. Raises :class:`ReleaseFormatError` with the text line."""
    first = next(text_lines(file, path), None)
    order = first.text.split("\t", 1)[0] if first else ""
    if not _HEADING.fullmatch(order):
        raise ReleaseFormatError(path, 1, "a heading that begins with OrdFY and the year", repr(order[:60]))
    file.seek(0)
    for row in delimited_rows(file, path, (order, "POAexemptCode", "Description"), "\t"):
        if not _CODE.fullmatch(row.cells["POAexemptCode"]):
            raise row.fault("POAexemptCode", "an ICD-10-CM code with its dot")
        if not row.cells[order].isdecimal():
            raise row.fault(order, "an order number")
        yield PoaExempt(row.line, code_key(row.cells["POAexemptCode"]), int(row.cells[order]))


def poa_exempt_release(rows: Sequence[PoaExempt], name: str, label: str) -> LoadedTable[PoaExempt]:
    """Return the list as a release of its table; the file's name tells the fiscal year (``FY25``)."""
    year = _YEAR.search(name)
    if year is None:
        raise ReleaseFormatError(label, None, "a file name with the fiscal year, e.g. FY25", name)
    fiscal_year = 2000 + int(year[1])
    return loaded_table(POA_EXEMPT, rows, f"FY{fiscal_year}", label, fiscal_year_dates(fiscal_year))
