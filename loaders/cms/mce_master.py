"""The diagnosis master of CMS's Medicare Code Editor, as comma-separated text.

One row per code and period: ``code,valid_from,valid_to,mce_flags``, the code without dot, days as
``YYYYMMDD``, flags separated by ``|``. Attributes change with the period. The master's horizon, the last day
of the half year the version was made for, stands where a row has no end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from loaders.files.delimited import DelimitedRow, delimited_rows
from terminology.claims.tables.mce import MCE_DIAGNOSIS, MceDiagnosis, last_day
from terminology.edit_table import LoadedTable, loaded_table
from terminology.errors import ReleaseFormatError

COLUMNS = ("code", "valid_from", "valid_to", "mce_flags")
_CODE = re.compile(r"[A-Z][0-9A-Z]{2,6}")
_VERSION = re.compile(r"[_-]v(\d{2})")


def read_mce_master(file: BinaryIO, path: Path | str) -> Iterator[MceDiagnosis]:
    """Yield the rows of the master; its horizon is read as open.

    Raises :class:`ReleaseFormatError` with the text line.
    """
    rows = [_row(each) for each in delimited_rows(file, path, COLUMNS)]
    horizon = max((row.valid_to for row in rows if row.valid_to), default=None)
    for row in rows:
        yield replace(row, valid_to=None) if row.valid_to == horizon else row


def mce_release(rows: Sequence[MceDiagnosis], name: str, label: str) -> LoadedTable[MceDiagnosis]:
    """Return the master as a release of its table; the file's name tells the editor's version (``v44``)."""
    version = _VERSION.search(name)
    if version is None:
        raise ReleaseFormatError(label, None, "a file name with the editor's version, e.g. mce_v44", name)
    return master_of_version(rows, version[1], label)


def master_of_version(
    rows: Sequence[MceDiagnosis], version: str | int, label: str
) -> LoadedTable[MceDiagnosis]:
    """Return the master of a version of the editor, which tells of days until the version's year ends."""
    first, release = min((row.valid_from for row in rows), default=None), f"v{version}"
    return loaded_table(MCE_DIAGNOSIS, rows, release, label, (first, last_day(release)))


def _row(row: DelimitedRow) -> MceDiagnosis:
    if not _CODE.fullmatch(row.cells["code"]):
        raise row.fault("code", "an ICD-10-CM code without dot")
    start, end = row.day("valid_from"), row.day("valid_to")
    if start is None:
        raise row.fault("valid_from", "a day")
    if end is None or end < start:
        raise row.fault("valid_to", "a day not before the start")
    flags = tuple(filter(None, row.cells["mce_flags"].split("|")))
    return MceDiagnosis(row.line, row.cells["code"], start, end, flags)
