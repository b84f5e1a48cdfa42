"""CMS's list of not otherwise classified (NOC) HCPCS codes: its workbook, or comma-separated text.

One row per code: ``hcpcs,long_description,add_date,term_date``, days as ``YYYY-MM-DD``; the workbook
(``NOC_Codes_2019.xlsx``) has the same headings in capitals and days as ``YYYYMMDD``. The text for a printer
beside it in CMS's archive is the same table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from loaders.files.delimited import delimited_rows
from loaders.files.printed_rows import below_heading, printed_rows
from terminology.claims.tables.unlisted import UNLISTED_CODE, UnlistedCode
from terminology.edit_table import LoadedTable, loaded_table
from terminology.errors import ReleaseFormatError

COLUMNS = ("hcpcs", "long_description", "add_date", "term_date")
_CODE = re.compile(r"[A-Z]\d{4}")
_QUARTER = re.compile(r"(20\d\d)(JAN|APR|JUL|OCT)?", re.IGNORECASE)
_MONTHS = {"JAN": "01", "APR": "04", "JUL": "07", "OCT": "10"}


def read_noc_list(file: BinaryIO, path: Path | str) -> Iterator[UnlistedCode]:
    """Yield the codes of the list. Raises :class:`ReleaseFormatError` with the line or row."""
    if str(path).lower().endswith(".xlsx"):
        yield from _sheet(file, path)
        return
    for row in delimited_rows(file, path, COLUMNS):
        if not _CODE.fullmatch(row.cells["hcpcs"]):
            raise row.fault("hcpcs", "a HCPCS Level II code")
        yield UnlistedCode(row.line, row.cells["hcpcs"], row.day("add_date"), row.day("term_date"))


def _sheet(file: BinaryIO, path: Path | str) -> Iterator[UnlistedCode]:
    rows = printed_rows(file, path)
    at, _ = below_heading(rows, path, COLUMNS)
    for row in rows:
        if not row.text(at["long_description"]):
            continue  # a mark at the end of the sheet
        code = row.text(at["hcpcs"])
        if not _CODE.fullmatch(code):
            raise row.error("a HCPCS Level II code", repr(code[:40]), "hcpcs")
        begun, ended = (row.day(at[column], column) for column in ("add_date", "term_date"))
        yield UnlistedCode(row.number, code, begun, ended)


def noc_release(rows: Sequence[UnlistedCode], name: str, label: str) -> LoadedTable[UnlistedCode]:
    """Return the list as a release of its table; the file's name tells year and quarter (``2024JUL``).

    Its rows carry dates, so that it answers for any day.
    """
    quarter = _QUARTER.search(name)
    if quarter is None:
        raise ReleaseFormatError(label, None, "a file name with year and quarter, e.g. 2024JUL", name)
    month = _MONTHS[(quarter[2] or "JAN").upper()]
    return loaded_table(UNLISTED_CODE, rows, f"{quarter[1]}-{month}", label)
