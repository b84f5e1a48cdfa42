"""CMS's list of not otherwise classified (NOC) HCPCS codes as comma-separated text.

One row per code: ``hcpcs,long_description,add_date,term_date``, days as ``YYYY-MM-DD``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from loaders.files.delimited import delimited_rows
from terminology.claims.tables.unlisted import UNLISTED_CODE, UnlistedCode
from terminology.edit_table import LoadedTable, loaded_table
from terminology.errors import ReleaseFormatError

COLUMNS = ("hcpcs", "long_description", "add_date", "term_date")
_CODE = re.compile(r"[A-Z]\d{4}")
_QUARTER = re.compile(r"(20\d\d)(JAN|APR|JUL|OCT)?", re.IGNORECASE)
_MONTHS = {"JAN": "01", "APR": "04", "JUL": "07", "OCT": "10"}


def read_noc_list(file: BinaryIO, path: Path | str) -> Iterator[UnlistedCode]:
    """Yield the codes of the list. Raises :class:`ReleaseFormatError` with the text line."""
    for row in delimited_rows(file, path, COLUMNS):
        if not _CODE.fullmatch(row.cells["hcpcs"]):
            raise row.fault("hcpcs", "a HCPCS Level II code")
        yield UnlistedCode(row.line, row.cells["hcpcs"], row.day("add_date"), row.day("term_date"))


def noc_release(rows: Sequence[UnlistedCode], name: str, label: str) -> LoadedTable[UnlistedCode]:
    """Return the list as a release of its table; the file's name tells year and quarter (``2024JUL``).

    Its rows carry dates, so that it answers for any day.
    """
    quarter = _QUARTER.search(name)
    if quarter is None:
        raise ReleaseFormatError(label, None, "a file name with year and quarter, e.g. 2024JUL", name)
    month = _MONTHS[(quarter[2] or "JAN").upper()]
    return loaded_table(UNLISTED_CODE, rows, f"{quarter[1]}-{month}", label)
